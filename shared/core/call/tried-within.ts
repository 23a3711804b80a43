import { bestEffort } from '../best-effort.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';

/**
 * Uses something that the answer does not depend on, `limitMs` for all uses together: undefined when one fails or the time
 * is over. A use that begins when the time is over is not made at all.
 */
export function triedWithin<P>(limitMs: number, port: P, deadline: Deadline, { monotonicMs }: Clock) {
  const endsMs = monotonicMs() + limitMs;
  return async <T>(use: (port: P) => Promise<T>): Promise<T | undefined> => {
    const leftMs = endsMs - monotonicMs();
    return leftMs <= 0 ? undefined : bestEffort(deadline, leftMs, use(port));
  };
}
