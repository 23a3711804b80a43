import { expect, test } from 'vitest';
import type { OwnershipState } from '../../../shared/core/handover/ownership.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Table } from '../../../shared/core/table.ts';
import { chatWorld, deskModel, platformModel } from '../../support/chat-world.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { runningClock } from '../../support/running-clock.ts';

const MINUTE_MS = 60_000;

test('a handover is opened at the desk before the bot falls silent, and carries why and what was said', async () => {
  const world = chatWorld();
  const history = [
    { by: 'customer' as const, text: 'Hello' },
    { by: 'bot' as const, text: 'Hello, what can I do for you?' },
  ];
  const standing = await world.asks('A person please', { topic: 'billing', fields: { plan: 'gold' }, lines: history });
  expect(standing).toMatchObject({ paused: true, untilMs: expect.any(Number) });
  expect(world.desk.opened).toMatchObject([{ conversationId: 'c-1', topic: 'billing', fields: { plan: 'gold' } }]);
  expect(world.desk.linesAtOpen[0]?.map(({ text }) => text)).toEqual([
    'Hello',
    'Hello, what can I do for you?',
    'A person please',
  ]);
  const [opened] = world.desk.opened;
  expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'human', owner: `T-${opened?.handoverId}` });
});

test('what was logged before goes to the desk too', async () => {
  const world = chatWorld();
  await world.table.transcripts.add('c-1', { by: 'customer', text: 'Where is my order?', atMs: 1, id: 'l-1' });
  await world.asks('A person please');
  expect(world.desk.linesAtOpen[0]?.map(({ text }) => text)).toEqual(['Where is my order?', 'A person please']);
});

test('words that asked for a person and stand in the history as well are one line', async () => {
  const world = chatWorld();
  await world.asks('A person please', {
    lines: [
      { by: 'customer', text: 'A person please' },
      { by: 'bot', text: 'One moment' },
    ],
  });
  expect(world.desk.linesAtOpen[0]?.map(({ text }) => text)).toEqual(['A person please', 'One moment']);
});

test('a desk learns of every line, however many there are', async () => {
  const world = chatWorld();
  await world.asks('A person please', { lines: Array.from({ length: 900 }, (_, n) => ({ by: 'bot', text: `${n}` })) });
  expect(world.desk.linesAtOpen[0]).toHaveLength(901);
});

test('without a handover the bot has the conversation, and asking costs one read', async () => {
  const reads: string[] = [];
  const table = memoryTable();
  const counted = {
    ...table,
    states: {
      ...table.states,
      read: (id: string) => {
        reads.push(id);
        return table.states.read(id);
      },
    },
  };
  const world = chatWorld({ table: counted });
  expect(await world.says('Hello')).toEqual({ paused: false, ended: false });
  expect(reads).toEqual(['c-1']);
  expect(world.desk.told).toEqual([]);
});

test('what the customer says during the pause reaches the desk in order and pushes the pause on', async () => {
  const world = chatWorld();
  const first = await world.asks('A person please');
  await world.clock.sleep(5 * MINUTE_MS);
  const second = await world.says('Are you there?');
  await world.says('Hello?');
  expect(world.desk.texts()).toEqual(['Are you there?', 'Hello?']);
  if (!first.paused || !second.paused) throw new Error('the bot is not paused');
  expect(second.untilMs - first.untilMs).toBeGreaterThan(4 * MINUTE_MS);
  const lines = await world.table.transcripts.lines('c-1', 10);
  expect(lines.map(({ text }) => text)).toEqual(['A person please', 'Are you there?', 'Hello?']);
  expect(await world.table.outbox.waiting('c-1', 'desk')).toEqual([]);
});

test('the same words delivered again at once are one line and reach the desk once', async () => {
  const world = chatWorld();
  await world.asks();
  await Promise.all([world.says('Hello?'), world.says('Hello?')]);
  await world.says('Hello?');
  expect(world.desk.told.filter(({ event }) => event.kind === 'said')).toHaveLength(1);
});

test('a repeated request for a person opens nothing new and goes on with the pause', async () => {
  const world = chatWorld();
  await world.asks('A person please');
  await world.clock.sleep(MINUTE_MS);
  const again = await world.asks('A person please, really');
  expect(again.paused).toBe(true);
  expect(world.desk.opened).toHaveLength(1);
  expect(world.desk.texts()).toEqual(['A person please, really']);
});

