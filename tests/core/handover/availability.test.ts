import { describe, expect, test } from 'vitest';
import { businessHours } from '../../../shared/core/call/hours.ts';
import type { Availability, Desk } from '../../../shared/core/handover/desk.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import { chatWorld, deskModel } from '../../support/chat-world.ts';
import { runningClock } from '../../support/running-clock.ts';

/** Thursdays from nine to ten. The tests' clock begins on a Thursday at 00:05. */
const { BUSINESS_HOURS: thursdayMorning } = businessHours.read(
  { BUSINESS_HOURS: '{"timeZone":"Etc/UTC","weekly":{"thu":["09:00-10:00"]}}' },
  [],
);

/** A world whose desk says whether somebody is there. */
function worldOf(
  says: (topic: string | undefined, sleep: (ms: number) => Promise<void>) => Promise<Availability>,
  hours?: typeof thursdayMorning,
) {
  const clock = runningClock();
  const asked: (string | undefined)[] = [];
  const model = deskModel(clock);
  const availability: Desk['availability'] = (topic) => {
    asked.push(topic);
    return says(topic, clock.sleep);
  };
  const desk = { ...model, desk: { ...model.desk, availability } };
  return { ...chatWorld({ clock, desk, ...(hours ? { hours } : {}) }), asked };
}

const online = { online: true } as const;

describe('row 17 whether somebody is there is asked before a person is promised', () => {
  test('nobody: the bot goes on and says so, the desk is not asked to take it', async () => {
    const world = worldOf(async () => ({ online: false }));
    expect(await world.asks('A person please', { topic: 'billing' })).toEqual({
      paused: false,
      ended: false,
      reason: 'nobody_online',
      opensAt: undefined,
    });
    expect(world.asked).toEqual(['billing']);
    expect(world.desk.opened).toEqual([]);
    expect(await world.table.states.read('c-1')).toBeUndefined();
    expect(await world.table.openings.newest(world.clock.nowMs(), 10)).toEqual([]);
  });

  test('outside the hours the bot is told when they begin, and nobody is asked', async () => {
    const world = worldOf(async () => online, thursdayMorning);
    const opensAt = '2026-01-01T09:00:00.000Z';
    expect(await world.asks()).toMatchObject({ paused: false, reason: 'outside_hours', opensAt });
    expect(world.asked).toEqual([]);
    await world.clock.sleep(9 * 3_600_000);
    expect(await world.asks()).toMatchObject({ paused: true });
  });

  test('a desk may know by itself when it opens', async () => {
    const opensAt = '2026-01-02T09:00:00.000Z';
    const world = worldOf(async () => ({ online: false, opensAt }));
    expect(await world.asks()).toMatchObject({ paused: false, reason: 'outside_hours', opensAt });
  });

  test('somebody: the place in line and the wait go along', async () => {
    const world = worldOf(async () => ({ online: true, positionInQueue: 3, waitSeconds: 90 }));
    expect(await world.asks()).toMatchObject({ paused: true, positionInQueue: 3, waitSeconds: 90 });
    expect(await world.says('Hello?')).not.toHaveProperty('positionInQueue');
  });

  test.for([
    ['is not known', async () => ({ online: null })],
    ['cannot be asked', () => Promise.reject(new NotTaken('unreachable', 'connection failed'))],
    [
      'takes too long to say',
      async (_: unknown, sleep: (ms: number) => Promise<void>) => {
        await sleep(60_000);
        return { online: false };
      },
    ],
  ] as const)('what %s keeps nobody from a person', async ([, says]) => {
    const world = worldOf(says);
    const startedMs = world.clock.monotonicMs();
    expect(await world.asks()).toMatchObject({ paused: true });
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(1_200);
  });

  test('who has a person already is not asked about', async () => {
    const world = worldOf(async () => online);
    await world.asks();
    expect(await world.asks('Still there?')).toMatchObject({ paused: true });
    expect(world.asked).toHaveLength(1);
  });

  test('a handover that ran out is ended at the desk also when the next one is refused', async () => {
    let isThere = true;
    const world = worldOf(async () => ({ online: isThere }));
    await world.asks();
    await world.clock.sleep(11 * 60_000);
    isThere = false;
    expect(await world.asks()).toMatchObject({ paused: false, reason: 'nobody_online' });
    expect(world.desk.openTickets()).toEqual([]);
    expect((await world.table.states.read('c-1'))?.mode).toBe('bot');
  });
});
