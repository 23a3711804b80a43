import type { Facts } from '../handover/context.ts';
import { clipped } from '../handover/line.ts';
import type { CallRecord, Table } from '../table.ts';
import { advanceCall } from './advance-call.ts';
import { isAbout } from './call-event.ts';
import type { LegStep } from './leg-step.ts';

/** Two messages of one call are told of at nearly the same time: each looks again whether the other was overwritten. */
const ROUNDS = 4;
const LONGEST_TEXT_BYTES = 8_000;

const RECORDING_SID = /^RE[0-9a-f]{32}$/;

/** What Twilio tells of a message: that it was recorded, or what was said in it. */
export interface MessageForm {
  readonly RecordingSid: string | undefined;
  readonly RecordingStatus: string | undefined;
  readonly RecordingDuration: string | undefined;
  readonly TranscriptionStatus: string | undefined;
  readonly TranscriptionText: string | undefined;
}

type Voicemail = NonNullable<Facts['voicemail']>;
type Told = Pick<Voicemail, 'recordingSid'> & Partial<Voicemail>;

/** What is told of a message; undefined for what is none, unfinished, empty or failed. */
function toldIn(about: 'message' | 'transcription', form: MessageForm): Told | undefined {
  const { RecordingSid: recordingSid = '', RecordingDuration = '', TranscriptionText = '' } = form;
  if (!RECORDING_SID.test(recordingSid)) return undefined;
  if (about === 'transcription') {
    const text = clipped(TranscriptionText.trim(), LONGEST_TEXT_BYTES);
    return form.TranscriptionStatus === 'completed' && text !== '' ? { recordingSid, text } : undefined;
  }
  const seconds = /^\d{1,5}$/.test(RecordingDuration) ? Number(RecordingDuration) : 0;
  return form.RecordingStatus === 'completed' && seconds > 0 ? { recordingSid, seconds } : undefined;
}

/** What is known after something was told; undefined when that changes nothing. */
function merged(known: Voicemail | undefined, told: Told): Voicemail | undefined {
  // Of an older message only its line is kept.
  if (known && known.recordingSid !== told.recordingSid && told.seconds === undefined) return undefined;
  const same = known?.recordingSid === told.recordingSid ? known : { seconds: 0 };
  const next: Voicemail = { ...same, ...told };
  return known && JSON.stringify(known) === JSON.stringify({ ...known, ...next }) ? undefined : next;
}

async function keepFact({ contexts }: Pick<Table, 'contexts'>, handoverId: string, told: Told, nowMs: number) {
  for (let round = 0; round < ROUNDS; round++) {
    const known = (await contexts.read(handoverId))?.facts.voicemail;
    const next = merged(known, told);
    if (!next) return;
    await contexts.tell(handoverId, 'voicemail', { voicemail: next }, nowMs + round);
  }
}

/**
 * Keeps a message that a caller has left: as a fact of the handover, as lines of the transcript, as the end of the call.
 * The recording itself stays with Twilio. False when there is nothing to keep, or nobody knows the call. Repeating is
 * harmless, and what is told of one message may come in any order.
 */
export async function keepMessage(
  table: Pick<Table, 'calls' | 'contexts' | 'transcripts'>,
  at: Pick<LegStep, 'request' | 'handover'>,
  callSid: string,
  about: 'message' | 'transcription',
  form: MessageForm,
  nowMs: number,
): Promise<boolean> {
  const told = toldIn(about, form);
  if (!told) return false;
  const record = at.request === undefined ? undefined : await table.calls.read(at.request);
  if (at.request !== undefined && !(record && isAbout(callSid, record))) return false;
  const handoverId = record?.handoverId ?? at.handover;
  if (handoverId === undefined) return false;
  const conversationId = record?.conversationId ?? handoverId;
  const lines = [
    ...(told.seconds === undefined
      ? []
      : [
          {
            by: 'system' as const,
            text: `The customer left a message of ${told.seconds} s`,
            id: `${told.recordingSid}-message`,
          },
        ]),
    ...(told.text === undefined ? [] : [{ by: 'customer' as const, text: told.text, id: `${told.recordingSid}-said` }]),
  ];
  const learned = (now: CallRecord) =>
    isAbout(callSid, now) ? ({ status: 'voicemail', callSid } as const) : undefined;
  await Promise.all([
    record && advanceCall(table.calls, record.requestId, learned, nowMs),
    keepFact(table, handoverId, told, nowMs),
    ...lines.map((line) => table.transcripts.add(conversationId, { ...line, atMs: nowMs })),
  ]);
  return true;
}