test.for(['refuses', 'unreachable', 'hangs', 'breaks-off-after'] as const)(
  'a desk that %s leaves the conversation with the bot, and says why',
  async (how) => {
    const world = chatWorld();
    world.desk.behave([how]);
    const startedMs = world.clock.monotonicMs();
    expect(await world.asks('A person please')).toMatchObject({
      paused: false,
      ended: false,
      reason: 'desk_unavailable',
    });
    expect(world.clock.monotonicMs() - startedMs).toBeLessThan(3_500);
    expect(await world.table.states.read('c-1')).toMatchObject({ mode: 'bot' });
    expect(await world.says('Hello?')).toMatchObject({ paused: false });
  },
);

test.for(['hangs', 'breaks-off-after'] as const)(
  'a desk that may have taken a handover before it %s is told that it is over',
  async (how) => {
    const world = chatWorld();
    world.desk.behave([how]);
    await world.asks('A person please');
    expect(world.desk.openTickets()).toEqual([]);
    expect(world.desk.told.map(({ event }) => event)).toEqual([{ kind: 'ended', reason: 'failed' }]);
  },
);

test('a desk that surely has not heard of a handover is not told that it is over', async () => {
  const world = chatWorld();
  world.desk.behave(['unreachable']);
  await world.asks('A person please');
  expect(world.desk.told).toEqual([]);
});

test('a desk that fails during the pause gets the words with the next event, in order', async () => {
  const world = chatWorld();
  await world.asks();
  world.desk.behave(['hangs']);
  expect(await world.says('one')).toMatchObject({ paused: true });
  expect(world.desk.texts()).toEqual([]);
  expect(await world.says('two')).toMatchObject({ paused: true });
  expect(world.desk.texts()).toEqual(['one', 'two']);
});

test('after three tries the bot has the conversation again, and the desk hears of it with the next event', async () => {
  const world = chatWorld();
  await world.asks();
  world.desk.behave('unreachable');
  expect(await world.says('one')).toMatchObject({ paused: true });
  expect(await world.says('two')).toMatchObject({ paused: true });
  await world.clock.sleep(5_000);
  expect(await world.says('three')).toMatchObject({ paused: false });
  expect(await world.says('four')).toMatchObject({ paused: false });
  expect((await world.table.outbox.waiting('c-1', 'desk')).map(({ eventId }) => eventId)).toContainEqual(
    expect.stringMatching(/-ended$/),
  );
});

test('a desk that refuses the words has closed its ticket: the bot answers them', async () => {
  const world = chatWorld();
  await world.asks();
  world.desk.behave('refuses');
  expect(await world.says('Hello?')).toEqual({ paused: false, ended: false });
  expect(await world.says('Bot?')).toMatchObject({ paused: false });
});

test.for([
  [-1, true],
  [0, false],
  [1, false],
] as const)('a message %d ms from the end of the pause: paused is %s', async ([offsetMs, paused]) => {
  const world = chatWorld();
  const standing = await world.asks();
  if (!standing.paused) throw new Error('the bot is not paused');
  await world.clock.sleep(standing.untilMs - world.clock.nowMs() + offsetMs);
  expect(await world.says('Hello?')).toMatchObject({ paused });
});

test('a pause that ran out is ended with the next message, and the desk is told once', async () => {
  const world = chatWorld();
  await world.asks();
  await world.clock.sleep(10 * MINUTE_MS);
  expect(await world.says('Hello?')).toEqual({ paused: false, ended: false });
  expect(await world.says('Bot?')).toEqual({ paused: false, ended: true });
  expect(world.desk.told.map(({ event }) => event)).toEqual([{ kind: 'ended', reason: 'expired' }]);
});

test('a new handover after a pause that ran out is another one, and the old one is ended at the desk', async () => {
  const world = chatWorld();
  await world.asks('first');
  await world.clock.sleep(10 * MINUTE_MS);
  await world.asks('second');
  await world.says('Hello?');
  const [first, second] = world.desk.opened.map(({ handoverId }) => handoverId);
  expect(second).not.toBe(first);
  expect(world.desk.openTickets()).toEqual([second]);
});

test('the customer ends it: the desk is told once, whatever is repeated', async () => {
  const world = chatWorld();
  await world.asks();
  expect(await world.ends('Thank you, bye')).toEqual({ paused: false, ended: true });
  await world.ends();
  expect(world.desk.texts()).toEqual(['Thank you, bye']);
  expect(world.desk.told.filter(({ event }) => event.kind === 'ended')).toMatchObject([
    { event: { kind: 'ended', reason: 'customer' } },
  ]);
  expect(await world.says('Bot?')).toEqual({ paused: false, ended: true });
});

