import { describe, expect, test } from 'vitest';
import type { Desk } from '../../../shared/core/handover/desk.ts';
import type { DeskTold } from '../../../shared/core/handover/desk-told.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Table } from '../../../shared/core/table.ts';
import { type ChatWorld, chatWorld, deskModel, platformModel } from '../../support/chat-world.ts';
import { testClock } from '../../support/clock.ts';
import { dyingWorld } from '../../support/dying-world.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { runningClock } from '../../support/running-clock.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = 10 * MINUTE_MS;

async function handedOver(options: Parameters<typeof chatWorld>[0] = {}): Promise<ChatWorld> {
  const world = chatWorld(options);
  await world.asks('Help');
  return world;
}

/** The schedule calls every minute. */
async function minutes(world: ChatWorld, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await world.clock.sleep(MINUTE_MS);
    await world.sweeps();
  }
}

const kindsAt = ({ desk }: ChatWorld) => desk.told.map(({ event }) => event.kind);
const remindersOf = ({ table, clock }: ChatWorld) => table.reminders.due(clock.nowMs() + 7 * 86_400_000, 100);
const undelivered = ({ desk }: ChatWorld) =>
  desk.told.flatMap(({ event }) => (event.kind === 'undelivered' ? [event.line.text] : []));

/** The same parts with a desk that does one more thing. */
function withDesk(more: Partial<Desk>) {
  const clock = runningClock();
  const desk = deskModel(clock);
  return { clock, desk: { ...desk, desk: { ...desk.desk, ...more } }, platform: platformModel(clock) };
}

describe('a desk whose yes proves nothing', () => {
  const spoken = (world: ChatWorld, event: DeskTold['event']) =>
    world.tells(event, 'e-1', { about: { handoverId: world.desk.opened[0]?.handoverId ?? '' } });

  test('and that says nothing within its time has lost the conversation, and both sides hear so once', async () => {
    const world = await handedOver(withDesk({ speaksWithinMs: 2 * MINUTE_MS }));
    await world.says('Is anybody there?');
    await minutes(world, 1);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'human' });
    await minutes(world, 3);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'bot', returned: { reason: 'failed' } });
    expect(world.platform.shown.map(({ event }) => event)).toMatchObject([{ kind: 'ended', reason: 'failed' }]);
    expect(kindsAt(world)).toEqual(['said', 'ended']);
  });

  test.for<DeskTold['event']>([
    { kind: 'waiting' },
    { kind: 'joined', agent: undefined, agentId: undefined },
    { kind: 'says', text: 'Please wait', agent: undefined, isShown: false, by: 'system' },
  ])('keeps the conversation once it has said %j', async (event) => {
    const world = await handedOver(withDesk({ speaksWithinMs: 2 * MINUTE_MS }));
    await spoken(world, event);
    await minutes(world, 5);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'human' });
  });

  test('has said nothing of this handover when it spoke in an earlier one', async () => {
    const world = await handedOver(withDesk({ speaksWithinMs: 2 * MINUTE_MS }));
    await spoken(world, { kind: 'waiting' });
    await spoken(world, { kind: 'says', text: 'Hello', agent: undefined, isShown: false });
    await world.ends();
    await world.clock.sleep(MINUTE_MS);
    await world.asks('A person again');
    await minutes(world, 4);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'bot', returned: { reason: 'failed' } });
  });
});

