import type { Clock } from '../../shared/core/clock.ts';

/** A clock that a test moves. Timers fire when the time is moved past them, in order. */
export interface TestClock extends Clock {
  /** Moves wall and monotonic time. */
  advance(ms: number): void;
  /** Makes the wall clock jump; monotonic time and timers do not notice. */
  jumpTo(nowMs: number): void;
}

export function testClock(startMs = Date.UTC(2026, 0, 1, 0, 5)): TestClock {
  let wallMs = startMs;
  let elapsedMs = 0;
  const timers = new Set<{ atMs: number; then: () => void }>();
  return {
    nowMs: () => wallMs,
    monotonicMs: () => elapsedMs,
    after(delayMs, then) {
      const timer = { atMs: elapsedMs + delayMs, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      wallMs += ms;
      elapsedMs += ms;
      const due = [...timers].filter((timer) => timer.atMs <= elapsedMs).sort((a, b) => a.atMs - b.atMs);
      for (const timer of due) {
        timers.delete(timer);
        timer.then();
      }
    },
    jumpTo(nowMs) {
      wallMs = nowMs;
    },
  };
}
