import { describe, expect, test } from 'vitest';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';
import { diesAfterDesk, dyingWorld } from '../../support/dying-world.ts';

/** Longer than every lease and claim. */
const LEASES_OVER_MS = 6_000;

const text = 'Is anybody there?';
const event = { eventId: 'e-1' };
const word = { kind: 'says', text, agent: undefined, isShown: false } as const;

interface Scenario {
  readonly name: string;
  begins(world: ChatWorld): Promise<unknown>;
  /** What is killed, and then delivered again. */
  does(world: ChatWorld): Promise<unknown>;
  /** What must be true in the end, as if nothing had happened. */
  holds(world: ChatWorld, answer: unknown): Promise<void>;
}

async function lines(world: ChatWorld): Promise<readonly string[]> {
  return (await world.table.transcripts.lines(world.conversationId, 100)).map((line) => line.text);
}

async function nothingWaits(world: ChatWorld): Promise<void> {
  for (const to of ['desk', 'bot'] as const)
    expect(await world.table.outbox.waiting(world.conversationId, to)).toEqual([]);
}

const scenarios: readonly Scenario[] = [
  {
    name: 'CP3, CP4, CP5: a person is asked for',
    begins: async () => {},
    does: (world) => world.asks(text, { lines: [{ by: 'bot', text: 'Hello' }] }),
    async holds(world, answer) {
      expect(answer).toMatchObject({ paused: true });
      expect(new Set(world.desk.opened.map(({ handoverId }) => handoverId)).size).toBe(1);
      expect(world.desk.openTickets()).toHaveLength(1);
      expect(await lines(world)).toEqual(['Hello', text]);
      expect(await world.says('Hello?')).toMatchObject({ paused: true });
    },
  },
  {
    name: 'CP7, CP8: the customer says something',
    begins: (world) => world.asks(),
    does: (world) => world.says(text),
    async holds(world, answer) {
      expect(answer).toMatchObject({ paused: true });
      expect(world.desk.texts()).toEqual([text]);
      expect(await lines(world)).toEqual([text]);
      await nothingWaits(world);
    },
  },
  {
    name: 'CP7 to CP10: an agent says something',
    begins: (world) => world.asks(),
    does: (world) => world.agentSays(text, event),
    async holds(world, answer) {
      expect(answer).toMatchObject({ delivered: true });
      expect(world.platform.texts()).toEqual([text]);
      expect(await lines(world)).toEqual([text]);
      await nothingWaits(world);
    },
  },
  {
    name: 'CP9, CP10: an agent takes a conversation that the bot has',
    begins: async () => {},
    does: (world) => world.agentTakes(event),
    async holds(world, answer) {
      expect(answer).toMatchObject({ delivered: true });
      expect(world.platform.kinds()).toEqual(['agent']);
      expect(await world.says('Hello?')).toMatchObject({ paused: true });
      const state = await world.table.states.read(world.conversationId);
      expect(await world.table.transcripts.handover(state?.handoverId ?? '')).toBeDefined();
    },
  },
  {
    name: 'CP9, CP10: an agent gives the conversation back',
    begins: (world) => world.asks(),
    does: (world) => world.agentLeaves(event),
    async holds(world, answer) {
      expect(answer).toMatchObject({ delivered: true });
      expect(world.platform.kinds()).toEqual(['ended']);
      expect(await world.says('Bot?')).toMatchObject({ paused: false });
      await nothingWaits(world);
    },
  },
  {
    name: 'CP7, CP8: a desk tells what an agent says',
    begins: (world) => world.asks(),
    does: (world) => world.tells(word, 'e-1'),
    async holds(world, answer) {
      expect(answer).toBe('done');
      expect(world.platform.texts()).toEqual([text]);
      expect(await lines(world)).toEqual([text]);
      await nothingWaits(world);
    },
  },
  {
    name: 'CP7, CP8: a desk tells what an agent says too late',
    begins: (world) => world.asks().then(() => world.ends()),
    does: (world) => world.tells(word, 'e-1'),
    async holds(world, answer) {
      expect(answer).toBe('undelivered');
      expect(world.platform.texts()).toEqual([]);
      const told = world.desk.told.flatMap(({ event: { kind }, eventId }) => (kind === 'undelivered' ? [eventId] : []));
      expect(new Set(told).size).toBe(1);
      await nothingWaits(world);
    },
  },
  {
    name: 'a desk tells that an agent has joined',
    begins: (world) => world.asks(),
    does: (world) => world.tells({ kind: 'joined', agent: undefined, agentId: 'bo' }, 'e-1'),
    async holds(world, answer) {
      expect(answer).toBe('done');
      expect(world.platform.kinds()).toEqual(['agent']);
      const handoverId = world.desk.opened[0]?.handoverId ?? '';
      expect((await world.table.contexts.read(handoverId))?.facts.agent).toBe('bo');
      await nothingWaits(world);
    },
  },
  {
    name: 'a desk tells that an agent has ended it',
    begins: (world) => world.asks(),
    does: (world) => world.tells({ kind: 'ended', by: 'agent', agent: undefined }, 'e-1'),
    async holds(world, answer) {
      expect(answer).toBe('done');
      expect(world.platform.kinds()).toEqual(['ended']);
      expect(await world.says('Bot?')).toMatchObject({ paused: false });
      await nothingWaits(world);
    },
  },
  {
    name: 'a desk tells that nobody took it',
    begins: (world) => world.asks(),
    does: (world) => world.tells({ kind: 'failed' }, 'e-1'),
    async holds(world, answer) {
      expect(answer).toBe('done');
      expect(world.platform.kinds()).toEqual(['ended']);
      expect(await world.says('Bot?')).toMatchObject({ paused: false });
      expect(world.desk.openTickets()).toEqual([]);
      await nothingWaits(world);
    },
  },
  {
    name: 'the customer ends it',
    begins: (world) => world.asks(),
    does: (world) => world.ends(),
    async holds(world, answer) {
      expect(answer).toMatchObject({ paused: false });
      expect(world.desk.openTickets()).toEqual([]);
      expect(await world.says('Bot?')).toMatchObject({ paused: false });
      await nothingWaits(world);
    },
  },
];

