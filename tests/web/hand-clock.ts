import type { BrowserClock } from '../../web/service-desk/clock.ts';

export interface HandClock extends BrowserClock {
  /** Moves the time on and runs what is due by then, in its order. */
  advance(byMs: number): void;
}

/** A clock that stands still until it is moved. */
export function handClock(nowMs = Date.UTC(2026, 10, 27, 9)): HandClock {
  let now = nowMs;
  let due: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    nowMs: () => now,
    after(delayMs, run) {
      const one = { atMs: now + delayMs, run };
      due.push(one);
      return () => {
        due = due.filter((other) => other !== one);
      };
    },
    advance(byMs) {
      const untilMs = now + byMs;
      for (;;) {
        const [next] = due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        due = due.filter((one) => one !== next);
        now = next.atMs;
        next.run();
      }
      now = untilMs;
    },
  };
}
