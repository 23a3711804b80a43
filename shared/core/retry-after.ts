import type { HttpAnswer } from './http.ts';

/**
 * How long an answer asks us to wait, in milliseconds, at most `mostMs` whatever it says: 0 for a time in the past, undefined
 * when it asks for nothing that makes sense. A date counts from the answer's own `date`, so no clock of ours matters.
 */
export function retryAfterMs({ headers }: Pick<HttpAnswer, 'headers'>, mostMs: number): number | undefined {
  const asked = headers['retry-after'] ?? '';
  const ms = /^\s*\d+\s*$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.parse(headers.date ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(mostMs, Math.max(0, ms));
}
