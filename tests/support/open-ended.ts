import type { Deadline } from '../../shared/core/deadline.ts';
import { systemClock } from '../../shared/runtimes/system.ts';

/** A deadline that never comes. */
export const openEnded: Deadline = {
  remainingMs: () => Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  sleep: (delayMs) =>
    new Promise((resolve) => {
      systemClock.after(delayMs, resolve);
    }),
  atMost: (limitMs, work, late) =>
    Promise.race([
      work,
      openEnded.sleep(limitMs).then(() => {
        throw late();
      }),
    ]),
};
