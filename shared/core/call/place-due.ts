import { bestEffort } from '../best-effort.ts';
import { agentLink } from '../callers/agent-link.ts';
import type { BotParts } from '../handover/to-bot.ts';
import { Problem } from '../problems.ts';
import type { PublicUrls } from '../public-urls.ts';
import type { CallRecord, Table } from '../table.ts';
import { advanceCall } from './advance-call.ts';
import { CALL_BACK_AFTER_MS } from './call-back.ts';
import { closeIfSilent, silentFromMs } from './call-outcome.ts';
import { type CallReason, isOver } from './call-status.ts';
import { destinationOf } from './destination.ts';
import { type DueCall, lookAgainAt } from './due-calls.ts';
import { type BusinessHours, isOpen, opensAt } from './hours.ts';
import { takeWhenDue } from './take-from-limits.ts';
import type { PlaceCall, Placed, QueueCallBack } from './telephony.ts';
import { tellBot } from './tell-bot.ts';
import { openWished } from './tell-wish.ts';
import { type Placing, wantedCall } from './wanted-call.ts';

const NOTING_MS = 600;

/** Who asked for a call does not expect it any more so long after its time. */
const TOO_LATE_MS = 4 * 3_600_000;

export interface DuePorts extends Omit<BotParts, 'outbox' | 'once' | 'states' | 'transcripts' | 'reminders'> {
  readonly table: Table;
  readonly placeCall: PlaceCall;
  /** Undefined where no desk has a line for call-backs. */
  readonly queueCallBack: QueueCallBack | undefined;
  readonly placing: Placing;
  readonly hours: BusinessHours | undefined;
  /** The countries that may be called now. */
  readonly countries: readonly string[];
  readonly urls: PublicUrls;
  /** Signs the link to what is known of a caller; undefined where there is none. */
  readonly linkSecret: string | undefined;
}

type Fate = 'placed' | 'queued' | 'postponed' | 'failed' | 'nothing';

/** Takes a call that is over off the list, and tells its bot; one whose bot could not be told is looked at again. */
export async function leaveList(ended: CallRecord | undefined, due: DueCall, ports: DuePorts): Promise<void> {
  const { table, clock } = ports;
  const told = ended && (await tellBot({ ...ports, ...table }, ended, clock.nowMs()));
  if (told !== 'waiting') await table.due.remove(due.requestId, due.atMs);
}

async function end(record: CallRecord, due: DueCall, reason: CallReason, ports: DuePorts): Promise<Fate> {
  const { table, clock } = ports;
  const nowMs = clock.nowMs();
  const change = reason === 'queued' ? ({ status: 'ended', reason } as const) : ({ status: 'failed', reason } as const);
  const ended = await advanceCall(table.calls, record.requestId, change, nowMs);
  await leaveList(ended, due, ports);
  return reason === 'queued' ? 'queued' : 'failed';
}

/**
 * Whether the number is free for this call. Takes its place then, for as long as a call may last: a sweep that comes second
 * must not shorten what the first one took.
 */
async function takesPlace(record: CallRecord, { table, placing, clock }: DuePorts): Promise<boolean> {
  const { phone, requestId } = record;
  const nowMs = clock.nowMs();
  const talking = { ...record, status: 'connected', updatedAtMs: nowMs } as const;
  const untilMs = silentFromMs(talking, placing.CALL_LIMITS.maxMinutes);
  for (let round = 0; round < 2; round++) {
    const holder = await table.calls.occupy(phone, requestId, nowMs, untilMs);
    if (holder === requestId) return true;
    const held = await table.calls.read(holder);
    const now = held && (await closeIfSilent(table.calls, held, placing.CALL_LIMITS.maxMinutes, clock));
    if (!now || !isOver(now.status)) return false;
    await table.calls.vacate(phone, holder, nowMs);
  }
  return false;
}

/** What an agent sees of somebody who waits to be called back, under the names that Flex itself uses where it has one. */
function attributesOf({ requestId, phone, handoverId, topic, name, language }: CallRecord, ports: DuePorts) {
  const { linkSecret, urls, clock } = ports;
  const hasPage = linkSecret !== undefined && handoverId !== undefined;
  return {
    type: 'callback',
    direction: 'outbound',
    from: phone,
    customerAddress: phone,
    customerName: name,
    requestId,
    handoverId,
    handoverReason: 'call_back',
    handoverUrl: hasPage ? agentLink(urls, linkSecret, handoverId, clock.nowMs()) : undefined,
    topic,
    name,
    language,
  };
}