test('typing reaches the desk while it has the conversation, and only then', async () => {
  const world = chatWorld();
  expect(await world.types()).toMatchObject({ paused: false });
  await world.asks();
  expect(await world.types()).toMatchObject({ paused: true });
  world.desk.behave('hangs');
  expect(await world.types()).toMatchObject({ paused: true });
  expect(world.desk.told.map(({ event }) => event.kind)).toEqual(['typing']);
});

test('200 lines at once are all kept and all reach the desk, each once', async () => {
  const world = chatWorld();
  await world.asks();
  const texts = Array.from({ length: 200 }, (_, n) => `line ${n}`);
  const standings = await Promise.all(texts.map((text) => world.says(text)));
  expect(standings.every(({ paused }) => paused)).toBe(true);
  const lines = await world.table.transcripts.lines('c-1', 1_000);
  expect(lines.map(({ text }) => text).sort()).toEqual([...texts].sort());
  for (let n = 0; (await world.table.outbox.waiting('c-1', 'desk')).length > 0 && n < 20; n++) {
    await world.clock.sleep(6_000);
    await world.says(`and then ${n}`);
  }
  const told = world.desk.told.map(({ eventId }) => eventId);
  expect(new Set(told).size).toBe(told.length);
  const reached = new Set(world.desk.texts());
  expect(texts.filter((text) => !reached.has(text))).toEqual([]);
});

/** A table on which nothing comes back. */
function hangingTable(clock = runningClock()) {
  const never = async () => {
    await clock.sleep(60_000);
    throw new Error('unreachable');
  };
  const part = () => new Proxy({}, { get: () => never });
  return { clock, table: new Proxy(memoryTable(), { get: part }) };
}

test('a table that hangs when a person is asked for: the bot goes on, in time, and says why', async () => {
  const world = chatWorld({ ...hangingTable(), inDoubt: 'person' });
  const startedMs = world.clock.monotonicMs();
  expect(await world.asks('A person please')).toEqual({ paused: false, ended: false, reason: 'state_unavailable' });
  expect(world.clock.monotonicMs() - startedMs).toBeLessThan(3_500);
  expect(world.desk.opened).toEqual([]);
});

test('a table that hangs when a paused platform has a message: the words go to the desk, paused for a minute', async () => {
  const world = chatWorld({ ...hangingTable(), inDoubt: 'person' });
  const startedMs = world.clock.monotonicMs();
  const standing = await world.says('Hello?');
  expect(standing).toEqual({ paused: true, untilMs: world.clock.nowMs() + MINUTE_MS });
  expect(world.clock.monotonicMs() - startedMs).toBeLessThan(3_500);
  expect(world.desk.texts()).toEqual(['Hello?']);
});

test('with table and desk away the bot answers the message', async () => {
  const world = chatWorld({ ...hangingTable(), inDoubt: 'person' });
  world.desk.behave('unreachable');
  expect(await world.says('Hello?')).toEqual({ paused: false, ended: false, reason: 'state_unavailable' });
});

test('a table that hangs when a bot asks before its turn: the bot answers', async () => {
  const world = chatWorld(hangingTable());
  expect(await world.says('Hello?')).toEqual({ paused: false, ended: false, reason: 'state_unavailable' });
  expect(world.desk.told).toEqual([]);
});

test('without the table a slow desk still gets the words', async () => {
  const world = chatWorld({ ...hangingTable(), inDoubt: 'person' });
  world.desk.latencyMs = 1_000;
  expect(await world.says('Hello?')).toMatchObject({ paused: true });
  expect(world.desk.texts()).toEqual(['Hello?']);
});

/** A world in which a part of the table fails from now on. */
async function without(part: 'outbox' | 'transcripts', how: 'fails' | 'hangs', inDoubt: 'bot' | 'person' = 'person') {
  const clock = runningClock();
  const table = memoryTable();
  const parts = { clock, desk: deskModel(clock), platform: platformModel(clock), inDoubt };
  const broken = new Proxy(table[part], {
    get: () => async () => {
      if (how === 'hangs') await clock.sleep(60_000);
      throw new Problem('state_unavailable');
    },
  });
  return { ...chatWorld({ ...parts, table: { ...table, [part]: broken } }), well: chatWorld({ ...parts, table }) };
}

