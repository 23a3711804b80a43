import * as v from 'valibot';
import { Problem } from '../problems.ts';

const MINUTE_MS = 60_000;
const SOONEST_MS = MINUTE_MS;
const LATEST_MS = 7 * 24 * 60 * MINUTE_MS;

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3})\d*)?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Milliseconds since the epoch of a moment in ISO 8601 with `Z` or an offset; undefined for anything else, also 30 February. */
function momentOf(text: string): number | undefined {
  const [, ...parts] = ISO.exec(text) ?? [];
  if (parts.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const [fraction = '0', sign = '+', ahead = '0', aheadMinutes = '0'] = parts.slice(6);
  const midnightMs = Date.UTC(year, month - 1, day);
  if (month < 1 || month > 12 || day < 1 || midnightMs > Date.UTC(year, month, 0)) return undefined;
  const clockMs = (hour * 60 + minute) * MINUTE_MS + second * 1_000 + Number(fraction.padEnd(3, '0'));
  const aheadMs = (Number(ahead) * 60 + Number(aheadMinutes)) * MINUTE_MS;
  return midnightMs + clockMs + (sign === '-' ? aheadMs : -aheadMs);
}

/** When somebody wants to be called: a moment in ISO 8601 with its offset, like `2026-12-24T09:30:00+01:00`. */
export const callTime = v.pipe(
  v.string(),
  v.maxLength(40, 'invalid_at'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const atMs = momentOf(dataset.value);
    if (atMs !== undefined) return atMs;
    addIssue({ message: 'invalid_at' });
    return NEVER;
  }),
);

/** Throws `invalid_at` for a time that is less than a minute or more than seven days ahead. */
export function refuseTime(atMs: number, nowMs: number): void {
  if (atMs < nowMs + SOONEST_MS || atMs > nowMs + LATEST_MS) throw new Problem('invalid_at');
}
