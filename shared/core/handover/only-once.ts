import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import type { Once, OnceKey } from '../table.ts';

/** Outlasts the longest deadline of a request that uses it. */
const LEASE_MS = 5_000;
const KEEP_MS = 24 * 3_600_000;

/** Steps of waiting for the first delivery of the same request; the last one repeats. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 400;
const ANSWER_MS = 300;

interface OnceParts {
  readonly once: Once;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

export interface Keyed {
  readonly key: OnceKey;
  /** What the key stands for: the same key with another one is `idempotency_key_reused`. */
  readonly fingerprint: string;
}

/** Keeps a result for a day: from then on it is the answer to the same request. */
export const keepResult = (
  { once, clock, deadline }: OnceParts,
  { key, fingerprint }: Keyed,
  result: unknown,
): Promise<void> => inTime(deadline, 0, once.finish(key, fingerprint, result, clock.nowMs(), KEEP_MS));

/**
 * Does something once per key, whoever asks again gets the first result. A result that `isFinal` refuses is not kept, so
 * the same request may try again; nor is a problem. Throws `in_progress` when the first one is still at work at the end
 * of the deadline.
 */
export async function onlyOnce<T>(
  { once, clock, deadline }: OnceParts,
  { key, fingerprint }: Keyed,
  isFinal: (result: T) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  const quick = <R>(step: Promise<R>) => inTime(deadline, ANSWER_MS, step);
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const claim = await quick(once.claim<T>(key, fingerprint, clock.nowMs(), LEASE_MS));
    if (claim.is === 'done') return claim.result;
    if (claim.is === 'other') throw new Problem('idempotency_key_reused');
    if (claim.is === 'mine') break;
    if (deadline.remainingMs() < waitMs + ANSWER_MS) throw new Problem('in_progress');
    await deadline.sleep(waitMs);
  }
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (error instanceof Problem) await inTime(deadline, 0, once.forget(key, fingerprint)).catch(() => {});
    throw error;
  }
  // If this cannot be written, the next delivery takes over after the lease and finds the work done.
  const settled = isFinal(result)
    ? keepResult({ once, clock, deadline }, { key, fingerprint }, result)
    : inTime(deadline, 0, once.forget(key, fingerprint));
  await settled.catch(() => {});
  return result;
}
