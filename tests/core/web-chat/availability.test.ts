import { expect, test } from 'vitest';
import { businessHours } from '../../../shared/core/call/hours.ts';
import { startDeadline } from '../../../shared/core/deadline.ts';
import { availabilityBy, type Queue, type ReadQueue } from '../../../shared/core/web-chat/availability.ts';
import { testClock } from '../../support/clock.ts';

/** Thursdays from nine to ten. The tests' clock begins on a Thursday at 00:05. */
const { BUSINESS_HOURS: hours } = businessHours.read(
  { BUSINESS_HOURS: '{"timeZone":"Etc/UTC","weekly":{"thu":["09:00-10:00"]}}' },
  [],
);

function asker(readQueue: ReadQueue | undefined, given: typeof hours = undefined) {
  const clock = testClock();
  const ask = availabilityBy({ hours: given, readQueue, clock });
  return { clock, ask: () => ask(undefined, startDeadline(clock, 8_000)) };
}

const queue = (change: Partial<Queue> = {}): Queue => ({ online: 1, waiting: 0, longestWaitSec: 0, ...change });

test.for([
  [queue({ online: 0 }), { online: false }],
  [queue({ online: 0, waiting: 2, longestWaitSec: 9 }), { online: false }],
  [queue({ online: 3 }), { online: true }],
  [queue({ waiting: 2, longestWaitSec: 90 }), { online: true, positionInQueue: 3, waitSeconds: 90 }],
  [undefined, { online: null }],
] as const)('a line that stands so is told so: %j', async ([seen, told]) => {
  expect(await asker(async () => seen).ask()).toEqual(told);
});

test('outside the hours nobody is there, and nobody is asked', async () => {
  const { ask, clock } = asker(() => Promise.reject(new Error('asked')), hours);
  expect(await ask()).toEqual({ online: false, opensAt: '2026-01-01T09:00:00.000Z' });
  clock.advance(9 * 3_600_000);
  expect(await ask()).toEqual({ online: null });
});

test('where the line cannot be seen it is not known', async () => {
  expect(await asker(undefined).ask()).toEqual({ online: null });
});

test('many who ask at once or soon after are answered by one look, also when it failed', async () => {
  let looks = 0;
  const { ask, clock } = asker(async () => {
    looks++;
    throw new Error('no look');
  });
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array.from({ length: 3 }, () => ({ online: null })));
  clock.advance(4_999);
  await ask();
  expect(looks).toBe(1);
  clock.advance(1);
  await ask();
  expect(looks).toBe(2);
});

test('a look has a second, however much more there is', async () => {
  const limits: number[] = [];
  await asker(async (deadline) => {
    limits.push(deadline.remainingMs());
    return undefined;
  }).ask();
  expect(limits).toEqual([1_000]);
});