describe('words for the desk that wait', () => {
  test('are brought by the sweep when nobody says anything any more, in order and once', async () => {
    const world = await handedOver();
    world.desk.behave(['unreachable', 'hangs']);
    await world.says('one');
    await world.says('two');
    expect(world.desk.texts()).toEqual([]);
    await world.clock.sleep(MINUTE_MS);
    expect(await world.sweeps()).toMatchObject({ redelivered: 2, ended: 0, left: 0 });
    expect(world.desk.told.map(({ event }) => event.kind === 'said' && event.line.text)).toEqual(['one', 'two']);
    expect(await world.sweeps()).toMatchObject({ redelivered: 0 });
  });

  test('are tried three times, each after its rest, then the bot has the conversation again and is told', async () => {
    const tries: number[] = [];
    const parts = withDesk({
      async tell(_, { kind }) {
        if (kind === 'said') tries.push(parts.clock.nowMs());
        throw new NotTaken('unreachable', 'status 503', 90_000);
      },
    });
    const world = await handedOver(parts);
    await world.says('one');
    await minutes(world, 6);
    expect(tries).toHaveLength(3);
    for (const n of [1, 2]) expect((tries[n] ?? 0) - (tries[n - 1] ?? 0)).toBeGreaterThanOrEqual(90_000);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'bot', returned: { reason: 'failed' } });
    expect(world.platform.shown.map(({ event }) => event)).toMatchObject([{ kind: 'ended', reason: 'failed' }]);
    expect((await world.table.transcripts.lines('c-1', 9)).map(({ text }) => text)).toEqual([
      'Help',
      'one',
      'The handover has ended: failed',
    ]);
  });

  test('that rest are not waited for', async () => {
    const world = await handedOver();
    world.desk.behave(['unreachable', 'unreachable']);
    await world.says('one');
    await world.says('two');
    await world.table.reminders.add({ conversationId: 'c-1', atMs: world.clock.nowMs() });
    const startedMs = world.clock.monotonicMs();
    expect(await world.sweeps()).toMatchObject({ redelivered: 0 });
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(100);
    await world.clock.sleep(5_000);
    expect(await world.sweeps()).toMatchObject({ redelivered: 2 });
  });

  test('are not lost by whoever dies while giving them up', async () => {
    async function scene(): Promise<ChatWorld> {
      const world = await handedOver();
      world.desk.behave('unreachable');
      await world.says('one');
      await world.says('two');
      await world.clock.sleep(5_000);
      return world;
    }
    const all = dyingWorld(await scene(), Number.POSITIVE_INFINITY, 'after');
    expect(await all.world.says('three')).toMatchObject({ paused: false });
    for (let at = 1; at <= all.steps().length; at++) {
      const world = await scene();
      void dyingWorld(world, at, 'after')
        .world.says('three')
        .catch(() => {});
      await world.clock.sleep(20_000);
      world.desk.behave('well');
      const { paused } = await world.says('four');
      // Either the agent has them, or the bot has the customer again.
      expect(paused && !world.desk.texts().includes('one'), `killed after step ${at}, ${all.steps()[at - 1]}`).toBe(
        false,
      );
    }
  });

  test('do not end a handover whose desk takes later ones', async () => {
    const world = await handedOver();
    world.desk.behave(['unreachable', 'unreachable', 'refuses']);
    await world.says('one');
    await world.says('two');
    await world.clock.sleep(MINUTE_MS);
    await world.sweeps();
    expect(world.desk.texts()).toEqual(['two']);
    expect(await world.says('three')).toMatchObject({ paused: true });
  });

  test('are left where the sweep knows no desk', async () => {
    const world = await handedOver({ sweepsDesk: false });
    world.desk.behave(['unreachable']);
    await world.says('one');
    await minutes(world, 3);
    expect(world.desk.texts()).toEqual([]);
    expect(await world.says('two')).toMatchObject({ paused: true });
    expect(world.desk.texts()).toEqual(['one', 'two']);
  });
});

describe('words for the customer that wait', () => {
  test('are shown by the sweep, in order and once', async () => {
    const world = await handedOver();
    world.platform.behave(['unreachable', 'unreachable']);
    await world.agentSays('one', { eventId: 'e-1' });
    await world.agentSays('two', { eventId: 'e-2' });
    await world.clock.sleep(MINUTE_MS);
    expect(await world.sweeps()).toMatchObject({ redelivered: 2 });
    expect(world.platform.shown.map(({ event }) => event.kind === 'message' && event.text)).toEqual(['one', 'two']);
    expect(await world.agentSays('one', { eventId: 'e-1' })).toMatchObject({ delivered: true });
    expect(world.platform.shown).toHaveLength(2);
  });

  test('are tried three times, then the agent is told which, once, and hears the same when they ask', async () => {
    const world = await handedOver();
    world.platform.behave('unreachable');
    await world.agentSays('one', { eventId: 'e-1' });
    await minutes(world, 4);
    expect(undelivered(world)).toEqual(['one']);
    expect(world.desk.told.at(-1)?.ref).toMatchObject({ conversationId: 'c-1', ticket: expect.stringMatching(/^T-/) });
    expect(await world.agentSays('one', { eventId: 'e-1' })).toEqual({ delivered: false, lost: ['one'] });
    expect(await world.table.outbox.waiting('c-1', 'bot')).toEqual([]);
    expect((await world.table.transcripts.lines('c-1', 9)).map(({ text }) => text)).toContain('Not delivered: one');
    expect(await world.says('Hello?')).toMatchObject({ paused: true });
  });
});

