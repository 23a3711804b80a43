import type { Clock } from '../../shared/core/clock.ts';

/**
 * A clock that runs by itself: whenever nothing else is left to do it jumps to the next timer. What waits for hours in the
 * world waits for nothing here, and in the same order each time.
 */
export interface RunningClock extends Clock {
  /** Resolves after so much of its time. */
  sleep(ms: number): Promise<void>;
}

export function runningClock(startMs = Date.UTC(2026, 0, 1, 0, 5)): RunningClock {
  let elapsedMs = 0;
  let pumping = false;
  const timers = new Set<{ readonly atMs: number; readonly then: () => void }>();

  function pump(): void {
    const [next] = [...timers].sort((a, b) => a.atMs - b.atMs);
    if (!next) {
      pumping = false;
      return;
    }
    timers.delete(next);
    elapsedMs = Math.max(elapsedMs, next.atMs);
    next.then();
    setImmediate(pump);
  }

  function after(delayMs: number, then: () => void): () => void {
    const timer = { atMs: elapsedMs + Math.max(0, delayMs), then };
    timers.add(timer);
    if (!pumping) {
      pumping = true;
      setImmediate(pump);
    }
    return () => timers.delete(timer);
  }

  const sleep = (ms: number) => new Promise<void>((resolve) => after(ms, resolve));
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after,
    sleep,
  };
}
