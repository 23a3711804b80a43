import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { bestEffort } from '../../shared/core/best-effort.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { inTime } from '../../shared/core/in-time.ts';
import { Problem } from '../../shared/core/problems.ts';
import { testClock } from '../support/clock.ts';

const never = () => new Promise<never>(() => {});

test('work that settles in time settles so, work that does not is cut off before the limit', async () => {
  const clock = testClock();
  const deadline = startDeadline(clock, 2_500);
  expect(deadline.remainingMs()).toBe(2_350);
  await expect(deadline.race(Promise.resolve('done'))).resolves.toBe('done');
  await expect(deadline.race(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const late = deadline.race(never());
  clock.advance(2_349);
  expect(deadline.signal.aborted).toBe(false);
  clock.advance(1);
  await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect([deadline.remainingMs(), deadline.signal.aborted]).toEqual([0, true]);
});

test('a clock that is set an hour on or back changes nothing', () => {
  const clock = testClock();
  const deadline = startDeadline(clock, 2_500);
  clock.jumpTo(clock.nowMs() + 3_600_000);
  expect(deadline.remainingMs()).toBe(2_350);
  clock.jumpTo(clock.nowMs() - 7_200_000);
  expect(deadline.remainingMs()).toBe(2_350);
});

test('sleep ends with its time or with the deadline, whichever comes first', async () => {
  const clock = testClock();
  const deadline = startDeadline(clock, 1_150);
  const short = deadline.sleep(400);
  clock.advance(400);
  await short;
  const long = deadline.sleep(60_000);
  clock.advance(600);
  await expect(long).rejects.toMatchObject({ code: 'deadline_exceeded' });
});

test('work that has a limit of its own is cut off there, or at the deadline', async () => {
  const clock = testClock();
  const deadline = startDeadline(clock, 1_150);
  const late = () => new Problem('rate_limited');
  await expect(deadline.atMost(100, Promise.resolve('done'), late)).resolves.toBe('done');
  await expect(deadline.atMost(100, Promise.reject(new Error('broken')), late)).rejects.toThrow('broken');
  const short = deadline.atMost(100, never(), late);
  clock.advance(100);
  await expect(short).rejects.toMatchObject({ code: 'rate_limited' });
  const long = deadline.atMost(60_000, never(), late);
  clock.advance(900);
  await expect(long).rejects.toMatchObject({ code: 'deadline_exceeded' });
});

test('what was waited for in time leaves no timer and no listener', async () => {
  const timers = new Set<() => void>();
  const clock = testClock();
  const after: typeof clock.after = (delayMs, then) => {
    const cancel = clock.after(delayMs, then);
    timers.add(cancel);
    return () => void (timers.delete(cancel) && cancel());
  };
  const deadline = startDeadline({ ...clock, after }, 2_500);
  for (let n = 0; n < 20; n++) {
    await inTime(deadline, 300, Promise.resolve());
    await inTime(deadline, 300, Promise.reject(new Error('broken'))).catch(() => {});
    await bestEffort(deadline, 900, Promise.resolve());
  }
  expect(getEventListeners(deadline.signal, 'abort')).toEqual([]);
  expect(timers.size).toBe(1);
  deadline.close();
  expect(timers.size).toBe(0);
});

test('nothing goes on after the answer', async () => {
  const deadline = startDeadline(testClock(), 2_500);
  const sleeping = deadline.sleep(1_000);
  deadline.close();
  expect(deadline.signal.aborted).toBe(true);
  await expect(sleeping).rejects.toMatchObject({ code: 'deadline_exceeded' });
});

test('work that fails after the time is over harms nobody', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  const clock = testClock();
  const deadline = startDeadline(clock, 1_000);
  let fail = (_: Error) => {};
  const underWay = new Promise((_, reject) => {
    fail = reject;
  });
  const waiting = deadline.race(underWay);
  clock.advance(1_000);
  await expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await expect(deadline.race(Promise.reject(new Error('begun too late')))).rejects.toMatchObject({
    code: 'deadline_exceeded',
  });
  fail(new Error('too late'));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