describe('typing', () => {
  test('is dropped while words wait for the same side', async () => {
    const world = await handedOver();
    world.desk.behave(['unreachable']);
    world.platform.behave(['unreachable']);
    await world.says('one');
    await world.agentSays('two');
    expect(await world.types()).toMatchObject({ paused: true });
    expect(await world.pushes({ kind: 'types', minutes: undefined })).toMatchObject({ delivered: false });
    expect([kindsAt(world), world.platform.kinds()]).toEqual([[], []]);
    await minutes(world, 1);
    await world.types();
    await world.pushes({ kind: 'types', minutes: undefined });
    expect([kindsAt(world), world.platform.kinds()]).toEqual([
      ['said', 'typing'],
      ['message', 'typing'],
    ]);
  });

  test('is dropped while words are on their way, and where nobody can say', async () => {
    const world = await handedOver();
    world.desk.latencyMs = 500;
    const saying = world.says('one');
    await world.clock.sleep(100);
    await world.types();
    await saying;
    expect(kindsAt(world)).toEqual(['said']);
    const waiting = async () => {
      throw new Problem('state_unavailable');
    };
    const { clock, desk, platform, table } = world;
    const outbox = { ...table.outbox, waiting };
    const blind = chatWorld({ clock, desk, platform, table: { ...table, outbox } });
    expect(await blind.types()).toMatchObject({ paused: true });
    expect(kindsAt(world)).toEqual(['said']);
  });
});

describe('what the bot begins with', () => {
  test.for([
    ['an agent', (world: ChatWorld) => world.agentLeaves()],
    ['a desk', (world: ChatWorld) => world.tells({ kind: 'ended', by: 'agent', agent: undefined }, 'e-1')],
    ['time', (world: ChatWorld) => minutes(world, 12)],
  ] as const)('is named by the setting when %s ends it', async ([, ends]) => {
    const world = await handedOver({ usualReturnEvent: 'how_was_it' });
    await ends(world);
    expect(world.platform.shown.at(-1)?.event).toMatchObject({ kind: 'ended', botEvent: 'how_was_it' });
  });

  test('is what the desk names', async () => {
    const world = await handedOver({ usualReturnEvent: 'how_was_it' });
    await world.pushes({ kind: 'leaves', botEvent: 'invoice' });
    expect(world.platform.shown.at(-1)?.event).toMatchObject({ kind: 'ended', botEvent: 'invoice' });
  });

  test('is nothing when nobody came', async () => {
    const world = await handedOver({ usualReturnEvent: 'how_was_it' });
    await world.tells({ kind: 'failed' }, 'e-1');
    const { event } = world.platform.shown.at(-1) ?? {};
    expect(event).toMatchObject({ kind: 'ended', reason: 'failed' });
    expect(Object(event).botEvent).toBeUndefined();
  });

  test('is in what a bot hears before its turn', async () => {
    const world = await handedOver({ usualReturnEvent: 'how_was_it', hearsOfReturn: true });
    await world.clock.sleep(PAUSE_MS);
    const returned = { reason: 'expired', botEvent: 'how_was_it' };
    expect(await world.says('Bot?')).toEqual({ paused: false, ended: false, returned });
  });
});

describe('a desk that does not tell everything', () => {
  const about = { conversationId: 'c-1' };
  const word: DeskTold = {
    about,
    event: { kind: 'says', text: 'Hi', agent: undefined, isShown: false },
    eventId: 'e-1',
    atMs: undefined,
  };
  const end: DeskTold = {
    about,
    event: { kind: 'ended', by: 'agent', agent: undefined },
    eventId: 'e-2',
    atMs: undefined,
  };

  test('is asked every minute while it has the conversation, and what it says is heard once', async () => {
    const said: DeskTold[] = [];
    let asked = 0;
    const world = await handedOver(
      withDesk({
        async look() {
          asked++;
          return said;
        },
      }),
    );
    await minutes(world, 3);
    expect(asked).toBe(3);
    said.push(word);
    await minutes(world, 2);
    expect(world.platform.texts()).toEqual(['Hi']);
    expect(world.platform.shown).toHaveLength(1);
    said.push(end);
    await minutes(world, 1);
    expect(world.platform.kinds()).toEqual(['message', 'ended']);
    asked = 0;
    await minutes(world, 15);
    expect(asked).toBe(0);
    expect(await remindersOf(world)).toEqual([]);
  });

  test('that cannot be asked is asked again, and keeps nobody from what else there is to do', async () => {
    const look = async () => {
      throw new NotTaken('unreachable', 'connection failed');
    };
    const world = await handedOver(withDesk({ look }));
    world.desk.behave(['unreachable']);
    await world.says('one');
    await minutes(world, 1);
    expect(world.desk.texts()).toEqual(['one']);
    await minutes(world, 11);
    expect(world.platform.kinds()).toEqual(['ended']);
  });
});

