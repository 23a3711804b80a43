/** Time, as a service desk needs it. */
export interface BrowserClock {
  nowMs(): number;
  /** Runs something later. The function that comes back takes it back. */
  after(delayMs: number, run: () => void): () => void;
}

export const browserClock: BrowserClock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after a time. */
export const pause = (clock: BrowserClock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });

/** What a promise comes to within a time, or `late` when it takes longer. Rejects as the promise does, unless that is late. */
export async function within<T, L>(clock: BrowserClock, limitMs: number, promise: Promise<T>, late: L): Promise<T | L> {
  let cancel = () => {};
  const timeUp = new Promise<L>((resolve) => {
    cancel = clock.after(limitMs, () => resolve(late));
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    cancel();
    // Whoever waited is gone, so nobody would handle it.
    promise.catch(() => {});
  }
}
