import type { HttpAnswer } from '../core/http.ts';

const LONGEST_MS = 3_000;

/**
 * How long an answer asks us to wait, in milliseconds, at most 3 s whatever it says: 0 for one that asks for nothing or is
 * in the past. A date counts from the answer's own `date`, so no clock of ours matters.
 */
export function retryAfterMs({ headers }: HttpAnswer): number {
  const asked = headers['retry-after'] ?? '';
  const ms = /^\s*\d+\s*$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.parse(headers.date ?? '');
  return Number.isNaN(ms) ? 0 : Math.min(LONGEST_MS, Math.max(0, ms));
}
