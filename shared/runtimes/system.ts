import type { Clock } from '../core/clock.ts';

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Touching `performance` loads its whole module: 1 ms of every cold start.
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};
