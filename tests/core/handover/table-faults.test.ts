import { describe, expect, test } from 'vitest';
import { Problem } from '../../../shared/core/problems.ts';
import { type ChatWorld, chatWorld, deskModel, platformModel } from '../../support/chat-world.ts';
import { wrapTable } from '../../support/jittery-table.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { runningClock } from '../../support/running-clock.ts';

/** Longer than every lease and claim. */
const LEASES_OVER_MS = 6_000;

interface Faulty {
  readonly world: ChatWorld;
  /** The same world when the table is well again. */
  readonly well: ChatWorld;
  readonly asked: string[];
}

/** A world whose table fails at request number `at`: that one only, or from then on; before or after it has taken effect. */
function faultyWorld(inDoubt: 'bot' | 'person', fails: (request: number) => boolean, when: 'before' | 'after'): Faulty {
  const clock = runningClock();
  const table = memoryTable();
  const asked: string[] = [];
  const failing = wrapTable(table, async (name, does) => {
    asked.push(name);
    const isFailing = fails(asked.length);
    if (isFailing && when === 'before') throw new Problem('state_unavailable');
    const result = await does();
    if (isFailing) throw new Problem('state_unavailable');
    return result;
  });
  const parts = { clock, desk: deskModel(clock), platform: platformModel(clock), inDoubt };
  return { world: chatWorld({ ...parts, table: failing }), well: chatWorld({ ...parts, table }), asked };
}

const never = () => false;
const kinds = ['this one', 'from then on'] as const;
const times = ['before', 'after'] as const;

/** Every way in which one of `count` requests can fail. */
const ways = (count: number) =>
  Array.from({ length: count }, (_, n) => n + 1).flatMap((at) =>
    kinds.flatMap((kind) =>
      times.map((when) => ({
        says: `request ${at} ${when}, ${kind}`,
        when,
        fails: (request: number) => (kind === 'this one' ? request === at : request >= at),
      })),
    ),
  );

describe.for(['bot', 'person'] as const)('when in doubt the %s speaks, and the table fails', (inDoubt) => {
  test('while a person is asked for: an answer in time, and nobody waits for nobody', async () => {
    const whole = faultyWorld(inDoubt, never, 'before');
    await whole.world.asks('Help');
    for (const { says, when, fails } of ways(whole.asked.length)) {
      const { world, well } = faultyWorld(inDoubt, fails, when);
      const startedMs = world.clock.monotonicMs();
      const standing = await world.asks('Help');
      expect(world.clock.monotonicMs() - startedMs, says).toBeLessThan(3_500);
      await world.clock.sleep(LEASES_OVER_MS);
      const next = await well.says('Hello?');
      if (standing.paused) {
        expect(next.paused, says).toBe(true);
        expect(world.desk.openTickets(), says).toHaveLength(1);
      } else expect(world.desk.openTickets(), says).toHaveLength(next.paused ? 1 : 0);
      expect(new Set(world.desk.opened.map(({ handoverId }) => handoverId)).size, says).toBeLessThan(2);
      expect(world.desk.texts().includes('Hello?'), says).toBe(next.paused);
    }
  });

  test('while the customer says something: it reaches the desk, or the bot answers, never neither', async () => {
    const whole = faultyWorld(inDoubt, never, 'before');
    await whole.well.asks();
    await whole.world.says('Help');
    for (const { says, when, fails } of ways(whole.asked.length)) {
      const { world, well } = faultyWorld(inDoubt, fails, when);
      await well.asks();
      const standing = await world.says('Help');
      await world.clock.sleep(LEASES_OVER_MS);
      await well.says('Hello?');
      if (standing.paused) expect(world.desk.texts(), says).toContain('Help');
      else expect(inDoubt, says).toBe('bot');
      expect(world.desk.texts().filter((text) => text === 'Help').length, says).toBeLessThan(2);
    }
  });
});

test('while an agent says something: it is shown once, or the agent hears that it was not', async () => {
  const whole = faultyWorld('bot', never, 'before');
  await whole.well.asks();
  await whole.world.agentSays('Hi', { eventId: 'e-1' });
  for (const { says, when, fails } of ways(whole.asked.length)) {
    const { world, well } = faultyWorld('bot', fails, when);
    await well.asks();
    const outcome = await world.agentSays('Hi', { eventId: 'e-1' }).catch((error: unknown) => error);
    const code = outcome instanceof Problem ? outcome.code : undefined;
    expect([undefined, 'state_unavailable'], says).toContain(code);
    if (code === undefined && Object(outcome).delivered) expect(world.platform.texts(), says).toEqual(['Hi']);
    await world.clock.sleep(LEASES_OVER_MS);
    expect(await well.agentSays('Hi', { eventId: 'e-1' }), says).toMatchObject({ delivered: true });
    expect(world.platform.texts(), says).toEqual(['Hi']);
  }
});

test('while an agent gives the conversation back: the same event again finishes it', async () => {
  const whole = faultyWorld('bot', never, 'before');
  await whole.well.asks();
  await whole.world.agentLeaves({ eventId: 'e-1' });
  for (const { says, when, fails } of ways(whole.asked.length)) {
    const { world, well } = faultyWorld('bot', fails, when);
    await well.asks();
    await world.agentLeaves({ eventId: 'e-1' }).catch((error: unknown) => {
      expect(error, says).toMatchObject({ code: 'state_unavailable' });
    });
    await world.clock.sleep(LEASES_OVER_MS);
    expect(await well.agentLeaves({ eventId: 'e-1' }), says).toMatchObject({ delivered: true });
    expect(world.platform.kinds(), says).toEqual(['ended']);
    expect(await well.says('Bot?'), says).toMatchObject({ paused: false });
  }
});

test('while the customer ends it: asking again finishes it', async () => {
  const whole = faultyWorld('bot', never, 'before');
  await whole.well.asks();
  await whole.world.ends();
  for (const { says, when, fails } of ways(whole.asked.length)) {
    const { world, well } = faultyWorld('bot', fails, when);
    await well.asks();
    expect(await world.ends(), says).toMatchObject({ paused: false });
    await world.clock.sleep(LEASES_OVER_MS);
    await well.ends();
    expect(world.desk.openTickets(), says).toEqual([]);
  }
});
