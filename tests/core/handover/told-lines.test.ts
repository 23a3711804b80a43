import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Line } from '../../../shared/core/handover/line.ts';
import { linesOfHandover } from '../../../shared/core/handover/told-lines.ts';
import { sampleHandover, sampleLine } from '../../contracts/store.ts';
import { memoryTable } from '../../support/memory-table.ts';

const said = (id: string, atMs: number, text = id): Line => ({ ...sampleLine, id, atMs, text });

const places = ['c-record', 'c-linked', 'c-other', 'h-1'] as const;

/** A handover that began in one conversation, has two linked ones and its own name; beside it another's conversation. */
const record = { ...sampleHandover, handoverId: 'h-1', conversationId: 'c-record' };
const context = { handoverId: 'h-1', record, conversations: ['c-linked', 'c-other'] };

async function tableWith(lines: readonly (readonly [string, Line])[]) {
  const { transcripts } = memoryTable();
  for (const [conversationId, line] of lines) await transcripts.add(conversationId, line);
  return transcripts;
}

test('the lines of the first, the linked and the own conversation read as one, in order of time', async () => {
  const transcripts = await tableWith([
    ['c-linked', said('b', 2)],
    ['c-record', said('a', 1)],
    ['h-1', said('c', 3)],
    ['c-record', said('d', 4)],
    ['somebody else', said('e', 2)],
  ]);
  const ids = async (limit: number) => (await linesOfHandover(transcripts, context, limit)).map(({ id }) => id);
  expect(await ids(10)).toEqual(['a', 'b', 'c', 'd']);
  expect(await ids(2)).toEqual(['c', 'd']);
  expect(await ids(0)).toEqual([]);
});

test('a call that nobody has opened a handover for still has what was said under its name', async () => {
  const transcripts = await tableWith([['h-1', said('a', 1)]]);
  const nothing = { handoverId: 'h-1', record: undefined, conversations: [] };
  expect(await linesOfHandover(transcripts, nothing, 10)).toEqual([said('a', 1)]);
});

test('a conversation that is linked twice over, or is the first one, is read once', async () => {
  const transcripts = await tableWith([['c-record', said('a', 1)]]);
  const reads: string[] = [];
  const counting = {
    lines(conversationId: string, limit: number) {
      reads.push(conversationId);
      return transcripts.lines(conversationId, limit);
    },
  };
  await linesOfHandover(counting, { ...context, conversations: ['c-record', 'h-1'] }, 10);
  expect(reads.sort()).toEqual(['c-record', 'h-1']);
});

test('bots that count their lines alike in two conversations lose none of them', async () => {
  const transcripts = await tableWith([
    ['c-record', said('1', 1, 'Hello')],
    ['c-linked', said('1', 3, 'Good morning')],
    ['c-linked', said('2', 4, 'Which order?')],
    ['c-record', said('2', 2, 'Bye')],
    ['h-1', said('2', 5, 'Which order?')],
    ['c-other', said('1', 6, 'Hello')],
  ]);
  expect(await linesOfHandover(transcripts, context, 10)).toEqual([
    said('1', 1, 'Hello'),
    said('2', 2, 'Bye'),
    said('1@c-linked', 3, 'Good morning'),
    said('2@c-linked', 4, 'Which order?'),
  ]);
});

test('wherever a line was delivered and however often, it is there once, at its oldest time, and the newest are kept', async () => {
  const delivery = fc.record({
    place: fc.constantFrom(...places),
    id: fc.constantFrom('l-1', 'l-2', 'l-3', 'l-4'),
    text: fc.constantFrom('yes', 'no'),
    atMs: fc.nat(20),
  });
  const deliveries = fc.array(delivery, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 15 }), async (delivered, limit) => {
      const transcripts = await tableWith(delivered.map(({ place, id, atMs, text }) => [place, said(id, atMs, text)]));
      const kept = (await Promise.all(places.map((place) => transcripts.lines(place, 100)))).flat();
      const oldestMs = new Map<string, number>();
      for (const { id, text, atMs } of kept)
        oldestMs.set(`${id} ${text}`, Math.min(atMs, oldestMs.get(`${id} ${text}`) ?? atMs));

      const lines = await linesOfHandover(transcripts, context, limit);

      expect(lines.map(({ atMs }) => atMs)).toEqual([...oldestMs.values()].sort((a, b) => a - b).slice(-limit));
      expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
      for (const { id, text, atMs } of lines) expect(atMs).toBe(oldestMs.get(`${id.split('@')[0]} ${text}`));
    }),
  );
});

test('what a history tells again of what customer and agent said to each other is there once, and nothing else is left out', async () => {
  const customer = (id: string, atMs: number, text: string): Line => ({ by: 'customer', id, atMs, text });
  const agent = (id: string, atMs: number, text: string): Line => ({ by: 'agent', id, atMs, text });
  const transcripts = await tableWith([
    ['c-record', customer('c-1', 1_000, 'A person, please')],
    ['c-record', agent('a-1', 5_000, 'Yes?')],
    ['c-record', customer('c-2', 8_000, 'Yes?')],
    ['c-record', agent('d-1', 9_000, 'Bye')],
    // The history of the next handover.
    ['c-record', customer('m-1', 500, 'A person, please')],
    ['c-record', agent('m-2', 5_400, 'Yes?')],
    ['c-record', agent('m-3', 6_000, 'Yes?')],
    ['c-record', customer('m-4', 7_900, 'Yes?')],
    ['c-record', agent('m-5', 9_100, 'Bye')],
    ['c-record', customer('m-6', 18_001, 'Yes?')],
    ['c-record', { by: 'bot', id: 'm-7', atMs: 19_000, text: 'Bye' }],
  ]);
  const lines = await linesOfHandover(transcripts, context, 100);
  expect(lines.map(({ id }) => id)).toEqual(['c-1', 'a-1', 'm-3', 'c-2', 'd-1', 'm-6', 'm-7']);
});
