import type { Clock } from '../../shared/core/clock.ts';

/** Something that an actor has asked for and that has not happened yet. */
interface Pending {
  readonly actor: number;
  readonly name: string;
  run(): void;
}

interface Timer {
  readonly atMs: number;
  readonly then: () => void;
}

/** Which of the pending steps happens next, at each place where there is a choice. */
export type Choices = readonly number[];

export interface Scheduler {
  readonly clock: Clock & { sleep(ms: number): Promise<void> };
  /** Makes a step of an actor wait until it is chosen. */
  step<T>(actor: number, name: string, does: () => Promise<T>): Promise<T>;
  /** Lets things happen until all of `work` is settled. Resolves to how many could have been chosen at each place. */
  play(work: Promise<unknown>): Promise<readonly number[]>;
}

/** Lets microtasks run until nothing more comes of them. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Decides by `choices` in which order the steps of several actors happen; the first of them where the list says nothing.
 * Time passes only when nobody has a step to make, so who sleeps wakes after all others have gone on.
 */
export function scheduler(choices: Choices, startMs = Date.UTC(2026, 0, 1, 0, 5)): Scheduler {
  const pending: Pending[] = [];
  const timers = new Set<Timer>();
  let elapsedMs = 0;

  const after = (delayMs: number, then: () => void) => {
    const timer = { atMs: elapsedMs + Math.max(0, delayMs), then };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  return {
    clock: {
      nowMs: () => startMs + elapsedMs,
      monotonicMs: () => elapsedMs,
      after,
      sleep: (ms) => new Promise((resolve) => after(ms, () => resolve())),
    },
    step: (actor, name, does) =>
      new Promise((resolve, reject) => {
        pending.push({ actor, name, run: () => void does().then(resolve, reject) });
      }),
    async play(work) {
      const widths: number[] = [];
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      for (;;) {
        await settle();
        if (isOver) return widths;
        if (pending.length > 0) {
          const choice = choices[widths.length] ?? 0;
          widths.push(pending.length);
          pending.splice(choice, 1)[0]?.run();
          continue;
        }
        const [next] = [...timers].sort((a, b) => a.atMs - b.atMs);
        if (!next) throw new Error('nobody has anything to do, and it is not over');
        timers.delete(next);
        elapsedMs = Math.max(elapsedMs, next.atMs);
        next.then();
      }
    },
  };
}

/**
 * Every order in which things can happen: plays with no choices made, then with each choice that was there and has not been
 * made, until there is none. `plays` resolves to how many could have been chosen at each place.
 */
export async function everyOrder(plays: (choices: Choices) => Promise<readonly number[]>): Promise<void> {
  let choices: number[] | undefined = [];
  while (choices) {
    const made: readonly number[] = choices;
    const widths = await plays(made);
    const path = widths.map((_, place) => made[place] ?? 0);
    let place = path.length - 1;
    while (place >= 0 && (path[place] ?? 0) + 1 >= (widths[place] ?? 0)) place--;
    choices = place < 0 ? undefined : [...path.slice(0, place), (path[place] ?? 0) + 1];
  }
}
