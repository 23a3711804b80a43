import type { Clock } from '../shared/core/clock.ts';

/** So often it is looked at while somebody waits. */
const LOOKS_EVERY_MS = 10;
/** A look that comes later than this finds that the machine was busy with something else. */
const LATE_MS = 10;

/** What time is told by; a test has its own. */
export interface Machine {
  monotonicMs(): number;
  /** The time in which this process computed. */
  computedMs(): number;
  after(delayMs: number, then: () => void): () => void;
}

const thisMachine: Machine = {
  monotonicMs: () => performance.now(),
  computedMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Timer {
  readonly atMs: number;
  readonly then: () => void;
}

/**
 * Monotonic time without the moments in which the machine had something else to do than this process. It counts what the
 * process computes and what it waits for, so a deadline and what is measured against it mean the same on a busy machine.
 * While nobody waits for a timer nobody looks, and all time counts.
 */
export function steadyTime(machine: Machine = thisMachine): Pick<Clock, 'monotonicMs' | 'after'> {
  const timers = new Set<Timer>();
  let countedMs = 0;
  let lookedMs = machine.monotonicMs();
  let computedMs = machine.computedMs();
  let stopLooking: (() => void) | undefined;

  function look(): number {
    const [beforeMs, computedBeforeMs] = [lookedMs, computedMs];
    lookedMs = machine.monotonicMs();
    computedMs = machine.computedMs();
    const passedMs = lookedMs - beforeMs;
    const ownMs = LOOKS_EVERY_MS + LATE_MS + computedMs - computedBeforeMs;
    countedMs += stopLooking ? Math.min(passedMs, ownMs) : passedMs;
    return countedMs;
  }

  function lookAgain(): void {
    stopLooking?.();
    const firstMs = Math.min(...[...timers].map(({ atMs }) => atMs));
    const waitMs = Math.max(0, Math.min(LOOKS_EVERY_MS, Math.ceil(firstMs - countedMs)));
    stopLooking = timers.size === 0 ? undefined : machine.after(waitMs, fire);
  }

  function fire(): void {
    const nowMs = look();
    const due = [...timers].filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) if (timers.delete(timer)) timer.then();
    lookAgain();
  }

  return {
    monotonicMs: look,
    after(delayMs, then) {
      const timer = { atMs: look() + Math.max(0, delayMs), then };
      timers.add(timer);
      if (stopLooking === undefined || delayMs < LOOKS_EVERY_MS) lookAgain();
      return () => {
        timers.delete(timer);
        if (timers.size > 0) return;
        look();
        lookAgain();
      };
    },
  };
}
