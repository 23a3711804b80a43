import { ownParameter } from '../call/own-parameter.ts';
import { isPhoneNumber } from '../call/phone-number.ts';
import { OUTSIDE_FLOW } from '../call/to-person.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { Redact } from '../handover/redaction.ts';
import type { Inbound } from '../inbound.ts';
import type { Notes } from '../log.ts';
import type { Table } from '../table.ts';
import type { SpokenInput } from './spoken-input.ts';
import type { VoiceBotRef, VoiceBots, VoiceCaller } from './voice-bot.ts';
import type { VoiceChannel } from './voice-channel.ts';

/**
 * What Twilio gives as the number of who withholds theirs: the words ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
 * UNAVAILABLE on the keys of a phone, so they look like numbers. Many people share each.
 */
const WITHHELD = ['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253'];

/** Where in a call a request stands. */
export interface PlaceInCall {
  readonly turn: number;
  /** When the call began. */
  readonly atMs: number;
  /** What its first request said of the number. */
  readonly isAttested: boolean;
}

/**
 * Who calls. Twilio tells what the network says of a number when the call comes in, and promises no more; later turns have
 * it from our own URL.
 */
export function voiceCallerOf(
  form: { readonly From: string | undefined; readonly StirVerstat: string | undefined },
  place: PlaceInCall | undefined,
): VoiceCaller {
  const isShown = isPhoneNumber(form.From) && !WITHHELD.includes(form.From);
  const isAttested = place ? place.isAttested : form.StirVerstat === 'TN-Validation-Passed-A';
  return { phone: isShown ? form.From : undefined, isAttested: isShown && isAttested };
}

/** Where in a call a request stands, as our own URL says; undefined for one that begins, or says nothing readable. */
export function placeInCall(inbound: Inbound): PlaceInCall | undefined {
  const [turn = '', at = ''] = ['turn', 'at'].map((name) => ownParameter(inbound, name));
  const isReadable = /^[1-9]\d{0,3}$/.test(turn) && /^\d{13}$/.test(at);
  if (!isReadable) return undefined;
  return { turn: Number(turn), atMs: Number(at), isAttested: ownParameter(inbound, 'attested') === 'on' };
}

/** The URL of a turn. All that it says is signed. */
export function turnUrl(url: string, { turn, atMs, isAttested }: PlaceInCall, isOutsideFlow: boolean): string {
  const attested = isAttested ? '&attested=on' : '';
  return `${url}?turn=${turn}&at=${atMs}${attested}${isOutsideFlow ? `&${OUTSIDE_FLOW}` : ''}`;
}

/** One request of Twilio for a turn of a call with a bot. */
export interface VoiceCall {
  readonly voice: VoiceChannel;
  readonly redact: Redact;
  readonly bots: VoiceBots;
  /** The bot that calls begin with. */
  readonly firstBot: VoiceBotRef;
  readonly table: Table;
  readonly caller: VoiceCaller;
  readonly callSid: string;
  readonly handoverId: string;
  readonly place: PlaceInCall | undefined;
  readonly input: SpokenInput;
  readonly deadline: Deadline;
  readonly clock: Clock;
  note(notes: Notes): void;
}
