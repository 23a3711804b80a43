import { Problem } from '../problems.ts';
import type { Rates } from '../table.ts';
import type { CallLimits } from './call-limits.ts';

interface Counted {
  /** Who or what is counted besides the number: the visitor, their address. */
  readonly sources: readonly string[];
  readonly phone: string;
}

function refuse(waitMs: number | undefined, reason: string): void {
  if (waitMs === undefined) return;
  throw new Problem('rate_limited', { reason, retryAfterSec: Math.max(1, Math.ceil(waitMs / 1_000)) });
}

const minutes = (count: number) => count * 60_000;

/** What the calls to a number are counted by. */
export const numberRate = (phone: string): string => `call-number#${phone}`;

/** What the calls that somebody asked for are counted by. */
export const sourceRate = (source: string): string => `call-source#${source}`;

async function takeNumber(phone: string, rates: Rates, limits: CallLimits, nowMs: number): Promise<void> {
  const windowMs = minutes(limits.perNumberMinutes);
  refuse(await rates.take(numberRate(phone), limits.perNumber, windowMs, nowMs), 'per number');
}

async function takeDay(rates: Rates, limits: CallLimits, nowMs: number): Promise<void> {
  refuse(await rates.takeDaily('call', limits.perDay, nowMs), 'per day');
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
  for (const source of sources) {
    const windowMs = minutes(limits.perSourceMinutes);
    refuse(await rates.take(sourceRate(source), limits.perSource, windowMs, nowMs), 'per source');
  }
  await takeNumber(phone, rates, limits, nowMs);
  await takeDay(rates, limits, nowMs);
}

const dayOf = (ms: number) => Math.floor(ms / 86_400_000);

/**
 * Takes a call that waited for its time from the limits of now, or throws `rate_limited`: else the wishes of a week could all
 * be placed in one hour. What has counted it already, when it was counted last, does not count it again.
 */
export async function takeWhenDue(
  { phone, countedAtMs }: { readonly phone: string; readonly countedAtMs: number },
  rates: Rates,
  limits: CallLimits,
  nowMs: number,
): Promise<void> {
  if (nowMs - countedAtMs >= minutes(limits.perNumberMinutes)) await takeNumber(phone, rates, limits, nowMs);
  if (dayOf(nowMs) !== dayOf(countedAtMs)) await takeDay(rates, limits, nowMs);
}
