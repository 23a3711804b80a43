import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../../shared/core/handover/desk-told.ts';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';

const MINUTE_MS = 60_000;
const jane = { name: 'Jane' };

const says = (text: string, isShown = false): DeskEvent => ({ kind: 'says', text, agent: jane, isShown });
const customer = (text: string): DeskEvent => ({ kind: 'customer', text });
const joined: DeskEvent = { kind: 'joined', agent: jane, agentId: 'jane@example.com' };
const left: DeskEvent = { kind: 'left', agent: jane };
const transferring: DeskEvent = { kind: 'transferring' };
const failed: DeskEvent = { kind: 'failed' };
const endedBy = (by: 'agent' | 'customer'): DeskEvent => ({ kind: 'ended', by, agent: jane });

/** A world in which a person has the conversation. */
async function handedOver(options: Parameters<typeof chatWorld>[0] = {}) {
  const world = chatWorld(options);
  await world.asks('A person please');
  return { ...world, handoverId: world.desk.opened[0]?.handoverId ?? '' };
}

const transcript = async ({ table }: ChatWorld) =>
  (await table.transcripts.lines('c-1', 100)).map(({ by, text }) => `${by}: ${text}`);

const stateOf = ({ table }: ChatWorld) => table.states.read('c-1');

const undelivered = ({ desk }: ChatWorld) =>
  desk.told.flatMap(({ event }) => (event.kind === 'undelivered' ? [event.line.text] : []));

describe('what an agent says at the desk', () => {
  test('is shown to the customer once, kept, and pushes the pause on', async () => {
    const world = await handedOver();
    await world.clock.sleep(5 * MINUTE_MS);
    expect(await world.tells(says('Hi, how may I help?'), 'e-1')).toBe('done');
    expect(await world.tells(says('Hi, how may I help?'), 'e-1')).toBe('done');
    expect(world.platform.shown).toMatchObject([
      {
        handoverId: world.handoverId,
        event: { kind: 'message', text: 'Hi, how may I help?', agent: jane, minutesPaused: 10 },
      },
    ]);
    expect(await transcript(world)).toEqual(['customer: A person please', 'agent: Hi, how may I help?']);
    expect(((await stateOf(world))?.pausedUntilMs ?? 0) - world.clock.nowMs()).toBeGreaterThan(9 * MINUTE_MS);
  });

  test('and comes late or twice lengthens no pause beyond when it was said, nor begins one that ran out', async () => {
    const world = await handedOver({ bot: 'web-chat' });
    const saidMs = world.clock.nowMs();
    await world.tells(says('Hi'), 'e-1', { atMs: saidMs });
    await world.clock.sleep(6 * MINUTE_MS);
    await world.tells(says('Hi'), 'e-1', { atMs: saidMs });
    expect((await stateOf(world))?.pausedUntilMs).toBeLessThan(saidMs + 11 * MINUTE_MS);
    await world.clock.sleep(6 * MINUTE_MS);
    const before = await stateOf(world);
    expect(await world.tells(says('Hi'), 'e-1', { atMs: saidMs })).toBe('over');
    expect(await stateOf(world)).toEqual(before);
  });

  test('R9 after the bot has it again is not delivered, and the agent is told once', async () => {
    const world = await handedOver();
    await world.tells(endedBy('agent'), 'e-1');
    expect(await world.tells(says('Still there?'), 'e-2')).toBe('undelivered');
    expect(await world.tells(says('Still there?'), 'e-2')).toBe('undelivered');
    expect(world.platform.texts()).toEqual([]);
    expect(undelivered(world)).toEqual(['Still there?']);
    expect(world.desk.told.at(-1)?.ref).toEqual({
      handoverId: world.handoverId,
      conversationId: 'c-1',
      ticket: `T-${world.handoverId}`,
    });
    expect(await transcript(world)).toContain('system: Not delivered: Still there?');
    expect((await stateOf(world))?.mode).toBe('bot');
  });

  test('and was shown, is not called undelivered when it is told again after the end', async () => {
    const world = await handedOver();
    await world.tells(says('Goodbye'), 'e-1');
    await world.tells(endedBy('agent'), 'e-2');
    await world.tells(says('Goodbye'), 'e-1');
    expect(undelivered(world)).toEqual([]);
    expect(world.platform.texts()).toEqual(['Goodbye']);
  });

  test('in a handover that another one has followed is told back to the agent, and disturbs nobody', async () => {
    const world = await handedOver();
    await world.tells(endedBy('agent'), 'e-1');
    await world.asks('A person again');
    const before = await stateOf(world);
    expect(await world.tells(says('Old words'), 'e-2', { about: { handoverId: world.handoverId } })).toBe(
      'undelivered',
    );
    expect(world.platform.texts()).toEqual([]);
    expect(undelivered(world)).toEqual(['Old words']);
    expect(await stateOf(world)).toEqual(before);
  });

  test('waits for its turn when the platform is away, and is told back when it was tried often enough', async () => {
    const world = await handedOver();
    world.platform.behave('unreachable');
    expect(await world.tells(says('one'), 'e-1')).toBe('waiting');
    await world.tells(says('two'), 'e-2');
    await world.clock.sleep(5_000);
    world.platform.behave(['unreachable']);
    expect(await world.tells(says('three'), 'e-3')).toBe('done');
    expect(world.platform.texts()).toEqual(['two', 'three']);
    expect(undelivered(world)).toEqual(['one']);
  });

  test('that the platform refuses is told back to the agent at once', async () => {
    const world = await handedOver();
    world.platform.behave(['refuses']);
    expect(await world.tells(says('one'), 'e-1')).toBe('undelivered');
    expect(undelivered(world)).toEqual(['one']);
  });

  test('while the handover is still being opened is heard as soon as it is', async () => {
    const world = chatWorld();
    world.desk.latencyMs = 800;
    const asking = world.asks('A person please');
    await world.clock.sleep(200);
    const handoverId = (await stateOf(world))?.handoverId ?? '';
    const speaking = world.tells(says('Hello'), 'e-1', { about: { handoverId } });
    expect(await asking).toMatchObject({ paused: true });
    expect(await speaking).toBe('done');
  });
});

