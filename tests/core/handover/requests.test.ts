import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../shared/runtimes/system.ts';
import { engines, type TestTable } from '../../store/engines.ts';
import { noteRequests } from '../../store/sent-requests.ts';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';

let aheadMs = 0;
const clock = {
  ...systemClock,
  nowMs: () => systemClock.nowMs() + aheadMs,
  sleep: (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve)),
};

let opened: TestTable;
let sent: ReturnType<typeof noteRequests>;
beforeAll(async () => {
  opened = await engines.dynalite();
  sent = noteRequests(opened.connection);
});
afterAll(() => opened.stop());

const newWorld = () => chatWorld({ clock, table: opened.table, conversationId: randomUUID() });

const history = [
  { by: 'customer' as const, text: 'Hello' },
  { by: 'bot' as const, text: 'Hello!' },
];

/** What docs/handover.md says, by its words. */
const operations: readonly (readonly [
  string,
  (world: ChatWorld) => Promise<unknown>,
  (world: ChatWorld) => Promise<unknown>,
])[] = [
  ['the bot asks, nobody was asked for', async () => {}, (world) => world.says('Hello')],
  [
    'the same, where the words are kept',
    async () => {},
    ({ conversationId }) => chatWorld({ clock, table: opened.table, conversationId, keepsWords: true }).says('Hello'),
  ],
  ['a person is asked for, with history', async () => {}, (world) => world.asks('Help', { lines: history })],
  [
    'a person is asked for, the desk refuses',
    async (world) => world.desk.behave(['refuses']),
    (world) => world.asks('Help'),
  ],
  ['the customer says something to a person', (world) => world.asks(), (world) => world.says('Hello?')],
  [
    'the same, a second time within a second',
    (world) => world.asks().then(() => world.says('Hello?')),
    (world) => world.says('You?'),
  ],
  ['the customer types', (world) => world.asks(), (world) => world.types()],
  ['the customer ends it', (world) => world.asks(), (world) => world.ends()],
  [
    'an agent says something, with an event id',
    (world) => world.asks(),
    (world) => world.agentSays('Hi', { eventId: 'e-1' }),
  ],
  ['an agent says something, without', (world) => world.asks(), (world) => world.agentSays('Hi')],
  ['an agent types', (world) => world.asks(), (world) => world.pushes({ kind: 'types', minutes: undefined })],
  ['an agent gives the conversation back', (world) => world.asks(), (world) => world.agentLeaves()],
  [
    'a desk tells what an agent says',
    (world) => world.asks(),
    (world) => world.tells({ kind: 'says', text: 'Hi', agent: undefined, isShown: false }, 'e-1'),
  ],
  [
    'the same, where the customer has read it',
    (world) => world.asks(),
    (world) => world.tells({ kind: 'says', text: 'Hi', agent: undefined, isShown: true }, 'e-1'),
  ],
  [
    'a desk tells that an agent has joined',
    (world) => world.asks(),
    (world) => world.tells({ kind: 'joined', agent: undefined, agentId: 'bo' }, 'e-1'),
  ],
  [
    'a desk tells that it is over',
    (world) => world.asks(),
    (world) => world.tells({ kind: 'ended', by: 'agent', agent: undefined }, 'e-1'),
  ],
  ['a desk tells that nobody took it', (world) => world.asks(), (world) => world.tells({ kind: 'failed' }, 'e-1')],
];

test('what is asked of the table is what docs/handover.md says', async () => {
  const said = readFileSync(new URL('../../../docs/handover.md', import.meta.url), 'utf8');
  const counted: Record<string, string> = {};
  for (const [name, before, does] of operations) {
    const world = newWorld();
    await before(world);
    // More than the second for which a pause is not lengthened again.
    if (!name.includes('second')) aheadMs += 1_000;
    sent.take();
    await does(world);
    const commands = sent.take().map(({ command }) => command);
    const reads = commands.filter((command) => /Get|Query/.test(command)).length;
    counted[name] = `| ${name} | ${reads} | ${commands.length - reads} |`;
  }
  for (const row of Object.values(counted)) expect(said).toContain(row);
});

test('what a sweep asks of the table is what docs/handover.md says', async () => {
  const said = readFileSync(new URL('../../../docs/handover.md', import.meta.url), 'utf8');
  const own = await engines.dynalite();
  try {
    const world = chatWorld({ clock, table: own.table });
    const asked = noteRequests(own.connection);
    const counts = async () => {
      aheadMs += 10 * 60_000;
      asked.take();
      await world.sweeps();
      const commands = asked.take().map(({ command }) => command);
      const reads = commands.filter((command) => /Get|Query/.test(command)).length;
      return `${reads} | ${commands.length - reads} |`;
    };
    expect(said).toContain(`| \`sweep\` asks what is due, for conversations | ${await counts()}`);
    await world.asks('Help');
    aheadMs -= 5 * 60_000;
    // Beside the question what is due.
    expect(await counts()).toBe('12 | 2 |');
    expect(said).toContain('| `sweep` looks at a conversation that a person has | 4 | 2 |');
  } finally {
    await own.stop();
  }
});
