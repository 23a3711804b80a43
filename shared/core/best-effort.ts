import type { Deadline } from './deadline.ts';
import { Problem } from './problems.ts';

/**
 * Waits at most `limitMs` for something that the answer does not depend on. Undefined when it fails or takes longer: then
 * it may have been done or not.
 */
export function bestEffort<T>(deadline: Deadline, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  return deadline.atMost(limitMs, work, () => new Problem('deadline_exceeded')).catch(() => undefined);
}
