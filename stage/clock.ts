import type { Clock } from '../shared/core/clock.ts';
import { systemClock } from '../shared/runtimes/system.ts';
import { steadyTime } from './steady-time.ts';

/** The clock of functions and twins: its wall time can be moved, monotonic time is the machine's without what else it does. */
export interface StageClock extends Clock {
  moveBy(ms: number): void;
  /** The machine's time again. */
  reset(): void;
  /** Resolves when it is `atMs`, by itself or because the clock was moved. Keeps no process running. */
  until(atMs: number): Promise<void>;
  /** Calls the listener after every move. Returns a function that ends it. */
  onMove(listener: () => void): () => void;
}

/** The longest that a timer of Node can wait. */
const LONGEST_TIMER_MS = 2_147_483_647;

export function stageClock(): StageClock {
  let offsetMs = 0;
  const listeners = new Set<() => void>();
  const nowMs = () => systemClock.nowMs() + offsetMs;
  const move = (toOffsetMs: number) => {
    offsetMs = toOffsetMs;
    for (const listener of [...listeners]) listener();
  };
  const onMove: StageClock['onMove'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    ...steadyTime(),
    nowMs,
    moveBy: (ms) => move(offsetMs + ms),
    reset: () => move(0),
    onMove,
    until: (atMs) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const look = () => {
          clearTimeout(timer);
          const leftMs = atMs - nowMs();
          if (leftMs > 0) {
            timer = setTimeout(look, Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS)).unref();
            return;
          }
          end();
          resolve();
        };
        const end = onMove(look);
        look();
      }),
  };
}
