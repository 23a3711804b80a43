import { expect, test } from 'vitest';
import { retryAfterMs } from '../../shared/core/retry-after.ts';

const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
const asks = (value: string, headers: object = { date }) =>
  retryAfterMs({ headers: { 'retry-after': value, ...headers } }, 3_000);

test.for([
  ['1', 1_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['99999999999999999999', 3_000],
  ['9'.repeat(400), 3_000],
  ['Thu, 01 Jan 2026 00:00:02 GMT', 2_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ['Thu, 01 Jan 2026 12:00:00 GMT', 3_000],
  ['-5', 0],
  ['soon', undefined],
  ['', undefined],
] as const)('Retry-After %j is a wait of %s', ([value, waitMs]) => {
  expect(asks(value)).toBe(waitMs);
});

test('a date says nothing without the date of the answer', () => {
  expect(asks('Thu, 01 Jan 2026 12:00:00 GMT', {})).toBeUndefined();
  expect(retryAfterMs({ headers: {} }, 3_000)).toBeUndefined();
});