describe('the reminder of a conversation', () => {
  test('is one at most while nothing fails, and none when the bot has it again', async () => {
    const world = await handedOver();
    for (let n = 0; n < 30; n++) {
      if (n % 4 === 0) await world.says(`line ${n}`);
      await minutes(world, 1);
      expect((await remindersOf(world)).length).toBe(1);
    }
    await world.agentLeaves();
    await minutes(world, 6);
    expect(await remindersOf(world)).toEqual([]);
  });

  test('is there for a conversation that an agent took by themselves', async () => {
    const world = chatWorld();
    await world.agentTakes();
    await minutes(world, 12);
    expect(world.platform.kinds()).toEqual(['agent', 'ended']);
    expect(kindsAt(world)).toEqual(['ended']);
  });

  test('ends nothing while somebody speaks, however long it takes', async () => {
    const world = await handedOver();
    for (let n = 0; n < 20; n++) {
      await minutes(world, 6);
      expect(await world.says(`line ${n}`)).toMatchObject({ paused: true });
    }
    expect(world.platform.kinds()).toEqual([]);
  });

  test('is not taken off together with the one that was due at the very moment at which it is put there', async () => {
    const clock = { ...testClock(), sleep: async () => {} };
    const world = chatWorld({ clock });
    Object.assign(world.desk, { latencyMs: 0 });
    await world.asks('Help');
    const endMs = (await world.table.states.read('c-1'))?.pausedUntilMs ?? 0;
    for (let next = 0; next < endMs; await (next < endMs && world.sweeps())) {
      next = (await remindersOf(world))[0]?.atMs ?? endMs;
      clock.advance(next - clock.nowMs());
    }
    world.desk.behave(['unreachable']);
    expect(await world.sweeps()).toMatchObject({ ended: 1 });
    expect(kindsAt(world)).toEqual([]);
    clock.advance(MINUTE_MS);
    expect(await world.sweeps()).toMatchObject({ redelivered: 1 });
    expect(kindsAt(world)).toEqual(['ended']);
  });

  test('of a handover that the desk refused is looked at once', async () => {
    const world = chatWorld();
    world.desk.behave(['refuses']);
    await world.asks('Help');
    await minutes(world, 1);
    expect(world.desk.told).toEqual([]);
    expect(world.platform.kinds()).toEqual([]);
    expect(await remindersOf(world)).toEqual([]);
  });

  test('waits for the next sweep where the table fails, and does not keep it from the others', async () => {
    const clock = runningClock();
    const table = memoryTable();
    const parts = { clock, table, desk: deskModel(clock), platform: platformModel(clock) };
    for (const conversationId of ['c-1', 'c-2']) await chatWorld({ ...parts, conversationId }).asks('Help');
    await clock.sleep(PAUSE_MS);
    const read: Table['states']['read'] = async (conversationId) => {
      if (conversationId === 'c-1') throw new Problem('state_unavailable');
      return table.states.read(conversationId);
    };
    const failing = chatWorld({ ...parts, table: { ...table, states: { ...table.states, read } } });
    expect(await failing.sweeps()).toEqual({ attended: 1, redelivered: 1, ended: 1, left: 1 });
    expect(await chatWorld(parts).sweeps()).toMatchObject({ ended: 1, left: 0 });
    expect(parts.platform.shown.map(({ conversationId }) => conversationId)).toEqual(['c-2', 'c-1']);
  });
});

test('what a sweep could not deliver because the table failed on the way is looked at again', async () => {
  const { clock, table, desk, platform, ...world } = await handedOver();
  desk.behave(['unreachable']);
  await world.ends();
  await clock.sleep(PAUSE_MS);
  const claim = async () => {
    throw new Problem('state_unavailable');
  };
  const parts = { clock, desk, platform };
  await chatWorld({ ...parts, table: { ...table, outbox: { ...table.outbox, claim } } }).sweeps();
  expect(desk.told).toEqual([]);
  await minutes(chatWorld({ ...parts, table }), 1);
  expect(desk.told).toMatchObject([{ event: { kind: 'ended' } }]);
});

