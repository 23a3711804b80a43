/** Time as the functions see it. Nothing in core reads a clock of its own, so a test or the stage can move it. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. It may jump; no deadline depends on it. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start. It never jumps; only differences mean anything. */
  monotonicMs(): number;
  /** Runs `then` once after `delayMs` of monotonic time. Returns a function that calls it off. */
  after(delayMs: number, then: () => void): () => void;
}