describe('where the customer reads the conversation of the desk itself', () => {
  test('words of both are kept once, nothing is sent, and the pause goes on', async () => {
    const world = await handedOver({ bot: 'web-chat' });
    for (const _ of [1, 2]) {
      await world.tells(says('Hi', true), 'e-1');
      await world.clock.sleep(5);
      await world.tells(customer('My order is late'), 'e-2');
    }
    expect(await transcript(world)).toEqual(['customer: A person please', 'agent: Hi', 'customer: My order is late']);
    expect(world.platform.shown).toEqual([]);
    expect(world.desk.told).toEqual([]);
  });

  test('a word after the pause ran out begins it again under the same handover', async () => {
    for (const event of [says('Sorry for the wait'), customer('Anybody?')]) {
      const world = await handedOver({ bot: 'web-chat' });
      await world.clock.sleep(11 * MINUTE_MS);
      expect(await world.tells(event, 'e-1')).toBe('done');
      expect(await stateOf(world)).toMatchObject({ mode: 'human', handoverId: world.handoverId });
      expect(((await stateOf(world))?.pausedUntilMs ?? 0) - world.clock.nowMs()).toBeGreaterThan(9 * MINUTE_MS);
      expect(undelivered(world)).toEqual([]);
    }
  });

  test('but a handover that was ended is not begun again by a word that comes late: it is only kept', async () => {
    const world = await handedOver({ bot: 'web-chat' });
    await world.tells(endedBy('agent'), 'e-2');
    expect(await world.tells(says('Goodbye'), 'e-1')).toBe('over');
    expect((await stateOf(world))?.mode).toBe('bot');
    expect(await transcript(world)).toContain('agent: Goodbye');
  });
});

