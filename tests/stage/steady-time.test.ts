import { expect, test } from 'vitest';
import { steadyTime } from '../../stage/steady-time.ts';
import { testClock } from '../support/clock.ts';

/** A machine by hand: it can wait for the next timer, compute, or be busy with something else. */
function machine() {
  const clock = testClock();
  let computedMs = 0;
  const time = steadyTime({
    monotonicMs: clock.monotonicMs,
    computedMs: () => computedMs,
    after: clock.after,
  });
  /** So much time passes in steps of a millisecond, as where nothing else runs. */
  const waits = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1) clock.advance(1);
  };
  return {
    time,
    waits,
    isBusy: clock.advance,
    computes(ms: number) {
      computedMs += ms;
      clock.advance(ms);
    },
  };
}

/** What is counted of `does` while somebody waits for a timer. */
function counted(does: (of: ReturnType<typeof machine>) => void): number {
  const of = machine();
  of.time.after(60_000, () => {});
  const beganMs = of.time.monotonicMs();
  does(of);
  return of.time.monotonicMs() - beganMs;
}

test('what is waited for and what is computed counts', () => {
  expect(counted(({ waits }) => waits(1_000))).toBe(1_000);
  expect(counted(({ computes }) => computes(1_000))).toBe(1_000);
  expect(counted(({ waits, computes }) => [waits(500), computes(300), waits(200)])).toBe(1_000);
});

test('what the machine does meanwhile does not', () => {
  expect(counted(({ isBusy }) => isBusy(5_000))).toBeLessThanOrEqual(20);
  expect(counted(({ waits, isBusy, computes }) => [waits(100), isBusy(5_000), computes(100)])).toBeLessThanOrEqual(220);
});

test('a timer fires when its time has been counted, in order, and not when it is called off', () => {
  const { time, waits, isBusy } = machine();
  const fired: string[] = [];
  const stop = time.after(30, () => fired.push('called off'));
  time.after(50, () => {
    fired.push('second');
    time.after(0, () => fired.push('third'));
  });
  time.after(20, () => fired.push('first'));
  stop();
  isBusy(5_000);
  expect(fired).toEqual(['first']);
  waits(29);
  expect(fired).toEqual(['first']);
  waits(3);
  expect(fired).toEqual(['first', 'second', 'third']);
});

test('while nobody waits for a timer all time counts', () => {
  const { time, isBusy } = machine();
  time.after(60_000, () => {})();
  const beganMs = time.monotonicMs();
  isBusy(5_000);
  expect(time.monotonicMs() - beganMs).toBe(5_000);
});
