import type { Clock } from '../clock.ts';
import { Problem } from '../problems.ts';
import type { CallRecord, CallStatus, Calls } from '../table.ts';
import { advanceCall } from './advance-call.ts';

/** Whoever places a call has answered or given up by then. Longer than the deadline of `click-to-call`. */
export const PLACING_MS = 8_000;

/** A call that nobody has heard of by then never came to be. */
const HEARD_OF_WITHIN_MS = 120_000;

const isUnheardOf = ({ status, callSid }: CallRecord) =>
  callSid === undefined && (status === 'calling' || status === 'unknown');

/** Closes a call of which nothing was heard for two minutes, without another try; leaves every other as it is. */
export async function closeIfSilent(calls: Calls, record: CallRecord, clock: Clock): Promise<CallRecord> {
  const nowMs = clock.nowMs();
  if (!isUnheardOf(record) || nowMs < record.createdAtMs + HEARD_OF_WITHIN_MS) return record;
  const closing = (now: CallRecord) =>
    isUnheardOf(now) ? ({ status: 'failed', reason: 'no_outcome' } as const) : undefined;
  return (await advanceCall(calls, record.requestId, closing, nowMs)) ?? record;
}

/** Where a call stands as its customer may be told: one that was never heard of is not `calling` for long. */
export function statusShown(record: CallRecord, nowMs: number): CallStatus {
  const isStale = record.status === 'calling' && isUnheardOf(record) && nowMs >= record.createdAtMs + PLACING_MS;
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
