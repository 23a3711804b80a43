import { Problem } from '../problems.ts';
import type { CallRecord, Calls } from '../table.ts';
import { advanceCall } from './advance-call.ts';

/**
 * Cancels a call whose time has not come. Resolves to the record; cancelling again is harmless. Throws `not_cancelable`
 * for any other.
 */
export async function cancelCall(calls: Calls, { requestId }: CallRecord, nowMs: number): Promise<CallRecord> {
  const canceled = { status: 'failed', reason: 'canceled' } as const;
  // Only one of this and of placing the call happens: both are conditional on the record as it was.
  const record = await advanceCall(
    calls,
    requestId,
    (now) => (now.status === 'scheduled' ? canceled : undefined),
    nowMs,
  );
  if (record?.reason !== 'canceled' || record.callSid !== undefined) throw new Problem('not_cancelable');
  return record;
}
