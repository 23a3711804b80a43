import type { Clock } from '../clock.ts';
import { Problem } from '../problems.ts';
import type { CallRecord, CallStatus, Calls } from '../table.ts';
import { advanceCall } from './advance-call.ts';
import { type CallChange, isOver } from './call-status.ts';

/** Whoever places a call has answered or given up by then. Longer than the deadline of `click-to-call`. */
export const PLACING_MS = 8_000;

/** A call that nobody has heard of by then never came to be. */
const HEARD_OF_WITHIN_MS = 120_000;

/** After the longest that a call may last: ringing, and callbacks that come late. */
const MARGIN_MS = 300_000;

/** From then on a record of a call that is not over says that nothing more will be heard of it. */
export function silentFromMs(record: CallRecord, maxMinutes: number): number {
  const waitMs = isUnheardOf(record) ? HEARD_OF_WITHIN_MS : maxMinutes * 60_000 + MARGIN_MS;
  return record.updatedAtMs + waitMs;
}

const isUnheardOf = ({ status, callSid }: CallRecord) =>
  callSid === undefined && (status === 'calling' || status === 'unknown');

/** What a call has come to of which nothing more will be heard; undefined while something may be. */
function silentEnd(record: CallRecord, maxMinutes: number, nowMs: number): CallChange | undefined {
  if (isOver(record.status) || record.status === 'scheduled') return undefined;
  if (nowMs < silentFromMs(record, maxMinutes)) return undefined;
  return { status: isUnheardOf(record) ? 'failed' : 'ended', reason: 'no_outcome' };
}

/**
 * Closes, without another try, a call that was never heard of within two minutes, and one of whose end nothing was heard
 * although it cannot last any longer; leaves every other as it is. `maxMinutes` is the longest that a call may last.
 */
export async function closeIfSilent(
  calls: Calls,
  record: CallRecord,
  maxMinutes: number,
  clock: Clock,
): Promise<CallRecord> {
  const nowMs = clock.nowMs();
  if (silentEnd(record, maxMinutes, nowMs) === undefined) return record;
  const closing = (now: CallRecord) => silentEnd(now, maxMinutes, nowMs);
  return (await advanceCall(calls, record.requestId, closing, nowMs)) ?? record;
}

/** Where a call stands as its customer may be told: one that was never heard of is not `calling` for long. */
export function statusShown(record: CallRecord, nowMs: number): CallStatus {
  const isStale = record.status === 'calling' && isUnheardOf(record) && nowMs >= record.updatedAtMs + PLACING_MS;
  return isStale ? 'unknown' : record.status;
}

/** What was answered to the wish that made this record: throws the problem, or returns when the call was placed. */
export function answerAgain(record: CallRecord, nowMs: number): void {
  if (record.callSid !== undefined) return;
  if (record.reason === 'refused') throw new Problem('telephony_refused');
  if (record.reason === 'unavailable') throw new Problem('telephony_unavailable', { retryAfterSec: 5 });
  if (statusShown(record, nowMs) === 'calling') throw new Problem('in_progress', { retryAfterSec: 1 });
  throw new Problem('call_state_unknown', { extra: { requestId: record.requestId } });
}
