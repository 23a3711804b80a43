import type { Deadline } from '../../core/deadline.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import { Problem } from '../../core/problems.ts';

/** Settles like `work`, or rejects while there is still time to say so. */
export function inTurn<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  return deadline.atMost(deadline.remainingMs(), work, () => new Problem('deadline_exceeded'));
}

/** Whether what a partner or the table did not do may work later. Throws every other error again: it is a fault of ours. */
export function mayWorkLater(error: unknown): boolean {
  if (error instanceof NotTaken) return error.kind !== 'refused';
  if (error instanceof Problem) return true;
  throw error;
}
