import { bestEffort } from '../best-effort.ts';
import { Problem } from '../problems.ts';
import type { CallRecord } from '../table.ts';
import { isOver } from './call-status.ts';
import { refuseTime } from './call-time.ts';
import { takeFromLimits } from './take-from-limits.ts';
import { tellWish } from './tell-wish.ts';
import { type CallPorts, contentOf, contentOfRecord, recordOf, refuseClosed, requestIdOf, type Wish } from './wish.ts';

const NOTING_MS = 600;

/** How often one customer may have cancelled the same number at the same time, and wish for it again. */
const MOST_TRIES = 8;

/**
 * Writes a call down that is wanted at a time: one per wish, whatever is repeated. Resolves to the record that stands for
 * it. Throws `invalid_at`, `closed`, `rate_limited`, `idempotency_key_reused`.
 */
export async function scheduleCall(wish: Wish, atMs: number, ports: CallPorts): Promise<CallRecord> {
  const { table, limits, hours, clock, deadline } = ports;
  const content = contentOf(wish.call);
  for (let again = 0; again < MOST_TRIES; again++) {
    const nowMs = clock.nowMs();
    const requestId = requestIdOf(wish, again);
    const earlier = await table.calls.read(requestId);
    if (earlier && wish.key !== undefined && contentOfRecord(earlier) !== content)
      throw new Problem('idempotency_key_reused');
    if (earlier && (wish.key !== undefined || !isOver(earlier.status))) return earlier;
    if (earlier) continue;
    refuseTime(atMs, nowMs);
    refuseClosed(hours, atMs);
    await takeFromLimits({ ...wish, phone: wish.call.phone }, table.rates, limits, nowMs);
    const record = recordOf(wish, requestId, nowMs);
    // First the pointer: a record without one would be forgotten.
    await table.due.add(requestId, atMs);
    const [isOurs] = await Promise.all([
      table.calls.create(record),
      bestEffort(deadline, NOTING_MS, tellWish(table, record, nowMs)),
    ]);
    if (isOurs) return record;
    // Somebody else was faster with the same wish, or in one instant with another of this name.
    const theirs = await table.calls.read(requestId);
    if (theirs && contentOfRecord(theirs) === content) return theirs;
    throw new Problem('idempotency_key_reused');
  }
  throw new Problem('rate_limited', { reason: 'cancelled too often', retryAfterSec: 60 });
}
