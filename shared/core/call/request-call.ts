import { bestEffort } from '../best-effort.ts';
import { Problem } from '../problems.ts';
import type { CallRecord } from '../table.ts';
import { advanceCall, SAME_WISH_MS } from './advance-call.ts';
import { answerAgain, closeIfSilent, PLACING_MS, silentFromMs } from './call-outcome.ts';
import { type CallChange, isOver } from './call-status.ts';
import { takeFromLimits } from './take-from-limits.ts';
import { openWished, tellWish } from './tell-wish.ts';
import { wantedCall } from './wanted-call.ts';
import {
  type CallPorts,
  contentOf,
  contentOfRecord,
  placingKey,
  recordOf,
  refuseClosed,
  requestIdOf,
  type Wish,
} from './wish.ts';

/** What noting the outcome of a placed call may take. */
const NOTING_MS = 600;

/** There is no call, and the one who wished was told to ask again. */
const mayBePlacedAnew = ({ status, reason }: CallRecord) => status === 'failed' && reason === 'unavailable';

/**
 * One call per wish, whatever is repeated, lost or cut off on the way. Resolves to the record when the call is under way.
 * The record is written before the call is placed, so a crash in between leaves an unknown call, never a second one.
 */
export async function requestCall(wish: Wish, ports: CallPorts): Promise<CallRecord> {
  const { table, clock, limits, hours } = ports;
  const requestId = requestIdOf(wish);
  const earlier = wish.key === undefined ? undefined : await table.calls.read(requestId);
  if (earlier && contentOfRecord(earlier) !== contentOf(wish.call)) throw new Problem('idempotency_key_reused');
  if (earlier && !mayBePlacedAnew(earlier)) return again(earlier, ports);
  if (wish.key !== undefined) await claim(requestId, wish, ports);
  let open: CallRecord | undefined;
  let mayGiveBack = wish.key !== undefined;
  try {
    open = await takePlace(requestId, wish, ports);
    mayGiveBack ||= open === undefined;
    if (!open) {
      refuseClosed(hours, clock.nowMs());
      await takeFromLimits({ ...wish, phone: wish.call.phone }, table.rates, limits, clock.nowMs());
    }
  } catch (error) {
    if (mayGiveBack) await giveBack(requestId, wish, ports);
    throw error;
  }
  if (open) return again(open, ports);
  const record = recordOf(wish, requestId, clock.nowMs());
  const isOurs = await writeDown(earlier ? { ...record, version: earlier.version + 1 } : record, earlier, ports);
  if (!isOurs) throw new Problem('in_progress', { retryAfterSec: 1 });
  return place(record, wish, ports);
}

/** False when somebody else was faster. What an agent should know is told as well as it can be. */
async function writeDown(record: CallRecord, earlier: CallRecord | undefined, ports: CallPorts): Promise<boolean> {
  const { table, clock, deadline, limits } = ports;
  const { requestId, phone } = record;
  const nowMs = clock.nowMs();
  // While it is placed it may be heard of; from then on it lasts no longer than this.
  const untilMs = silentFromMs({ ...record, status: 'connected' }, limits.maxMinutes);
  const [isOurs] = await Promise.all([
    earlier ? table.calls.swap(earlier, record) : table.calls.create(record),
    table.calls.occupy(phone, requestId, nowMs, untilMs),
    // Whoever looks then closes it, if nothing was heard of it.
    table.due.add(requestId, silentFromMs(record, limits.maxMinutes)),
    bestEffort(deadline, NOTING_MS, Promise.all([tellWish(table, record, nowMs), openWished(table, record, nowMs)])),
  ]);
  return isOurs;
}

/** The same wish once more: the answer that it had. */
async function again(record: CallRecord, { table, limits, clock }: CallPorts): Promise<CallRecord> {
  const now = await closeIfSilent(table.calls, record, limits.maxMinutes, clock);
  answerAgain(now, clock.nowMs());
  return now;
}

async function claim(requestId: string, wish: Wish, { table, clock }: CallPorts): Promise<void> {
  const claimed = await table.once.claim(placingKey(requestId), contentOf(wish.call), clock.nowMs(), PLACING_MS);
  if (claimed.is === 'other') throw new Problem('idempotency_key_reused');
  if (claimed.is !== 'mine') throw new Problem('in_progress', { retryAfterSec: 1 });
}

/** Takes the one place of the number. Resolves to the open call that this wish already is, if it is one. */
async function takePlace(
  requestId: string,
  wish: Wish,
  { table, limits, clock }: CallPorts,
): Promise<CallRecord | undefined> {
  const { calls } = table;
  const { phone } = wish.call;
  for (let round = 0; round < 2; round++) {
    const nowMs = clock.nowMs();
    const holder = await calls.occupy(phone, requestId, nowMs, nowMs + PLACING_MS);
    if (holder === requestId) return undefined;
    const held = await calls.read(holder);
    if (!held) break;
    const record = await closeIfSilent(calls, held, limits.maxMinutes, clock);
    const isOpen = !isOver(record.status);
    const isSameWish = wish.key === undefined && record.subject === wish.subject;
    if (isSameWish && (isOpen || nowMs < record.updatedAtMs + SAME_WISH_MS)) return record;
    if (isOpen) throw new Problem('rate_limited', { reason: 'number in a call', retryAfterSec: 30 });
    await calls.vacate(phone, holder, nowMs);
  }
  throw new Problem('in_progress', { retryAfterSec: 1 });
}

/** After something that had no effect: the same wish may come again at once. */
async function giveBack(requestId: string, wish: Wish, { table, clock, deadline }: CallPorts): Promise<void> {
  const { once, calls } = table;
  const given = [
    calls.vacate(wish.call.phone, requestId, clock.nowMs()),
    ...(wish.key === undefined ? [] : [once.forget(placingKey(requestId), contentOf(wish.call))]),
  ];
  await bestEffort(deadline, NOTING_MS, Promise.all(given));
}

async function place(record: CallRecord, wish: Wish, ports: CallPorts): Promise<CallRecord> {
  const { table, clock, deadline, placing } = ports;
  const { requestId } = record;
  const note = (change: CallChange) =>
    bestEffort(deadline, NOTING_MS, advanceCall(table.calls, requestId, change, clock.nowMs()));
  const placed = await ports.placeCall(wantedCall(placing, record), deadline);
  switch (placed.is) {
    case 'done':
      await note({ status: 'calling', callSid: placed.value });
      return record;
    case 'refused':
      await note({ status: 'failed', reason: 'refused' });
      await giveBack(requestId, wish, ports);
      throw new Problem('telephony_refused');
    case 'unavailable':
      await note({ status: 'failed', reason: 'unavailable' });
      await giveBack(requestId, wish, ports);
      throw new Problem('telephony_unavailable', { retryAfterSec: placed.retryAfterSec });
    case 'unknown': {
      const noted = await note({ status: 'unknown' });
      // A callback may have named the call in the meantime.
      if (noted?.callSid !== undefined) return noted;
      throw new Problem('call_state_unknown', { extra: { requestId } });
    }
  }
}
