import type { Deadline } from './deadline.ts';
import { Problem } from './problems.ts';

/**
 * Settles like `work`, or rejects with `state_unavailable` as soon as only `reserveMs` of the deadline are left: whoever
 * waits for the table keeps the time to do without it.
 */
export function inTime<T>(deadline: Deadline, reserveMs: number, work: Promise<T>): Promise<T> {
  const late = () => new Problem('state_unavailable', { reason: 'the table is slow' });
  return deadline.atMost(Math.max(0, deadline.remainingMs() - reserveMs), work, late);
}

/** A deadline that ends `reserveMs` earlier, for a call after which something must still be written. */
export function earlier(deadline: Deadline, reserveMs: number): Deadline {
  const { sleep, atMost } = deadline;
  return {
    sleep,
    atMost,
    remainingMs: () => Math.max(0, deadline.remainingMs() - reserveMs),
    get signal() {
      return deadline.signal;
    },
  };
}
