import { Problem } from '../problems.ts';
import type { Rates } from '../table.ts';
import type { CallLimits } from './call-limits.ts';

interface Counted {
  /** Who or what is counted besides the number: the visitor, their address. */
  readonly sources: readonly string[];
  readonly phone: string;
}

/**
 * Takes a call from the limits, or throws `rate_limited`. Sources first: who has used up their own calls must not use up
 * those of the number that they name.
 */
export async function takeFromLimits(
  { sources, phone }: Counted,
  rates: Rates,
  limits: CallLimits,
  nowMs: number,
): Promise<void> {
  const refuse = (waitMs: number | undefined, reason: string) => {
    if (waitMs === undefined) return;
    throw new Problem('rate_limited', { reason, retryAfterSec: Math.max(1, Math.ceil(waitMs / 1_000)) });
  };
  for (const source of sources) {
    const windowMs = limits.perSourceMinutes * 60_000;
    refuse(await rates.take(`call-source#${source}`, limits.perSource, windowMs, nowMs), 'per source');
  }
  const windowMs = limits.perNumberMinutes * 60_000;
  refuse(await rates.take(`call-number#${phone}`, limits.perNumber, windowMs, nowMs), 'per number');
  refuse(await rates.takeDaily('call', limits.perDay, nowMs), 'per day');
}
