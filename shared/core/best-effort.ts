import type { Deadline } from './deadline.ts';

/**
 * Waits at most `limitMs` for something that the answer does not depend on. Undefined when it fails or takes longer: then
 * it may have been done or not.
 */
export function bestEffort<T>(deadline: Deadline, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const nothing = () => undefined;
  return Promise.race([work.catch(nothing), deadline.sleep(limitMs).then(nothing, nothing)]);
}
