import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { linesOfHandover } from '../../shared/core/handover/told-lines.ts';
import { putState } from '../../stage/table/put-state.ts';
import { engines, startMs, type TestTable } from '../store/engines.ts';

let opened: TestTable;
const learned: string[] = [];

beforeAll(async () => {
  opened = await engines.dynalite();
});
beforeEach(() => {
  learned.length = 0;
});
afterAll(() => opened.stop());

const put = (input: unknown) =>
  putState(
    {
      client: opened.connection.client,
      table: opened.name,
      nowMs: startMs,
      learn: (conversationId, handoverId) => learned.push(`${conversationId} ${handoverId}`),
    },
    input,
  );

async function linesOf(handoverId: string): Promise<readonly string[]> {
  const { contexts, transcripts } = opened.table;
  const context = await contexts.read(handoverId);
  if (!context) return [];
  return (await linesOfHandover(transcripts, context, 100)).map(({ by, text }) => `${by}: ${text}`);
}

test('a transcript alone is a handover called h-1 that has it, in the words of others', async () => {
  const transcript = [
    { from: 'bot', text: 'How may I help?' },
    { from: 'user', text: '<script>alert(1)</script>' },
    { from: 'assistant', text: 'One moment.' },
    { from: 'agent', text: 'Hello, this is Jane.' },
  ];
  expect(await put({ transcript })).toMatchObject({ conversationId: 'bot-1:user-1', mode: 'human', handoverId: 'h-1' });
  expect(await opened.table.states.read('bot-1:user-1')).toMatchObject({ mode: 'human', handoverId: 'h-1' });
  expect(await linesOf('h-1')).toEqual([
    'bot: How may I help?',
    'customer: <script>alert(1)</script>',
    'bot: One moment.',
    'agent: Hello, this is Jane.',
  ]);
  expect(learned).toEqual(['bot-1:user-1 h-1']);
});

test('facts and linked conversations stand with the handover, and it is among those opened of late', async () => {
  await put({ conversationId: 'linked', lines: [{ by: 'bot', text: 'On the phone' }] });
  await put({
    conversationId: 'c-2',
    mode: 'pending',
    handoverId: 'h-2',
    lines: [{ by: 'customer', text: 'In the chat' }],
    facts: { bot: { topic: 'billing' }, wish: { topic: 'other', name: 'Ada' } },
    links: ['linked'],
  });
  const context = await opened.table.contexts.read('h-2');
  expect(context).toMatchObject({ facts: { topic: 'billing', name: 'Ada' }, conversations: ['linked'] });
  expect((await linesOf('h-2')).toSorted()).toEqual(['bot: On the phone', 'customer: In the chat']);
  const opening = { handoverId: 'h-2', conversationId: 'c-2', kind: 'chat', openedAtMs: startMs };
  expect(await opened.table.openings.newest(startMs, 9)).toContainEqual(opening);
});

test('facts go in as they are given, broken ones too, and who tells them must be known', async () => {
  await put({ conversationId: 'c-3', mode: 'human', handoverId: 'h-3', facts: { bot: { topic: 1 }, cdr: { S: '{' } } });
  expect(await opened.table.contexts.read('h-3')).toMatchObject({ facts: {}, told: { bot: undefined } });
  await expect(put({ conversationId: 'c-3', facts: { nobody: {} } })).rejects.toMatchObject({ name: 'Problem' });
});
