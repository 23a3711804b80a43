import { sweepEach } from '../sweep-each.ts';
import { closeIfSilent, silentFromMs } from './call-outcome.ts';
import { isOver } from './call-status.ts';
import { type DueCall, lookAgainAt } from './due-calls.ts';
import { type DuePorts, leaveList, placeDue } from './place-due.ts';

/** Of one sweep; who comes after them is there in a minute. */
const MOST_CALLS = 200;
const SIDE_BY_SIDE = 4;
/** What placing one call may take. */
const ENOUGH_MS = 4_500;
/** A pointer is written just before the record it points at. */
const RECORD_FOLLOWS_WITHIN_MS = 60_000;

/** What became of the calls that were looked at, by how many. */
export interface Swept {
  /** Customers are being called. */
  placed: number;
  /** They wait at the desk, in their place in line. */
  queued: number;
  /** They will be tried again: at the next opening, when the number is free, when Twilio can be reached. */
  postponed: number;
  /** Calls that will not be placed. */
  failed: number;
  /** Calls of whose end nothing had been heard. */
  closed: number;
  /** There was no time for them, or the table failed. */
  left: number;
}

type Fate = keyof Swept | 'nothing';

/** A call under way or over: closed when nothing more will be heard of it, and its bot told. */
async function lookAt(due: DueCall, ports: DuePorts): Promise<Fate> {
  const { table, placing, clock } = ports;
  const { maxMinutes } = placing.CALL_LIMITS;
  const found = await table.calls.read(due.requestId);
  const nowMs = clock.nowMs();
  if (!found) {
    if (nowMs >= due.atMs + RECORD_FOLLOWS_WITHIN_MS) await table.due.remove(due.requestId, due.atMs);
    return 'nothing';
  }
  if (found.status === 'scheduled') return placeDue(found, due, ports);
  const record = await closeIfSilent(table.calls, found, maxMinutes, clock);
  if (!isOver(record.status)) {
    await lookAgainAt(silentFromMs(record, maxMinutes), due, table.due);
    return 'nothing';
  }
  await leaveList(record, due, ports);
  return record.version === found.version ? 'nothing' : 'closed';
}

/**
 * Places the calls whose time has come, and ends those of which nothing more will be heard. Any number of sweeps may run
 * at once: of each call one of them is the first to change the record, and only that one goes on. Throws
 * `state_unavailable` when the table does not say what is due.
 */
export async function sweepCalls(ports: DuePorts): Promise<Swept> {
  const { table, clock, deadline } = ports;
  const swept: Swept = { placed: 0, queued: 0, postponed: 0, failed: 0, closed: 0, left: 0 };
  await sweepEach({
    due: await table.due.until(clock.nowMs(), MOST_CALLS),
    sideBySide: SIDE_BY_SIDE,
    enoughMs: ENOUGH_MS,
    deadline,
    async look(due) {
      const fate = await lookAt(due, ports);
      if (fate !== 'nothing') swept[fate]++;
    },
    leave() {
      swept.left++;
    },
  });
  return swept;
}
