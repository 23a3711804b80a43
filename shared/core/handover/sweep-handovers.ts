import { sweepEach } from '../sweep-each.ts';
import { type AttendParts, attend } from './attend.ts';

/** Of one sweep; who comes after them is there in a minute. */
const MOST_CONVERSATIONS = 400;
const SIDE_BY_SIDE = 8;
/** What one conversation may take: a try on each side, and the table around it. */
const ENOUGH_MS = 4_000;

/** What became of the conversations that were looked at, by how many. */
export interface SweptHandovers {
  attended: number;
  /** Words and ends that reached the other side, which they had not when they were said. */
  redelivered: number;
  /** Handovers that were over: nobody had said anything, or the desk was gone. */
  ended: number;
  /** There was no time for them, or the table failed. */
  left: number;
}

/**
 * Looks after the conversations whose time has come. Any number of sweeps may run at once. Throws `state_unavailable` when
 * the table does not say which.
 */
export async function sweepHandovers(parts: AttendParts): Promise<SweptHandovers> {
  const { table, clock, deadline } = parts;
  const swept: SweptHandovers = { attended: 0, redelivered: 0, ended: 0, left: 0 };
  await sweepEach({
    due: await table.reminders.due(clock.nowMs(), MOST_CONVERSATIONS),
    sideBySide: SIDE_BY_SIDE,
    enoughMs: ENOUGH_MS,
    deadline,
    async look(reminder) {
      const { redelivered, hasEnded } = await attend(parts, reminder);
      swept.attended++;
      swept.redelivered += redelivered;
      if (hasEnded) swept.ended++;
    },
    leave() {
      swept.left++;
    },
  });
  return swept;
}
