import type { Facts } from '../handover/context.ts';
import { clipped, type Line } from '../handover/line.ts';
import type { Redact } from '../handover/redaction.ts';
import type { CallRecord, Table } from '../table.ts';
import { advanceCall } from './advance-call.ts';
import { isAbout } from './call-event.ts';
import type { LegStep } from './leg-step.ts';

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

type Told = NonNullable<Facts['voicemail']>;

/** What is told of a message; undefined for what is none, unfinished, empty or failed. */
function toldIn(about: 'message' | 'transcription', form: MessageForm, redact: Redact): Told | undefined {
  const { RecordingSid: recordingSid = '', RecordingDuration = '', TranscriptionText = '' } = form;
  if (!RECORDING_SID.test(recordingSid)) return undefined;
  if (about === 'transcription') {
    const text = clipped(redact(TranscriptionText.trim()), LONGEST_TEXT_BYTES);
    return form.TranscriptionStatus === 'completed' && text !== '' ? { recordingSid, seconds: 0, text } : undefined;
  }
  const seconds = /^\d{1,5}$/.test(RecordingDuration) ? Number(RecordingDuration) : 0;
  return form.RecordingStatus === 'completed' && seconds > 0 ? { recordingSid, seconds } : undefined;
}

/** What was told, as a line: the customer's own words, or that there are some to be heard. */
function lineOf({ recordingSid, seconds, text }: Told): Pick<Line, 'by' | 'text' | 'id'> {
  if (text !== undefined) return { by: 'customer', text, id: `${recordingSid}-said` };
  return { by: 'system', text: `The customer left a message of ${seconds} s`, id: `${recordingSid}-message` };
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
  redact: Redact,
): Promise<boolean> {
  const told = toldIn(about, form, redact);
  if (!told) return false;
  const record = at.request === undefined ? undefined : await table.calls.read(at.request);
  if (at.request !== undefined && !(record && isAbout(callSid, record))) return false;
  const handoverId = record?.handoverId ?? at.handover;
  if (handoverId === undefined) return false;
  const conversationId = record?.conversationId ?? handoverId;
  const learned = (now: CallRecord) =>
    isAbout(callSid, now) ? ({ status: 'voicemail', callSid } as const) : undefined;
  await Promise.all([
    record && advanceCall(table.calls, record.requestId, learned, nowMs),
    // A source of its own for each: they come in any order, and none takes the place of the other.
    table.contexts.tell(handoverId, about === 'message' ? 'voicemail' : 'transcription', { voicemail: told }, nowMs),
    table.transcripts.add(conversationId, { ...lineOf(told), atMs: nowMs }),
  ]);
  return true;
}