describe.for(scenarios)('$name', ({ begins, does, holds }) => {
  test('killed before or after any step and delivered again, it ends as if nothing had happened', async () => {
    const whole = chatWorld();
    await begins(whole);
    const all = dyingWorld(whole, Number.POSITIVE_INFINITY, 'after');
    await holds(whole, await does(all.world));
    expect(all.steps().length).toBeGreaterThan(4);

    for (let at = 1; at <= all.steps().length; at++) {
      for (const when of ['before', 'after'] as const) {
        const world = chatWorld();
        await begins(world);
        void does(dyingWorld(world, at, when).world).catch(() => {});
        await world.clock.sleep(LEASES_OVER_MS);
        const answer = await does(world);
        try {
          await holds(world, answer);
        } catch (error) {
          throw new Error(`killed ${when} step ${at}, ${all.steps()[at - 1]}`, { cause: error });
        }
      }
    }
  });
});

/** The same, a moment later: the desk has it. */
async function hasDiedAfterDesk(world: ChatWorld): Promise<void> {
  await diesAfterDesk(world);
  await world.clock.sleep(100);
  expect(world.desk.opened).toHaveLength(1);
}

test('a handover whose opening broke off is ended with the next message: the desk does not wait for a customer', async () => {
  const world = chatWorld();
  await hasDiedAfterDesk(world);
  await world.clock.sleep(LEASES_OVER_MS);
  expect(await world.says('Hello?')).toMatchObject({ paused: false });
  expect(world.desk.openTickets()).toEqual([]);
});

test('who asks again while a broken opening still has its lease hears that it is in progress', async () => {
  const world = chatWorld();
  await hasDiedAfterDesk(world);
  const startedMs = world.clock.monotonicMs();
  expect(await world.asks('Help')).toEqual({ paused: false, ended: false, reason: 'in_progress' });
  expect(world.clock.monotonicMs() - startedMs).toBeLessThan(3_500);
});

test('a customer who ends it while it is being opened by one who dies: the desk hears of it with the next handover', async () => {
  const world = chatWorld();
  await hasDiedAfterDesk(world);
  await world.ends();
  await world.clock.sleep(LEASES_OVER_MS);
  await world.asks('Help again');
  await world.says('Hello?');
  expect(world.desk.openTickets()).toHaveLength(1);
});

test('an agent who takes a conversation whose opener died hears that it is in progress, until the lease is over', async () => {
  const world = chatWorld();
  await hasDiedAfterDesk(world);
  await expect(world.agentTakes()).rejects.toMatchObject({ code: 'in_progress' });
  await world.clock.sleep(LEASES_OVER_MS);
  expect(await world.agentTakes()).toMatchObject({ delivered: true });
});

test('an event whose first delivery died is in progress until its lease is over', async () => {
  const world = chatWorld();
  await world.asks();
  void dyingWorld(world, 2, 'before')
    .world.agentSays(text, event)
    .catch(() => {});
  await expect(world.agentSays(text, event)).rejects.toMatchObject({ code: 'in_progress' });
  await world.clock.sleep(LEASES_OVER_MS);
  expect(await world.agentSays(text, event)).toMatchObject({ delivered: true });
});
