import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutesLeft, pauseEndMs } from '../../../shared/core/handover/pause.ts';

test.for([
  [600_000, 10],
  [599_999, 10],
  [540_001, 10],
  [540_000, 9],
  [1, 1],
  [0, 0],
  [-1, 0],
] as const)('%d ms are %d minutes', ([leftMs, minutes]) => {
  expect(minutesLeft(1_000_000 + leftMs, 1_000_000)).toBe(minutes);
});

test('a live pause never reads as no minutes, and time only takes minutes away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90_000_000 }), fc.nat(90_000_000), (leftMs, laterMs) => {
      expect(minutesLeft(leftMs, 0)).toBeGreaterThan(0);
      expect(minutesLeft(leftMs, laterMs)).toBeLessThanOrEqual(minutesLeft(leftMs, 0));
    }),
  );
});

test('a pause is over a minute from now at the earliest', () => {
  expect(pauseEndMs(0, 10)).toBe(600_000);
  expect(pauseEndMs(0, 0)).toBe(60_000);
});
