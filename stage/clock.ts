import type { Clock } from '../shared/core/clock.ts';
import { systemClock } from '../shared/runtimes/system.ts';

/** The functions' clock: its wall time can be moved, monotonic time stays that of the machine. */
export interface StageClock extends Clock {
  moveBy(ms: number): void;
  /** It is `nowMs` now, and goes on from there. */
  moveTo(nowMs: number): void;
  /** The machine's time again. */
  reset(): void;
}

export function stageClock(): StageClock {
  let offsetMs = 0;
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + offsetMs,
    moveBy: (ms) => {
      offsetMs += ms;
    },
    moveTo: (nowMs) => {
      offsetMs = nowMs - systemClock.nowMs();
    },
    reset: () => {
      offsetMs = 0;
    },
  };
}
