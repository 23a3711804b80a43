import { Problem } from '../core/problems.ts';

/** Runs work when there is a place for it. Throws `state_unavailable` when the signal comes first. */
export type Places = <T>(until: AbortSignal, work: () => Promise<T>) => Promise<T>;

/**
 * Lets at most `count` run at a time; the others wait in order of arrival. The SDK's own queue of sockets would count the
 * waiting as time that the table took.
 */
export function openPlaces(count: number): Places {
  const waiting = new Set<() => void>();
  let free = count;

  async function place(until: AbortSignal): Promise<void> {
    if (free > 0) {
      free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leaveLine = () => {
        waiting.delete(go);
        until.removeEventListener('abort', giveUp);
      };
      const go = () => {
        leaveLine();
        resolve();
      };
      const giveUp = () => {
        leaveLine();
        reject(new Problem('state_unavailable', { reason: 'table busy' }));
      };
      waiting.add(go);
      until.addEventListener('abort', giveUp);
      if (until.aborted) giveUp();
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next) next();
    else free++;
  }

  return async (until, work) => {
    await place(until);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
