import { describe, expect, test } from 'vitest';
import { isPaused } from '../../../shared/core/handover/ownership.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Table } from '../../../shared/core/table.ts';
import { type ChatWorld, chatWorld, deskModel, platformModel } from '../../support/chat-world.ts';
import { wrapTable } from '../../support/jittery-table.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { type Choices, everyOrder, type Scheduler, scheduler } from '../../support/scheduler.ts';

/** Items that both sides may change: only where these are asked for does the order matter. */
const SHARED = /^(states|outbox|once)\./;

const PAUSE_MS = 10 * 60_000;

/** What somebody does, and what they were told of it. */
const deeds = {
  asks: (world: ChatWorld) => world.asks('a person'),
  says: (world: ChatWorld) => world.says('words'),
  ends: (world: ChatWorld) => world.ends(),
  takes: (world: ChatWorld) => world.agentTakes(),
  leaves: (world: ChatWorld) => world.agentLeaves(),
  answers: (world: ChatWorld) => world.agentSays('an answer'),
  'an agent joins': (world: ChatWorld) => world.tells({ kind: 'joined', agent: undefined, agentId: 'bo' }, 'joined'),
  'a desk says': (world: ChatWorld) =>
    world.tells({ kind: 'says', text: 'a word', agent: undefined, isShown: false }, 'word'),
  'a desk ends': (world: ChatWorld) => world.tells({ kind: 'ended', by: 'agent', agent: undefined }, 'ended'),
  'a desk fails': (world: ChatWorld) => world.tells({ kind: 'failed' }, 'failed'),
  types: (world: ChatWorld) => world.types(),
  // Looks only where the pause is over.
  attends: (world: ChatWorld) => world.sweeps(),
} as const;
type Deed = keyof typeof deeds;

const beginnings = {
  'the bot has it': async () => {},
  'a person has it': (world: ChatWorld) => world.asks(),
  'the pause is over': async (world: ChatWorld) => {
    await world.asks();
    await world.clock.sleep(PAUSE_MS);
  },
} as const;
type Beginning = keyof typeof beginnings;

/** Last write wins: what a store does that does not look. */
function careless(table: Table): Table {
  const { states } = table;
  const swap: typeof states.swap = async (conversationId, _, next) => {
    await states.swap(conversationId, await states.read(conversationId), next);
    return true;
  };
  return { ...table, states: { ...states, swap } };
}

interface Crossing {
  readonly beginning: Beginning;
  readonly pair: readonly [Deed, Deed];
  readonly store: (table: Table) => Table;
}

/** Two instances over one table, one desk and one platform, and a third one before and after. */
function instances(order: Scheduler, store: (table: Table) => Table) {
  const { clock } = order;
  const table = store(memoryTable());
  const desk = deskModel(clock);
  const platform = platformModel(clock);
  Object.assign(desk, { latencyMs: 0 });
  Object.assign(platform, { latencyMs: 0 });
  const parts = { clock, table, desk, platform };
  const instance = (actor: number) => {
    const { step } = order;
    return chatWorld({
      clock,
      table: wrapTable(table, (name, does) => (SHARED.test(name) ? step(actor, name, does) : does())),
      desk: {
        ...desk,
        desk: {
          open: (...args) => step(actor, 'desk.open', () => desk.desk.open(...args)),
          tell: (...args) => step(actor, 'desk.tell', () => desk.desk.tell(...args)),
        },
      },
      platform: {
        ...platform,
        platform: { show: (...args) => step(actor, 'platform.show', () => platform.platform.show(...args)) },
      },
    });
  };
  return { calm: chatWorld(parts), one: instance(1), other: instance(2) };
}

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work
    .then((outcome) => (typeof outcome === 'string' ? { outcome } : outcome))
    .catch((error: unknown) => {
      if (error instanceof Problem) return { problem: error.code };
      throw error;
    });

const timesIn = (list: readonly string[], text: string) => list.filter((one) => one === text).length;

/** What is wrong after two deeds crossed; nothing, if all is well. */
async function wrongAfter(calm: ChatWorld, pair: readonly Deed[], answers: readonly unknown[]): Promise<string[]> {
  const { table, desk, platform, clock, conversationId } = calm;
  const state = await table.states.read(conversationId);
  const humanHasIt = isPaused(state, clock.nowMs());
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => holds || faults.push(what);

  // What waits in an outbox is on its way: whoever comes next delivers it.
  const probe = await calm.says('probe');
  must(probe.paused === humanHasIt, 'who has it is not who answers');
  must(timesIn(desk.texts(), 'probe') === (humanHasIt ? 1 : 0), 'the next words go to the wrong one');

  const told = (deed: Deed) => answers.filter((_, n) => pair[n] === deed).map((answer) => Object(answer));
  const saidToPerson = told('says').filter(({ paused }) => paused).length > 0;
  must(timesIn(desk.texts(), 'words') === (saidToPerson ? 1 : 0), 'the customer is told something else than happened');
  const delivered = told('answers').filter((answer) => answer.delivered).length;
  must(timesIn(platform.texts(), 'an answer') === delivered, 'an agent is told something else than happened');
  const unclear = told('answers').filter((answer) => !answer.delivered && answer.problem !== 'not_paused');
  must(unclear.length === 0, 'an agent is not told what happened');

  const words = told('a desk says').some((heard) => heard.outcome === 'done');
  must(timesIn(platform.texts(), 'a word') === (words ? 1 : 0), 'a desk is told something else than happened');

  // Whoever asks for a person or sends them away hears it in the answer; everything else is shown.
  const last = platform.kinds().findLast((kind) => kind === 'agent' || kind === 'ended');
  const isShown = !pair.includes('asks') && !pair.includes('ends') && last !== undefined;
  must(!isShown || (last === 'agent') === humanHasIt, `the customer is shown last: ${last}`);
  // A desk that gives it back need not be told that it is over.
  const isGivenBack = pair.includes('leaves') || pair.includes('a desk ends');
  must(desk.openTickets().length <= (isGivenBack ? 2 : 1), 'two tickets');
  return faults;
}

/** Plays one order of one crossing. */
async function playsOnce({ beginning, pair, store }: Crossing, choices: Choices) {
  const order = scheduler(choices);
  const { calm, one, other } = instances(order, store);
  await order.play(beginnings[beginning](calm));
  const both = Promise.all([outcomeOf(deeds[pair[0]](one)), outcomeOf(deeds[pair[1]](other))]);
  const widths = await order.play(both);
  const faults = wrongAfter(calm, pair, await both);
  await order.play(faults);
  return { widths, faults: await faults };
}

const names = Object.keys(deeds) as readonly Deed[];
const pairs = names.flatMap((one, n) => names.slice(n).map((other) => [one, other] as const));

async function wrongOrders(crossing: Crossing): Promise<readonly string[]> {
  const wrong: string[] = [];
  await everyOrder(async (choices) => {
    const { widths, faults } = await playsOnce(crossing, choices);
    if (faults.length > 0) wrong.push(`${faults.join('; ')} in the order ${choices.join(',')}`);
    return widths;
  });
  return wrong;
}

describe.for(Object.keys(beginnings) as Beginning[])('while %s', (beginning) => {
  test.for(pairs)('%s and %s, in every order of their steps, end right', async (pair) => {
    const wrong = await wrongOrders({ beginning, pair, store: (table) => table });
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

test('a store in which the last write wins does not stand this', async () => {
  const crossing = { beginning: 'the bot has it', pair: ['asks', 'asks'], store: careless } as const;
  expect((await wrongOrders(crossing)).length).toBeGreaterThan(0);
});