test('a conversation in which we make a mistake keeps the sweep from no other, and the mistake is seen', async () => {
  const parts = withDesk({});
  const { platform } = parts.platform;
  const mistaken = {
    ...parts,
    table: memoryTable(),
    platform: {
      ...parts.platform,
      platform: {
        ...platform,
        show: async (...given: Parameters<typeof platform.show>) => {
          if (given[0].conversationId === 'c-0') throw new TypeError('a mistake');
          await platform.show(...given);
        },
      },
    },
  };
  const worlds = Array.from({ length: 20 }, (_, n) => chatWorld({ ...mistaken, conversationId: `c-${n}` }));
  const [first] = worlds;
  for (const world of worlds) await world.asks('Help');
  await parts.clock.sleep(PAUSE_MS + MINUTE_MS);
  await expect(first?.sweeps()).rejects.toThrow('a mistake');
  const told = parts.platform.shown.map(({ conversationId, event }) => `${conversationId} ${event.kind}`);
  expect(told.sort()).toEqual(
    worlds
      .slice(1)
      .map(({ conversationId }) => `${conversationId} ended`)
      .sort(),
  );
});

test('hundreds of conversations whose desk hangs are not too many: the rest is left for the next sweeps', async () => {
  const clock = runningClock();
  const parts = { clock, table: memoryTable(), desk: deskModel(clock), platform: platformModel(clock) };
  const ids = Array.from({ length: 60 }, (_, n) => `c-${n}`);
  for (const conversationId of ids) await chatWorld({ ...parts, conversationId }).asks('Help');
  parts.desk.behave('hangs');
  await Promise.all(ids.map((conversationId) => chatWorld({ ...parts, conversationId }).says('Hello?')));
  await clock.sleep(MINUTE_MS);
  const world = chatWorld(parts);
  const startedMs = clock.monotonicMs();
  const swept = await world.sweeps();
  expect(clock.monotonicMs() - startedMs).toBeLessThan(9_000);
  expect(swept.left).toBeGreaterThan(0);
  parts.desk.behave('well');
  await minutes(world, 4);
  expect(parts.desk.texts()).toHaveLength(60);
});

test('sweeps at the same time do everything once', async () => {
  const world = await handedOver();
  world.desk.behave(['unreachable']);
  await world.says('one');
  await world.clock.sleep(PAUSE_MS);
  const { clock, table, desk, platform } = world;
  const sweepers = Array.from({ length: 5 }, () => chatWorld({ clock, table, desk, platform }));
  const swept = await Promise.all(sweepers.map((sweeper) => sweeper.sweeps()));
  expect(swept.reduce((sum, { redelivered }) => sum + redelivered, 0)).toBe(2);
  expect(kindsAt(world)).toEqual(['said', 'ended']);
  expect(world.platform.kinds()).toEqual(['ended']);
  expect(world.platform.shown).toHaveLength(1);
});

test('a sweep that is killed at any step is made up for by the next', async () => {
  async function scene(): Promise<ChatWorld> {
    const world = await handedOver();
    world.desk.behave(['unreachable']);
    world.platform.behave(['unreachable']);
    await world.says('one');
    await world.agentSays('two', { eventId: 'e-1' });
    await world.clock.sleep(PAUSE_MS);
    return world;
  }
  const all = dyingWorld(await scene(), Number.POSITIVE_INFINITY, 'after');
  await all.world.sweeps();
  expect(all.steps().length).toBeGreaterThan(10);
  for (let at = 1; at <= all.steps().length; at++) {
    for (const when of ['before', 'after'] as const) {
      const world = await scene();
      void dyingWorld(world, at, when)
        .world.sweeps()
        .catch(() => {});
      await world.clock.sleep(20_000);
      await minutes(world, 4);
      const where = `killed ${when} step ${at}, ${all.steps()[at - 1]}`;
      expect(world.desk.texts(), where).toEqual(['one']);
      expect(world.platform.texts(), where).toEqual(['two']);
      expect(new Set(world.platform.kinds()), where).toEqual(new Set(['message', 'ended']));
      expect(world.desk.openTickets(), where).toEqual([]);
      expect(await remindersOf(world), where).toEqual([]);
    }
  }
});
