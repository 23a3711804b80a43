import type { Deadline } from '../core/deadline.ts';
import { NotTaken } from '../core/handover/not-taken.ts';

/** A second look after a lost answer is not worth beginning when less time is left. */
const MIN_LOOK_MS = 400;

interface Once<T> {
  /** Finds what was made before. */
  look(): Promise<T | undefined>;
  make(): Promise<T>;
}

/**
 * Makes a record unless it is there. Nothing in ServiceNow keeps two records from having the same `correlation_id`: so it is
 * looked for first, and again where nobody knows whether it was made; it is never made blindly. Throws `NotTaken`; being
 * called again then begins with a look.
 */
export async function madeOnce<T>({ look, make }: Once<T>, deadline: Deadline): Promise<T> {
  const found = await look();
  if (found !== undefined) return found;
  try {
    return await make();
  } catch (error) {
    const mayBeThere = error instanceof NotTaken && error.kind === 'unknown';
    if (!mayBeThere || deadline.remainingMs() < MIN_LOOK_MS) throw error;
    const made = await look().catch(() => undefined);
    if (made === undefined) throw error;
    return made;
  }
}
