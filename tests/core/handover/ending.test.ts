import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../../shared/core/handover/desk-told.ts';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';
import { diesAfterDesk, dyingWorld } from '../../support/dying-world.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = 10 * MINUTE_MS;

const says: DeskEvent = { kind: 'says', text: 'Still there?', agent: undefined, isShown: false };
const endedBy = (by: 'agent' | 'customer'): DeskEvent => ({ kind: 'ended', by, agent: undefined });

/** Somebody asks for a person, and the instance dies when the desk has just taken it. */
async function breaksOff(world: ChatWorld): Promise<void> {
  await diesAfterDesk(world);
  await world.clock.sleep(6_000);
}

async function handedOver(world: ChatWorld): Promise<void> {
  await world.asks('Help');
}

async function runsOut(world: ChatWorld): Promise<void> {
  await world.asks('Help');
  await world.clock.sleep(PAUSE_MS);
}

async function sweeps(world: ChatWorld, times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    await world.clock.sleep(MINUTE_MS);
    await world.sweeps();
  }
}

const reasonsAt = ({ desk }: ChatWorld) =>
  desk.told.flatMap(({ event }) => (event.kind === 'ended' ? [event.reason] : []));

const reasonsShown = ({ platform }: ChatWorld) =>
  platform.shown.flatMap(({ event }) => (event.kind === 'ended' ? [event.reason] : []));

const marks = async ({ table }: ChatWorld) =>
  (await table.transcripts.lines('c-1', 100)).flatMap(
    ({ text }) => /^The handover has ended: (.*)$/.exec(text)?.[1] ?? [],
  );

interface Way {
  /** As docs/handover.md calls it. */
  readonly name: string;
  begins(world: ChatWorld): Promise<unknown>;
  ends(world: ChatWorld): Promise<unknown>;
  readonly reason: string;
  /** How the bot hears of it: an event, or the answer to its own question. */
  readonly bot: 'event' | 'answer';
  readonly desk: 'told' | 'did it';
}

const ways: readonly Way[] = [
  {
    name: 'an agent gives it back (`handover-push`)',
    begins: handedOver,
    ends: (world) => world.agentLeaves(),
    reason: 'agent',
    bot: 'event',
    desk: 'did it',
  },
  {
    name: 'an agent ends it at the desk (`desk-events`)',
    begins: handedOver,
    ends: (world) => world.tells(endedBy('agent'), 'e-1'),
    reason: 'agent',
    bot: 'event',
    desk: 'did it',
  },
  {
    name: 'the customer ends it with the bot (`pause-check`, `end`)',
    begins: handedOver,
    ends: (world) => world.ends(),
    reason: 'customer',
    bot: 'answer',
    desk: 'told',
  },
  {
    name: 'the customer leaves where the desk sees it (`desk-events`)',
    begins: handedOver,
    ends: (world) => world.tells(endedBy('customer'), 'e-1'),
    reason: 'customer',
    bot: 'event',
    desk: 'did it',
  },
  {
    name: "it expires, found by the customer's next message",
    begins: runsOut,
    ends: (world) => world.says('Hello?'),
    reason: 'expired',
    bot: 'answer',
    desk: 'told',
  },
  {
    name: 'it expires, found when the customer asks for a person again',
    begins: runsOut,
    ends: (world) => world.asks('Another person'),
    reason: 'expired',
    bot: 'answer',
    desk: 'told',
  },
  {
    name: 'it expires, and an agent writes too late (`handover-push`)',
    begins: runsOut,
    ends: (world) => world.agentSays('Still there?').catch(() => {}),
    reason: 'expired',
    bot: 'event',
    desk: 'told',
  },
  {
    name: "it expires, found by an agent's word (`desk-events`)",
    begins: runsOut,
    ends: (world) => world.tells(says, 'e-1'),
    reason: 'expired',
    bot: 'event',
    desk: 'told',
  },
  {
    name: 'it expires, found by `sweep`',
    begins: runsOut,
    ends: (world) => world.sweeps(),
    reason: 'expired',
    bot: 'event',
    desk: 'told',
  },
  {
    name: "its opening broke off, found by the customer's next message",
    begins: breaksOff,
    ends: (world) => world.says('Hello?'),
    reason: 'failed',
    bot: 'answer',
    desk: 'told',
  },
  {
    name: 'its opening broke off, found by `sweep`',
    begins: breaksOff,
    ends: (world) => world.sweeps(),
    reason: 'failed',
    bot: 'event',
    desk: 'told',
  },
  {
    name: 'nobody takes it at the desk (`desk-events`)',
    begins: handedOver,
    ends: (world) => world.tells({ kind: 'failed' }, 'e-1'),
    reason: 'failed',
    bot: 'event',
    desk: 'told',
  },
  {
    name: "the desk is gone, found by the customer's next message",
    async begins(world) {
      await world.asks('Help');
      world.desk.behave('unreachable');
      await world.says('one');
      await world.says('two');
      await world.clock.sleep(5_000);
    },
    async ends(world) {
      await world.says('three');
      world.desk.behave('well');
    },
    reason: 'failed',
    bot: 'answer',
    desk: 'told',
  },
  {
    name: 'the desk is gone, found by `sweep`',
    async begins(world) {
      await world.asks('Help');
      world.desk.behave(['unreachable', 'unreachable', 'unreachable']);
      await world.says('one');
    },
    ends: (world) => sweeps(world, 2),
    reason: 'failed',
    bot: 'event',
    desk: 'told',
  },
];

