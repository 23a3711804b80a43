import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Inbound } from '../../shared/core/inbound.ts';
import type { Handle } from '../../shared/core/pipeline.ts';
import { stageClock } from '../../stage/clock.ts';
import { eventLog } from '../../stage/events.ts';
import { openSchedule, type Schedule, sweepNow } from '../../stage/schedule.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

let schedule: Schedule;
afterEach(() => schedule.close());

/** A schedule and what it called; `sweep` is what is served under that name. */
function scheduled(sweep?: Handle) {
  const calls: Inbound[] = [];
  const handle: Handle = (inbound) => {
    calls.push(inbound);
    return (sweep ?? swept)(inbound);
  };
  const log = eventLog(() => ({}));
  const clock = stageClock();
  const functions = () => new Map(sweep === undefined ? [] : [['sweep', handle]]);
  schedule = openSchedule({ functions, env: () => ({ PUBLIC_BASE_URL: 'https://a.example' }), clock, log });
  return { calls, log, clock };
}

const swept: Handle = async () => ({ status: 200, headers: {}, body: '{"swept":1}' });

test('the platform calls every minute, with its own key and without HTTP around it', async () => {
  const { calls, log } = scheduled(swept);
  vi.advanceTimersByTime(59_999);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(1);
  await schedule.idle();
  expect(calls).toMatchObject([{ method: 'POST', trust: 'platform-key', query: '' }]);
  expect(log.all()).toMatchObject([
    { vendor: 'schedule', direction: 'in', url: 'https://a.example/sweep', status: 200 },
  ]);
});

test('a clock that is moved on has swept before it says so', async () => {
  const { calls, clock } = scheduled(swept);
  const beforeMs = clock.nowMs();
  await schedule.advance(3_600_000);
  expect(clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(3_600_000);
  expect(calls).toHaveLength(1);
});

test('one sweep is over before the next begins, and one that fails does not end the schedule', async () => {
  let underWay = 0;
  let most = 0;
  const { calls } = scheduled(async (inbound) => {
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay--;
    if (calls.length === 1) throw new Error('fails');
    return swept(inbound);
  });
  await expect(Promise.all([schedule.sweep(), schedule.sweep()])).rejects.toThrow('fails');
  expect(await schedule.sweep()).toEqual({ status: 200, answer: { swept: 1 } });
  expect([calls.length, most]).toEqual([3, 1]);
});

test('by hand it says what the function answered, or that there is none', async () => {
  scheduled(async () => ({ status: 204, headers: {}, body: '' }));
  expect(await sweepNow(schedule)).toEqual({ status: 204, answer: {} });
  schedule.close();
  scheduled();
  await expect(sweepNow(schedule)).rejects.toMatchObject({ code: 'not_found' });
  await schedule.advance(1);
});
