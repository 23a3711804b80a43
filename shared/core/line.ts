/** One utterance. */
export interface Line {
  readonly by: 'customer' | 'bot' | 'agent' | 'system';
  readonly text: string;
  /** When it was said, or when we heard of it where nobody knows better. Milliseconds since the epoch. */
  readonly atMs: number;
  /** Unique in its conversation: the same id is stored once. */
  readonly id: string;
}
