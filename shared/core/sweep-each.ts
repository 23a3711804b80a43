import type { Deadline } from './deadline.ts';
import { Problem } from './problems.ts';
import { sideBySide } from './side-by-side.ts';

interface SweepOf<T> {
  /** Those whose time has come. */
  readonly due: readonly T[];
  readonly sideBySide: number;
  /** What one of them may take. */
  readonly enoughMs: number;
  readonly deadline: Deadline;
  look(one: T): Promise<void>;
  /** There was no time for one, or the table failed: it is due in the next sweep as well. */
  leave(): void;
}

/**
 * Looks at everything that is due, as far as there is time. A mistake of ours in one is no reason to leave the others, but it must be
 * seen: the first is thrown when all were looked at.
 */
export async function sweepEach<T>({
  due,
  sideBySide: count,
  enoughMs,
  deadline,
  look,
  leave,
}: SweepOf<T>): Promise<void> {
  const faults: unknown[] = [];
  await sideBySide(due, count, async (one) => {
    if (deadline.remainingMs() < enoughMs) return leave();
    await look(one).catch((error: unknown) => {
      leave();
      if (!(error instanceof Problem)) faults.push(error);
    });
  });
  if (faults.length > 0) throw faults[0];
}