test.for([
  ['bot', 'fails'],
  ['bot', 'hangs'],
  ['person', 'fails'],
  ['person', 'hangs'],
] as const)(
  'words that cannot be written down go to the desk that is known to have it: %s, %s',
  async ([inDoubt, how]) => {
    const world = await without('outbox', how, inDoubt);
    await world.well.asks();
    const [opened] = world.desk.opened;
    expect(await world.says('Hello?')).toMatchObject({ paused: true });
    expect(world.desk.told).toMatchObject([
      { ref: { handoverId: opened?.handoverId, ticket: `T-${opened?.handoverId}` }, event: { kind: 'said' } },
    ]);
  },
);

test.for([
  ['is back', { paused: true }, ['Hello?']],
  ['stays away', { paused: false, reason: 'state_unavailable' }, []],
] as const)(
  'words that could not be written down and that the desk may not have either are never just dropped: the table %s',
  async ([then, standing, texts]) => {
    const clock = runningClock();
    const table = memoryTable();
    const parts = { clock, desk: deskModel(clock), platform: platformModel(clock) };
    const well = chatWorld({ ...parts, table });
    await well.asks();
    let puts = 0;
    const put: Table['outbox']['put'] = async (parcel) => {
      if (puts++ === 0 || then === 'stays away') throw new Problem('state_unavailable');
      return table.outbox.put(parcel);
    };
    parts.desk.behave(['hangs']);
    const away = chatWorld({ ...parts, table: { ...table, outbox: { ...table.outbox, put } } });
    expect(await away.says('Hello?')).toMatchObject(standing);
    await clock.sleep(MINUTE_MS);
    await well.sweeps();
    expect(parts.desk.texts()).toEqual(texts);
  },
);

