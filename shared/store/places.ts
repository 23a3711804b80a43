import { Problem } from '../core/problems.ts';

/** Runs work when there is a place for it. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Lets at most `count` run at a time; the others wait in order of arrival. Whoever has waited `waitMs` gets
 * `state_unavailable`. The SDK's own queue of sockets would count the waiting as time that the table took.
 */
export function openPlaces(count: number, waitMs: number): Places {
  const waiting = new Set<() => void>();
  let free = count;

  async function place(): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(go);
        reject(new Problem('state_unavailable', { reason: 'table busy' }));
      }, waitMs);
      waiting.add(go);
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next) next();
    else free++;
  }

  return async (work) => {
    await place();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