test('docs/handover.md says of each way who hears of it how', () => {
  const page = readFileSync(new URL('../../../docs/handover.md', import.meta.url), 'utf8');
  for (const { name, reason, bot, desk } of ways)
    expect(page).toContain(`| ${name} | \`${reason}\` | ${bot} | ${desk} |`);
});

describe.for(ways)('$name', ({ begins, ends, reason, bot, desk }) => {
  /** What both sides have heard of the first handover, and what the transcript says. */
  async function holds(world: ChatWorld): Promise<void> {
    expect(reasonsAt(world)).toEqual(desk === 'told' ? [reason] : []);
    expect(reasonsShown(world)).toEqual(bot === 'event' ? [reason] : []);
    expect(await marks(world)).toEqual([reason]);
  }

  test('each side hears of it once, and the transcript says why', async () => {
    const world = chatWorld();
    await begins(world);
    await ends(world);
    await sweeps(world, 3);
    await holds(world);
  });

  test('also when it is found by several at once', async () => {
    const world = chatWorld();
    await begins(world);
    await Promise.all([ends(world), ends(world)]);
    await sweeps(world, 3);
    await holds(world);
  });

  test('killed at any step, each side hears of it once all the same', async () => {
    const whole = chatWorld();
    await begins(whole);
    const all = dyingWorld(whole, Number.POSITIVE_INFINITY, 'after');
    await ends(all.world);
    for (let at = 1; at <= all.steps().length; at++) {
      for (const when of ['before', 'after'] as const) {
        const world = chatWorld();
        await begins(world);
        void ends(dyingWorld(world, at, when).world).catch(() => {});
        await world.clock.sleep(20_000);
        world.desk.behave('well');
        // Nobody says anything any more: by the end of the pause at the latest somebody looks.
        await sweeps(world, 14);
        const where = `killed ${when} step ${at}, ${all.steps()[at - 1]}`;
        // Another handover may have been begun, which ends like the first.
        const ended = await marks(world);
        expect(ended.length, where).toBeGreaterThan(0);
        if (desk === 'told') expect(world.desk.openTickets(), where).toEqual([]);
        for (const heard of [world.desk.told, world.platform.shown]) {
          const ends = heard.filter(({ event }) => event.kind === 'ended').map(({ eventId }) => eventId);
          expect(new Set(ends).size, where).toBeLessThanOrEqual(ended.length);
        }
        expect(await world.says('Bot?'), where).toMatchObject({ paused: false });
        for (const to of ['desk', 'bot'] as const)
          expect(await world.table.outbox.waiting('c-1', to), where).toEqual([]);
      }
    }
  });
});

test("an agent's word that comes too late shows nothing; one who takes it anew ends what was before", async () => {
  const world = chatWorld();
  await runsOut(world);
  await expect(world.agentSays('Still there?')).rejects.toMatchObject({ code: 'not_paused' });
  expect(reasonsShown(world)).toEqual([]);
  await sweeps(world);
  expect(reasonsShown(world)).toEqual(['expired']);
  const other = chatWorld();
  await runsOut(other);
  await other.agentTakes({ stamp: { handoverId: 'h-other', seq: undefined } });
  expect(other.platform.kinds()).toEqual(['ended', 'agent']);
  await sweeps(other);
  expect(other.desk.openTickets()).toEqual([]);
  expect(await other.says('Hello?')).toMatchObject({ paused: true });
});

test('a handover whose end nobody told the desk before another began is ended there all the same', async () => {
  const whole = chatWorld();
  await runsOut(whole);
  const all = dyingWorld(whole, Number.POSITIVE_INFINITY, 'after');
  await all.world.says('Hello?');
  const world = chatWorld();
  await runsOut(world);
  void dyingWorld(world, all.steps().indexOf('states.swap') + 1, 'after')
    .world.says('Hello?')
    .catch(() => {});
  await world.clock.sleep(20_000);
  await world.asks('A person again');
  await world.says('Are you there?');
  expect(reasonsAt(world)).toEqual(['expired']);
  expect(world.desk.openTickets()).toEqual([world.desk.opened.at(-1)?.handoverId]);
});