test('words whose line could not be stored are in the transcript when the desk has them', async () => {
  const clock = runningClock();
  const table = memoryTable();
  const parts = { clock, desk: deskModel(clock), platform: platformModel(clock) };
  const well = chatWorld({ ...parts, table });
  await well.asks();
  const add = async () => {
    throw new Problem('state_unavailable');
  };
  await chatWorld({ ...parts, table: { ...table, transcripts: { ...table.transcripts, add } } }).says('one');
  await clock.sleep(6_000);
  await well.says('two');
  expect(well.desk.texts()).toEqual(['one', 'two']);
  expect((await table.transcripts.lines('c-1', 9)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('a transcript that hangs keeps nobody waiting, and the desk is not asked', async () => {
  const world = await without('transcripts', 'hangs');
  const startedMs = world.clock.monotonicMs();
  expect(await world.asks('Help')).toMatchObject({ paused: false, reason: 'state_unavailable' });
  expect(world.clock.monotonicMs() - startedMs).toBeLessThan(3_500);
  expect(world.desk.opened).toEqual([]);
  expect(await world.well.says('Bot?')).toMatchObject({ paused: false });
});

test('a desk that may have taken a handover is told that it is over even when that cannot be written down', async () => {
  const world = await without('outbox', 'fails');
  world.desk.behave(['breaks-off-after']);
  expect(await world.asks('Help')).toMatchObject({ paused: false });
  expect(world.desk.openTickets()).toEqual([]);
});

test('a customer who ends it while it is being opened leaves no ticket behind', async () => {
  const world = chatWorld();
  world.desk.latencyMs = 800;
  const asking = world.asks('Help');
  await world.clock.sleep(200);
  world.desk.latencyMs = 5;
  expect(await world.ends()).toEqual({ paused: false, ended: true });
  expect(await asking).toMatchObject({ paused: false });
  expect(world.desk.opened).toHaveLength(1);
  expect(world.desk.openTickets()).toEqual([]);
});

test('words that the desk refuses while it takes later ones do not end the handover', async () => {
  const world = chatWorld();
  await world.asks();
  world.desk.behave(['unreachable', 'refuses']);
  await world.says('one');
  expect(await world.says('two')).toMatchObject({ paused: true });
  expect(world.desk.texts()).toEqual(['two']);
});

test('an opening that another request has taken over is left to that one', async () => {
  const clock = runningClock();
  const table = memoryTable();
  const desk = deskModel(clock);
  const taking = {
    ...table.states,
    async swap(id: string, from: OwnershipState | undefined, next: OwnershipState) {
      const now = await table.states.read(id);
      if (next.mode === 'human' && now?.owner === from?.owner)
        await table.states.swap(id, now, {
          ...next,
          mode: 'pending',
          owner: 'r-other',
          pausedUntilMs: clock.nowMs() + 4_500,
        });
      return table.states.swap(id, from, next);
    },
  };
  const world = chatWorld({ clock, desk, table: { ...table, states: taking } });
  expect(await world.asks('Help')).toEqual({ paused: false, ended: false, reason: 'in_progress' });
  expect(desk.openTickets()).toHaveLength(1);
});

test('two worlds over one table are one conversation', async () => {
  const clock = runningClock();
  const parts = { clock, table: memoryTable(), desk: deskModel(clock), platform: platformModel(clock) };
  const [one, other] = [chatWorld(parts), chatWorld(parts)];
  await one.asks();
  expect(await other.says('Hello?')).toMatchObject({ paused: true });
});

test('a bot that is told with the answer hears once why it has the conversation again', async () => {
  const world = chatWorld({ hearsOfReturn: true });
  expect(await world.says('Hello')).not.toHaveProperty('returned');
  await world.asks('A person please');
  await world.agentLeaves({ does: { kind: 'leaves', botEvent: 'SURVEY' } });
  const answers = await Promise.all(['Thanks', 'Bye', 'Bye bye'].map((text) => world.says(text)));
  const told = answers.flatMap((answer) => ('returned' in answer ? [answer.returned] : []));
  expect(told).toEqual([{ reason: 'agent', botEvent: 'SURVEY' }]);
  expect(await world.says('Hello again')).not.toHaveProperty('returned');
});

test('it hears so of a pause that ran out, and of a next handover anew', async () => {
  const world = chatWorld({ hearsOfReturn: true });
  for (const round of ['first', 'second']) {
    await world.asks('A person please');
    await world.clock.sleep(10 * MINUTE_MS);
    expect(await world.says(`${round} word`)).toMatchObject({ paused: false, returned: { reason: 'expired' } });
    expect(await world.says(`${round} word more`)).not.toHaveProperty('returned');
  }
});

test('a bot that is told in another way leaves what there is to tell where it is', async () => {
  const world = chatWorld();
  await world.asks('A person please');
  await world.agentLeaves();
  expect(await world.says('Thanks')).toEqual({ paused: false, ended: true });
  expect((await world.table.states.read('c-1'))?.returned).toEqual({ reason: 'agent', botEvent: undefined });
});

test('a table that goes away when the bot is to be told takes nothing but that', async () => {
  const table = memoryTable();
  const world = chatWorld({ table, hearsOfReturn: true });
  await world.asks('A person please');
  await world.agentLeaves();
  const away = { ...table, states: { ...table.states, swap: () => Promise.reject(new Problem('state_unavailable')) } };
  const unlucky = chatWorld({ clock: world.clock, table: away, hearsOfReturn: true });
  expect(await unlucky.says('Thanks')).toEqual({ paused: false, ended: true });
  expect(await world.says('Hello?')).toMatchObject({ returned: { reason: 'agent' } });
});

test('what is said to a bot that tells nothing itself is there when a person comes, once', async () => {
  const world = chatWorld({ keepsWords: true });
  for (const text of ['Where is my order?', 'Where is my order?', 'I want a person']) await world.says(text);
  await world.asks();
  expect(world.desk.linesAtOpen[0]?.map(({ by, text }) => `${by}: ${text}`)).toEqual([
    'customer: Where is my order?',
    'customer: I want a person',
  ]);
});

test('words that cannot be kept keep nobody from the bot', async () => {
  const table = memoryTable();
  const add = () => Promise.reject(new Problem('state_unavailable'));
  const world = chatWorld({ table: { ...table, transcripts: { ...table.transcripts, add } }, keepsWords: true });
  expect(await world.says('Hello')).toEqual({ paused: false, ended: false });
});

test('a bot is told why it has the conversation again also when somebody else writes at that moment', async () => {
  const table = memoryTable();
  const world = chatWorld({ table, hearsOfReturn: true });
  await world.asks('A person please');
  await world.agentLeaves();
  let others = 1;
  const swap: typeof table.states.swap = async (id, from, next) => {
    if (others-- > 0 && from) await table.states.swap(id, from, { ...from, seq: from.seq + 1, deskSeq: 9 });
    return table.states.swap(id, from, next);
  };
  const crossed = chatWorld({
    clock: world.clock,
    table: { ...table, states: { ...table.states, swap } },
    hearsOfReturn: true,
  });
  expect(await crossed.says('Thanks')).toMatchObject({ returned: { reason: 'agent' } });
  expect(await crossed.says('Bye')).not.toHaveProperty('returned');
});
