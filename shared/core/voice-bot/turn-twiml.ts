import { toPerson, type Ways } from '../call/to-person.ts';
import { twiml, type Verb, verb } from '../call/twiml.ts';
import { cutAtWord } from '../cut-at-word.ts';
import { keyOfChoice } from './picked-choice.ts';
import { speechTimeoutOf } from './turn-time.ts';
import type { Saying, VoiceBotRef } from './voice-bot.ts';
import type { VoiceChannel } from './voice-channel.ts';
import type { TurnAnswer } from './voice-turns.ts';
import { channelIn } from './words/index.ts';

/**
 * Of one `<Say>`: a text of the widest characters is then 4,500 long in a URL, the most that Twilio speaks; voices of Polly
 * take 3,000. Warning 13521, read 2026-11-28.
 */
const MAX_SAY = 500;
/** Below the 64 kB that TwiML may have (error 11750). */
const MAX_BYTES = 60_000;

/** A text in pieces that may each be said, cut between two words where there are some. */
function pieces(text: string): readonly string[] {
  if (text.length <= MAX_SAY) return [text];
  const first = cutAtWord(text, MAX_SAY);
  return [first, ...pieces(text.slice(first.length).trimStart())];
}

/** What is said, as TwiML. */
export function spoken(says: readonly Saying[], { say }: VoiceChannel): readonly Verb[] {
  return says.flatMap((saying) =>
    'text' in saying
      ? pieces(saying.text).map((piece) => verb('Say', { ...say }, piece))
      : [verb('Pause', { length: saying.pauseSec })],
  );
}

function choicesSaid({ choices = [], listens }: TurnAnswer, { language }: VoiceChannel): readonly Saying[] {
  const { words } = channelIn(language);
  const texts = choices.map(({ title }, place) => words.choice(title, keyOfChoice(place, listens)));
  return texts.length === 0 ? [] : [{ text: texts.join(' ') }];
}

/** Commas separate hints, and each may be as long as Twilio takes it. */
function hintsOf({ choices = [], listens }: TurnAnswer, { hints }: VoiceChannel): string | undefined {
  const all = [...choices.map(({ title }) => title), ...(listens?.hints ?? []), ...hints];
  const usable = all.map((hint) =>
    hint
      .replace(/[,<>&"]/g, ' ')
      .replace(/ +/g, ' ')
      .trim()
      .slice(0, 100),
  );
  const distinct = [...new Set(usable)].filter((hint) => hint !== '').slice(0, 500);
  return distinct.length === 0 ? undefined : distinct.join(', ');
}

/** Where a turn leads on to. */
interface Onward extends Ways {
  readonly voice: VoiceChannel;
  /** The bot that the caller talks to. */
  readonly bot: VoiceBotRef;
  /** The handover that a person gets; undefined where the call has no SID. */
  readonly handoverId: string | undefined;
  /** The key of what was said at Watson, where a bot knows it: for the flow, as from a call of Watson's own. */
  readonly sessionHistoryKey: string | undefined;
  /** The URL of the next turn. */
  readonly next: string;
}

function listening(answer: TurnAnswer, { voice, bot, next }: Onward, hints: string | undefined): Verb {
  const { for: wanted = 'words', mostKeys } = answer.listens ?? {};
  return verb(
    'Gather',
    {
      input: ['speech', 'dtmf'],
      action: next,
      method: 'POST',
      ...voice.gather,
      speechTimeout: speechTimeoutOf(voice, bot, answer.listens),
      hints,
      // Silence is a turn, too.
      actionOnEmptyResult: true,
      // One key ends by itself, so that star and pound are keys; several are ended by pound.
      ...(wanted === 'keys' ? { finishOnKey: '#', numDigits: mostKeys } : { finishOnKey: '', numDigits: 1 }),
    },
    ...spoken([...answer.says, ...choicesSaid(answer, voice)], voice),
  );
}

/** Sends a caller on to a person, who is told whether the bot wanted that or failed. */
export function onToPerson(
  ways: Ways,
  handoverId: string | undefined,
  hasFailed: boolean,
  sessionHistoryKey?: string,
): Verb {
  const HandoverReason = hasFailed ? 'assistant_failed' : 'assistant_transfer';
  return toPerson(ways, { HandoverId: handoverId, HandoverReason, SessionHistoryKey: sessionHistoryKey });
}

/** A turn as TwiML: nothing in it but what it says, where to go on, or a person. */
export function turnTwiml(answer: TurnAnswer, onward: Onward): string {
  const says = spoken(answer.says, onward.voice);
  switch (answer.next) {
    case 'hang-up':
      return twiml(...says, verb('Hangup'));
    case 'go-on':
      return twiml(...says, verb('Redirect', { method: 'POST' }, onward.next));
    case 'person': {
      const { handoverId, sessionHistoryKey } = onward;
      return twiml(...says, onToPerson(onward, handoverId, answer.reason === 'bot_failed', sessionHistoryKey));
    }
    case 'listen': {
      const whole = twiml(listening(answer, onward, hintsOf(answer, onward.voice)));
      // Hints are a help to the recogniser, and what is said is needed.
      return Buffer.byteLength(whole) <= MAX_BYTES ? whole : twiml(listening(answer, onward, undefined));
    }
  }
}