describe('who comes and goes', () => {
  test('row 35 an agent who joins is shown and known by the name of their session', async () => {
    const world = await handedOver();
    await world.tells(joined, 'e-1');
    await world.tells(joined, 'e-1');
    expect(world.platform.shown).toMatchObject([{ event: { kind: 'agent', agent: jane, minutesPaused: 10 } }]);
    expect((await world.table.contexts.read(world.handoverId))?.facts.agent).toBe('jane@example.com');
    expect(await transcript(world)).toContain('system: Jane has the conversation');
  });

  test('after a transfer the agent who came last has it, in whatever order it is told', async () => {
    const world = await handedOver();
    const nowMs = world.clock.nowMs();
    await world.clock.sleep(3_000);
    const john: DeskEvent = { kind: 'joined', agent: { name: 'John' }, agentId: 'john@example.com' };
    await world.tells(john, 'e-3', { atMs: nowMs + 2_000 });
    await world.tells(joined, 'e-1', { atMs: nowMs });
    expect((await world.table.contexts.read(world.handoverId))?.facts.agent).toBe('john@example.com');
  });

  test('left is not ended, and a transfer keeps the conversation with people', async () => {
    const world = await handedOver();
    await world.clock.sleep(9 * MINUTE_MS);
    for (const [event, eventId] of [
      [left, 'e-1'],
      [transferring, 'e-2'],
      [left, 'e-1'],
    ] as const)
      expect(await world.tells(event, eventId)).toBe('done');
    await world.clock.sleep(9 * MINUTE_MS);
    expect(await world.says('Hello?')).toMatchObject({ paused: true });
    expect(world.platform.shown).toEqual([]);
    expect((await transcript(world)).filter((line) => line === 'system: Jane has left')).toHaveLength(1);
  });

  test('an agent who comes after the pause ran out has it all the same', async () => {
    const world = await handedOver();
    await world.clock.sleep(11 * MINUTE_MS);
    expect(await world.tells(joined, 'e-1')).toBe('done');
    expect(await world.says('There you are')).toMatchObject({ paused: true });
  });
});

describe('how it ends', () => {
  test.for([
    [endedBy('agent'), 'agent', 0],
    [endedBy('customer'), 'customer', 0],
    [failed, 'failed', 1],
  ] as const)('%j: the bot has it again, both sides know it once', async ([event, reason, closings]) => {
    const world = await handedOver();
    for (const eventId of ['e-1', 'e-1', 'e-2']) await world.tells(event, eventId);
    expect(world.platform.shown).toMatchObject([{ event: { kind: 'ended', reason } }]);
    expect(world.desk.told.filter(({ event }) => event.kind === 'ended')).toHaveLength(closings);
    expect(await transcript(world)).toEqual(['customer: A person please', `system: The handover has ended: ${reason}`]);
    expect(await world.says('Bot?')).toEqual({ paused: false, ended: true });
  });

  test('told while the desk is still being asked: the conversation stays with the bot, nothing stays at the desk', async () => {
    for (const event of [failed, endedBy('agent')]) {
      const world = chatWorld();
      world.desk.latencyMs = 800;
      const asking = world.asks('A person please');
      await world.clock.sleep(200);
      const handoverId = (await stateOf(world))?.handoverId ?? '';
      expect(await world.tells(event, 'e-1', { about: { handoverId } })).toBe('done');
      expect(await asking).toMatchObject({ paused: false });
      expect(world.desk.openTickets()).toEqual([]);
    }
  });

  test('an end that breaks off before the bot is told is completed when it is told again', async () => {
    const world = await handedOver();
    world.platform.behave(['unreachable']);
    expect(await world.tells(endedBy('agent'), 'e-1')).toBe('waiting');
    expect(await world.tells(endedBy('agent'), 'e-1')).toBe('done');
    expect(world.platform.kinds()).toEqual(['ended']);
  });

  test('the end of an older handover, or of another ticket, changes nothing', async () => {
    const world = await handedOver();
    await world.tells(endedBy('agent'), 'e-1');
    await world.asks('A person again');
    const before = await stateOf(world);
    for (const event of [endedBy('agent'), failed, joined, left, transferring]) {
      expect(await world.tells(event, 'e-2', { about: { handoverId: world.handoverId } })).toBe('over');
      const otherTicket = { conversationId: 'c-1', ticket: `T-${world.handoverId}` };
      expect(await world.tells(event, 'e-3', { about: otherTicket })).toBe('over');
    }
    expect(await stateOf(world)).toEqual(before);
  });
});

