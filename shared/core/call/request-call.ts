import { randomBytes } from 'node:crypto';
import { bestEffort } from '../best-effort.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { sha256 } from '../hash.ts';
import { Problem } from '../problems.ts';
import { shortId } from '../short-id.ts';
import type { CallRecord, Table } from '../table.ts';
import { advanceCall, SAME_WISH_MS } from './advance-call.ts';
import { handoverOfRequest } from './call-handover.ts';
import type { CallLimits } from './call-limits.ts';
import { answerAgain, closeIfSilent, PLACING_MS } from './call-outcome.ts';
import { type CallChange, isOver } from './call-status.ts';
import type { WishedCall } from './call-wish.ts';
import type { Language } from './languages/index.ts';
import { takeFromLimits } from './take-from-limits.ts';
import type { PlaceCall } from './telephony.ts';

/** What noting the outcome of a placed call may take. */
const NOTING_MS = 600;
/** What a call needs besides talking: ringing, and callbacks that come late. */
const MARGIN_MS = 300_000;

export interface Wish {
  /** Who wishes. */
  readonly subject: string;
  /** Who or what is counted besides the number: the visitor, their address. */
  readonly sources: readonly string[];
  /** The caller's own name for this wish. Without one a wish is subject and number while the call is open. */
  readonly key: string | undefined;
  readonly call: WishedCall;
  readonly language: Language;
}

export interface CallPorts {
  readonly table: Pick<Table, 'calls' | 'once' | 'rates'>;
  readonly placeCall: PlaceCall;
  readonly limits: CallLimits;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

const hashOf = (parts: readonly unknown[]) => sha256(JSON.stringify(parts));

const contentOf = ({ phone, conversationId, topic, name, language }: WishedCall) =>
  hashOf([phone, conversationId, topic, name, language]).toString('base64url');

/** A repeated key finds its own record again; without a key every try begins as a wish of its own. */
function requestIdOf({ subject, key }: Wish): string {
  return shortId('r', key === undefined ? randomBytes(10) : hashOf([subject, key]));
}

/** There is no call, and the one who wished was told to ask again. */
const mayBePlacedAnew = ({ status, reason }: CallRecord) => status === 'failed' && reason === 'unavailable';

/**
 * One call per wish, whatever is repeated, lost or cut off on the way. Resolves to the record when the call is under way.
 * The record is written before the call is placed, so a crash in between leaves an unknown call, never a second one.
 */
export async function requestCall(wish: Wish, ports: CallPorts): Promise<CallRecord> {
  const { table, clock } = ports;
  const requestId = requestIdOf(wish);
  const earlier = wish.key === undefined ? undefined : await table.calls.read(requestId);
  if (earlier && contentOf(earlier) !== contentOf(wish.call)) throw new Problem('idempotency_key_reused');
  if (earlier && !mayBePlacedAnew(earlier)) return again(earlier, ports);
  if (wish.key !== undefined) await claim(requestId, wish, ports);
  let open: CallRecord | undefined;
  let mayGiveBack = wish.key !== undefined;
  try {
    open = await takePlace(requestId, wish, ports);
    mayGiveBack ||= open === undefined;
    if (!open) await takeFromLimits({ ...wish, phone: wish.call.phone }, table.rates, ports.limits, clock.nowMs());
  } catch (error) {
    if (mayGiveBack) await giveBack(requestId, wish, ports);
    throw error;
  }
  if (open) return again(open, ports);
  const nowMs = clock.nowMs();
  const record: CallRecord = {
    ...wish.call,
    requestId,
    subject: wish.subject,
    status: 'calling',
    reason: undefined,
    callSid: undefined,
    handoverId: handoverOfRequest(requestId),
    dueAtMs: undefined,
    waitingSinceMs: undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    version: (earlier?.version ?? 0) + 1,
  };
  const untilMs = nowMs + ports.limits.maxMinutes * 60_000 + MARGIN_MS;
  const [isOurs] = await Promise.all([
    earlier ? table.calls.swap(earlier, record) : table.calls.create(record),
    table.calls.occupy(record.phone, requestId, nowMs, untilMs),
  ]);
  if (!isOurs) throw new Problem('in_progress', { retryAfterSec: 1 });
  return place(record, wish, ports);
}

/** The same wish once more: the answer that it had. */
async function again(record: CallRecord, { table, limits, clock }: CallPorts): Promise<CallRecord> {
  const now = await closeIfSilent(table.calls, record, limits.maxMinutes, clock);
  answerAgain(now, clock.nowMs());
  return now;
}

async function claim(requestId: string, wish: Wish, { table, clock }: CallPorts): Promise<void> {
  const claimed = await table.once.claim(onceKey(requestId), contentOf(wish.call), clock.nowMs(), PLACING_MS);
  if (claimed.is === 'other') throw new Problem('idempotency_key_reused');
  if (claimed.is !== 'mine') throw new Problem('in_progress', { retryAfterSec: 1 });
}

const onceKey = (requestId: string) => `call#${requestId}`;

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
    ...(wish.key === undefined ? [] : [once.forget(onceKey(requestId), contentOf(wish.call))]),
  ];
  await bestEffort(deadline, NOTING_MS, Promise.all(given));
}

async function place(record: CallRecord, wish: Wish, ports: CallPorts): Promise<CallRecord> {
  const { table, limits, clock, deadline } = ports;
  const { requestId, phone } = record;
  const { language } = wish;
  const note = (change: CallChange) =>
    bestEffort(deadline, NOTING_MS, advanceCall(table.calls, requestId, change, clock.nowMs()));
  const placed = await ports.placeCall({ requestId, phone, language, maxMinutes: limits.maxMinutes }, deadline);
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
