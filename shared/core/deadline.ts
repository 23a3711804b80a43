import type { Clock } from './clock.ts';
import { Problem } from './problems.ts';

/** What is left to write the answer itself after the work has been cut off. */
export const ANSWER_RESERVE_MS = 150;

/** Why a signal came. A text: making an error for every call would cost more than all the rest of the deadline. */
const OVER = 'the call is over';

/** The one monotonic deadline of a request. It goes along to every call that leaves the process. */
export interface Deadline {
  /** Milliseconds left for work, never negative. Time to write the answer is already taken off. */
  remainingMs(): number;
  /** Aborted when the time is over or the request has been answered, so nothing goes on after the answer. */
  readonly signal: AbortSignal;
  /** Resolves after `delayMs`; rejects with `deadline_exceeded` when the deadline comes first. */
  sleep(delayMs: number): Promise<void>;
  /**
   * Settles like `work`, or rejects with what `late` gives when `limitMs` are over first, or with `deadline_exceeded`. No
   * timer is left when it settles.
   */
  atMost<T>(limitMs: number, work: Promise<T>, late: () => Problem): Promise<T>;
}

export interface OwnedDeadline extends Deadline {
  /** Settles like `work`, or rejects with `deadline_exceeded` when the time is over first. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Aborts what is still under way and stops the timer. Call it once, when the answer is known. */
  close(): void;
}

/** Starts a deadline `limitMs` from now. */
export function startDeadline(clock: Clock, limitMs: number): OwnedDeadline {
  const endsMs = clock.monotonicMs() + limitMs - ANSWER_RESERVE_MS;
  // Made when somebody asks for it: whoever reaches nobody outside never pays for one.
  let controller: AbortController | undefined;
  let isOver = false;
  const waiting = new Set<() => void>();

  function end(): void {
    isOver = true;
    controller?.abort(OVER);
    for (const stop of waiting) stop();
    waiting.clear();
  }
  const stopTimer = clock.after(Math.max(0, limitMs - ANSWER_RESERVE_MS), end);

  function orOver<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(new Problem('deadline_exceeded'));
      // Nobody waits for it any more, but a rejection that nobody hears ends the process.
      if (isOver) work.catch(() => {});
      if (isOver) return stop();
      waiting.add(stop);
      work.then(resolve, reject).finally(() => waiting.delete(stop));
    });
  }

  return {
    remainingMs: () => Math.max(0, endsMs - clock.monotonicMs()),
    get signal() {
      controller ??= new AbortController();
      if (isOver) controller.abort(OVER);
      return controller.signal;
    },
    sleep(delayMs) {
      let cancel = () => {};
      const slept = new Promise<void>((resolve) => {
        cancel = clock.after(delayMs, resolve);
      });
      return orOver(slept).finally(() => cancel());
    },
    atMost(limitMs, work, late) {
      let cancel = () => {};
      const overdue = new Promise<never>((_, reject) => {
        cancel = clock.after(limitMs, () => reject(late()));
      });
      return orOver(Promise.race([work, overdue])).finally(() => cancel());
    },
    race: orOver,
    close() {
      stopTimer();
      end();
    },
  };
}
