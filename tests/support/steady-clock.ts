import type { Clock } from '../../shared/core/clock.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { steadyTime } from '../../stage/steady-time.ts';

/** The machine's clock, of which only counts what this process computes and waits for: a busy machine delays nobody. */
export const steadyClock: Clock = { ...systemClock, ...steadyTime() };

/** The steady clock, passing so many times as slowly. */
export const slowed = (times: number): Clock => ({
  nowMs: steadyClock.nowMs,
  monotonicMs: () => steadyClock.monotonicMs() / times,
  after: (delayMs, then) => steadyClock.after(delayMs * times, then),
});

/** Longer than any test. */
const LONGEST_MS = 600_000;

/** Begins to measure by the steady clock. The function that is returned ends it, and says how many milliseconds it took. */
export function stopwatch(): () => number {
  // Time is looked at while somebody waits.
  const stop = steadyClock.after(LONGEST_MS, () => {});
  const startedMs = steadyClock.monotonicMs();
  return () => {
    const tookMs = steadyClock.monotonicMs() - startedMs;
    stop();
    return tookMs;
  };
}