test('what a web chat tells that is over changes nothing of the handover that came after it', async () => {
  const world = chatWorld();
  await world.table.contexts.link('CH-1', 'c-1', world.clock.nowMs());
  // Whoever takes it by themselves names no ticket of their own.
  await world.agentTakes();
  const before = await stateOf(world);
  expect(before).toMatchObject({ mode: 'human', owner: before?.handoverId });
  const about = { ticket: 'CH-1' };
  for (const event of [endedBy('agent'), failed, says('Bye', true), customer('Bye'), joined, left])
    expect(await world.tells(event, 'e-1', { about })).toBe('over');
  expect(await stateOf(world)).toEqual(before);
  expect(await transcript(world)).toEqual(['system: A person has the conversation']);
});

test('what an agent says of a handover that is over comes back to them also while a web chat has the conversation', async () => {
  const world = await handedOver({ bot: 'web-chat' });
  await world.ends();
  await world.asks('A person again');
  expect(await world.tells(says('Still there?'), 'e-1', { about: { handoverId: world.handoverId } })).toBe(
    'undelivered',
  );
  expect(undelivered(world)).toEqual(['Still there?']);
  expect(world.platform.texts()).toEqual([]);
});

test('an event of a handover or a conversation that nobody knows changes nothing', async () => {
  const world = await handedOver();
  for (const about of [{ handoverId: 'h-unknown' }, { conversationId: 'c-unknown' }])
    for (const event of [says('Hi'), joined, endedBy('agent'), failed])
      expect(await world.tells(event, 'e-1', { about })).toBe('unknown');
  expect(world.platform.shown).toEqual([]);
  expect(world.desk.told).toEqual([]);
});

test('in whatever order and however often events come, each counts once and the end leaves nobody in between', async () => {
  const script: readonly (readonly [DeskEvent, string])[] = [
    [joined, 'e-1'],
    [says('one'), 'e-2'],
    [transferring, 'e-3'],
    [left, 'e-4'],
    [says('two'), 'e-5'],
    [endedBy('agent'), 'e-6'],
    [failed, 'e-7'],
  ];
  const deliveries = fc
    .tuple(fc.array(fc.constantFrom(...script), { maxLength: 8 }), fc.shuffledSubarray([...script], { minLength: 7 }))
    .chain(([again, all]) => fc.shuffledSubarray([...all, ...again], { minLength: 7 + again.length }));
  await fc.assert(
    fc.asyncProperty(deliveries, async (order) => {
      const world = await handedOver();
      for (const [event, eventId] of order) await world.tells(event, eventId);
      expect((await stateOf(world))?.mode).toBe('bot');
      const kinds = world.platform.kinds();
      expect(kinds.filter((kind) => kind === 'ended')).toHaveLength(1);
      expect(kinds.at(-1)).toBe('ended');
      expect(world.platform.shown).toHaveLength(kinds.length);
      // Every word went to the customer or back to the agent, never to both and never nowhere.
      expect([...world.platform.texts(), ...undelivered(world)].sort()).toEqual(['one', 'two']);
    }),
    { numRuns: 60 },
  );
});
