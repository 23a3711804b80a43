import { describe, expect, test } from 'vitest';
import { stageClock } from '../../stage/clock.ts';

describe('the clock of the stage', () => {
  test('goes on from wherever it is moved to, and back to the machine with a reset', () => {
    const clock = stageClock();
    clock.moveBy(1_795_219_200_000 - clock.nowMs());
    clock.moveBy(60_000);
    expect(clock.nowMs() - 1_795_219_260_000).toBeLessThan(1_000);
    clock.reset();
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1_000);
  });

  test('who waits for a time is told when it is moved there, not before', async () => {
    const clock = stageClock();
    let isThere = false;
    const waiting = clock.until(clock.nowMs() + 3_600_000).then(() => (isThere = true));
    clock.moveBy(3_000_000);
    await new Promise(setImmediate);
    expect(isThere).toBe(false);
    clock.moveBy(600_000);
    await waiting;
    expect(isThere).toBe(true);
  });

  test('a time comes by itself too, and one that is over is there at once', async () => {
    const clock = stageClock();
    const keepsRunning = setTimeout(() => {}, 5_000);
    await clock.until(clock.nowMs() - 1);
    await clock.until(clock.nowMs() + 5);
    clearTimeout(keepsRunning);
  });
});
