import { Problem } from '../problems.ts';
import type { CallRecord, Calls } from '../table.ts';
import { type CallChange, isOver, progressed } from './call-status.ts';

/** Who asks again so soon after a call has ended means that call. */
export const SAME_WISH_MS = 30_000;

const ROUNDS = 8;

/**
 * Notes what was learned of a call, and when it is over frees the place of its number. Resolves to the record as it is
 * then; undefined when there is none. Repeating is harmless. Throws `state_unavailable`.
 */
export async function advanceCall(
  calls: Calls,
  requestId: string,
  change: CallChange | ((record: CallRecord) => CallChange | undefined),
  nowMs: number,
): Promise<CallRecord | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const record = await calls.read(requestId);
    if (!record) return undefined;
    const learned = typeof change === 'function' ? change(record) : change;
    const next = learned && progressed(record, learned, nowMs);
    if (next && !(await calls.swap(record, next))) continue;
    const now = next ?? record;
    if (isOver(now.status)) await calls.vacate(now.phone, requestId, now.updatedAtMs + SAME_WISH_MS);
    return now;
  }
  throw new Problem('state_unavailable', { reason: 'call record contended' });
}