/**
 * The call that is now being placed goes back to waiting: surely nothing has come of it. `countedAtMs` is when the limits
 * counted it last.
 */
async function postpone(calling: CallRecord, { table, clock }: DuePorts, countedAtMs = clock.nowMs()): Promise<Fate> {
  const waiting = { ...calling, status: 'scheduled', updatedAtMs: countedAtMs, version: calling.version + 1 } as const;
  await table.calls.swap(calling, waiting);
  await table.calls.vacate(calling.phone, calling.requestId, clock.nowMs());
  return 'postponed';
}

/** Whether the limits allow it now. */
async function isAllowed(record: CallRecord, { table, placing, clock }: DuePorts): Promise<boolean> {
  const counted = { phone: record.phone, countedAtMs: record.updatedAtMs };
  try {
    await takeWhenDue(counted, table.rates, placing.CALL_LIMITS, clock.nowMs());
    return true;
  } catch (error) {
    // Neither when nobody can say: it is due in a minute as well.
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function outcome(placed: Placed, calling: CallRecord, due: DueCall, ports: DuePorts): Promise<Fate> {
  const { table, placing, clock } = ports;
  if (placed.is === 'unavailable') return postpone(calling, ports);
  if (placed.is === 'refused') return end(calling, due, 'refused', ports);
  const change =
    placed.is === 'done' ? ({ status: 'calling', callSid: placed.value } as const) : ({ status: 'unknown' } as const);
  const record = (await advanceCall(table.calls, due.requestId, change, clock.nowMs())) ?? calling;
  await lookAgainAt(silentFromMs(record, placing.CALL_LIMITS.maxMinutes), due, table.due);
  return placed.is === 'done' ? 'placed' : 'nothing';
}

/**
 * Places a call whose time has come: inside the hours, when its number is free, once. Who waited in the line of a desk gets
 * back there instead, in their place.
 */
export async function placeDue(record: CallRecord, due: DueCall, ports: DuePorts): Promise<Fate> {
  const { table, placing, hours, clock, deadline, queueCallBack } = ports;
  const nowMs = clock.nowMs();
  // Whoever closes a country stops what is already written down for it, too.
  if (!ports.countries.includes(destinationOf(record.phone))) return end(record, due, 'canceled', ports);
  if (nowMs >= due.atMs + TOO_LATE_MS) return end(record, due, 'expired', ports);
  if (!isOpen(hours, nowMs)) {
    const opensMs = opensAt(hours, nowMs);
    if (opensMs === undefined) return end(record, due, 'outside_hours', ports);
    await lookAgainAt(opensMs, due, table.due);
    return 'postponed';
  }
  const isInLine = record.waitingSinceMs !== undefined && queueCallBack !== undefined;
  // It was due at once for a line that is not there; and whoever was not there for them is not yet.
  const isTooSoon = record.waitingSinceMs !== undefined && nowMs < record.createdAtMs + CALL_BACK_AFTER_MS;
  if (isTooSoon && !isInLine) {
    await lookAgainAt(record.createdAtMs + CALL_BACK_AFTER_MS, due, table.due);
    return 'postponed';
  }
  // Who waits in line is rung by the desk, whenever that will be.
  if (!isInLine && !(await takesPlace(record, ports))) return 'postponed';
  const calling: CallRecord = { ...record, status: 'calling', updatedAtMs: nowMs, version: record.version + 1 };
  // Another sweep was faster, or the one who wished for it.
  if (!(await table.calls.swap(record, calling))) return 'nothing';
  if (isInLine) {
    const task = { attributes: attributesOf(record, ports), sinceMs: record.waitingSinceMs };
    const queued = await queueCallBack(task, deadline);
    if (queued.is === 'done') return end(calling, due, 'queued', ports);
    // Where the line is not as the settings say, calling the customer is better than nothing.
    if (queued.is !== 'refused') return outcome(queued, calling, due, ports);
    if (!(await takesPlace(record, ports))) return postpone(calling, ports, record.updatedAtMs);
  }
  if (!(await isAllowed(record, ports))) return postpone(calling, ports, record.updatedAtMs);
  await bestEffort(deadline, NOTING_MS, openWished(table, record, nowMs));
  return outcome(await ports.placeCall(wantedCall(placing, record), deadline), calling, due, ports);
}
