import fc from 'fast-check';
import { expect, test } from 'vitest';
import { botTold } from '../../../shared/bots/index.ts';
import { handoverOfCall } from '../../../shared/core/call/call-handover.ts';
import { decode } from '../../../shared/core/decode.ts';
import { keepTold } from '../../../shared/core/handover/keep-told.ts';
import type { Line } from '../../../shared/core/handover/line.ts';
import { redactor } from '../../../shared/core/handover/redaction.ts';
import { linesOfHandover } from '../../../shared/core/handover/told-lines.ts';
import { readHandover } from '../../../shared/core/handover/whole-handover.ts';
import type { Table } from '../../../shared/core/table.ts';
import cdr from '../../fixtures/watson/cdr.json' with { type: 'json' };
import phone from '../../fixtures/watson/phone-turns.json' with { type: 'json' };
import { testSettings } from '../../support/calls.ts';
import { memoryTable } from '../../support/memory-table.ts';

const accountSid = testSettings.TWILIO_ACCOUNT_SID;
const handoverId = 'habcdefghijklmnop';
const T0 = Date.parse('2026-11-21T10:00:21Z');

/** Tells a table these bodies one after the other, a second apart. */
async function tellAll(table: Table, bodies: readonly unknown[], sinceMs = T0): Promise<void> {
  let nowMs = sinceMs;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, after: () => () => {} };
  for (const body of bodies) {
    await keepTold({ table, clock, accountSid, redact: redactor([]) }, decode(botTold, body));
    nowMs += 1_000;
  }
}

async function seen(table: Table, name: string) {
  const whole = await readHandover(table.contexts, name);
  const lines = whole ? await linesOfHandover(table.transcripts, whole, 100) : [];
  return { facts: whole?.facts, lines };
}

const said = (lines: readonly Line[]) => lines.map(({ by, text }) => [by, text]);
const end = ['system', 'The call with the assistant has ended: assistant_hangup'];

const everything: readonly unknown[] = [...phone.logged, ...phone.processed, cdr.request];

/** Everything at least once, anything more often, in any order. */
const deliveries = (events: readonly unknown[]) =>
  fc
    .tuple(fc.shuffledSubarray([...events], { minLength: events.length }), fc.array(fc.constantFrom(...events)))
    .chain(([all, more]) => fc.shuffledSubarray([...all, ...more], { minLength: all.length + more.length }));

test('row 27: whatever the order and however often it is told, the transcript is the same', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries(everything), async (bodies) => {
      const table = memoryTable();
      await tellAll(table, bodies);
      const { facts, lines } = await seen(table, handoverId);
      expect(said(lines)).toEqual([...phone.transcript, end]);
      expect(facts).toMatchObject({ reason: "The caller's lamp arrived broken", endReason: 'assistant_hangup' });
      expect([...lines].sort((a, b) => a.atMs - b.atMs)).toEqual(lines);
    }),
  );
});

test('what only one of two webhooks knows stays known, whichever came last', async () => {
  const { customerPhone, language } = { customerPhone: '+15005550001', language: 'en' };
  await fc.assert(
    fc.asyncProperty(deliveries([phone.logged[3], phone.processed[3]]), async (bodies) => {
      const table = memoryTable();
      // Before the log says that the answer was given: whatever comes is the newest.
      await tellAll(table, bodies, Date.parse('2026-11-21T10:00:01Z'));
      expect((await seen(table, handoverId)).facts).toMatchObject({ customerPhone, language, topic: 'Broken goods' });
    }),
    { numRuns: 20 },
  );
});

test('the times of the log are kept, whatever the order in which it came', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries([...phone.logged, cdr.request]), async (bodies) => {
      const table = memoryTable();
      await tellAll(table, bodies);
      const { lines } = await seen(table, handoverId);
      expect(lines[1]).toMatchObject({ text: 'Where is my order?', atMs: Date.parse('2026-11-21T10:00:05.621Z') });
    }),
    { numRuns: 20 },
  );
});

test('a call without the header is found by the SID of its leg, once that is linked', async () => {
  const withoutHeader = everything.map((body) =>
    JSON.parse(JSON.stringify(body).replace(/"X-Handover-Id":"\w+",/, '')),
  );
  await fc.assert(
    fc.asyncProperty(deliveries(withoutHeader), async (bodies) => {
      const table = memoryTable();
      await tellAll(table, bodies);
      const leg = handoverOfCall({ AccountSid: accountSid, CallSid: 'CA00000000000000000000000000000002' }) ?? '';
      await table.contexts.tell(handoverId, 'call', { callSid: 'CA00000000000000000000000000000001' }, T0);
      await table.contexts.link(handoverId, leg, T0);
      const { facts, lines } = await seen(table, handoverId);
      expect(said(lines)).toEqual([...phone.transcript, end]);
      expect(facts).toMatchObject({ topic: 'Broken goods', endReason: 'assistant_hangup' });
      expect(facts?.callSid).toBe('CA00000000000000000000000000000001');
    }),
    { numRuns: 20 },
  );
});

test('what a chat’s bot knows is found by the conversation of the handover', async () => {
  const table = memoryTable();
  const body = structuredClone(phone.processed[3]);
  Object(body?.payload.context.integrations).voice_telephony = {};
  await tellAll(table, [body]);
  const conversationId = '7874ec3a-1330-4180-afe1-46bfb220af5b';
  const record = { handoverId: 'h-7', conversationId, openedAtMs: T0, fields: {}, topic: undefined };
  await table.transcripts.putHandover({ ...record, reason: undefined, name: undefined, language: undefined });
  const { facts, lines } = await seen(table, 'h-7');
  expect(facts).toMatchObject({ topic: 'Broken goods' });
  expect(said(lines)).toEqual(phone.transcript.slice(-2));
});

test('words that were heard before their turn was told count once', async () => {
  const table = memoryTable();
  const conversationId = '7874ec3a-1330-4180-afe1-46bfb220af5b';
  const heard: Line = {
    by: 'customer',
    text: 'Where is my order?',
    atMs: Date.parse('2026-11-21T10:00:06Z'),
    id: 'c-1',
  };
  await table.transcripts.add(conversationId, heard);
  await table.transcripts.add(conversationId, { ...heard, text: 'Hello?', id: 'c-2' });
  await tellAll(table, everything);
  const texts = said((await seen(table, handoverId)).lines).map(([, text]) => text);
  expect(texts.filter((text) => text === 'Where is my order?')).toHaveLength(1);
  expect(texts).toContain('Hello?');
});

test('the same words said again later are another line', async () => {
  const table = memoryTable();
  const conversationId = '7874ec3a-1330-4180-afe1-46bfb220af5b';
  const again = { by: 'customer', text: 'Where is my order?', atMs: Date.parse('2026-11-21T10:02:30Z') } as const;
  await table.transcripts.add(conversationId, { ...again, id: 'c-1' });
  await tellAll(table, everything);
  const texts = said((await seen(table, handoverId)).lines).map(([, text]) => text);
  expect(texts.filter((text) => text === again.text)).toHaveLength(2);
});

test('who tells with a clock that is ahead keeps nobody from telling more later', async () => {
  const table = memoryTable();
  const ahead = structuredClone(phone.logged[3]);
  Object(ahead?.payload).response_timestamp = '2027-11-21T10:00:00.000Z';
  const later = structuredClone(phone.logged[3]);
  Object(later?.payload).response_timestamp = '2026-11-21T10:00:22.000Z';
  Object(later?.payload).response.output.generic[1].topic = 'Another lamp';
  await tellAll(table, [ahead, later]);
  expect((await seen(table, handoverId)).facts?.topic).toBe('Another lamp');
});

test('two sessions of one call have lines of their own, with ids that differ', async () => {
  const table = memoryTable();
  const second = JSON.parse(JSON.stringify(phone.logged[0]).replace(/7874ec3a/g, '00000000'));
  await tellAll(table, [phone.logged[0], second]);
  const { lines } = await seen(table, handoverId);
  expect(said(lines)).toEqual([phone.transcript[0], phone.transcript[0]]);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(2);
});

const plain = (lines: readonly unknown[]) => ({ conversationId: 'c-1', lines });
const plainLines = async (table: Table) => said(await table.transcripts.lines('c-1', 100));

test('a plain bot’s lines are kept in the order in which they came together', async () => {
  const texts = ['e', 'd', 'c', 'b', 'a'];
  const table = memoryTable();
  await tellAll(table, [plain(texts.map((text) => ({ by: 'bot', text })))]);
  expect((await plainLines(table)).map(([, text]) => text)).toEqual(texts);
});

test('the same line without an id, told again at the same time, is one; said twice it stays two', async () => {
  const table = memoryTable();
  const lines = [
    { by: 'customer', text: 'yes', atMs: T0 - 5_000 },
    { by: 'customer', text: 'yes', atMs: T0 - 5_000 },
    { by: 'customer', text: 'yes', atMs: T0 - 4_000 },
  ];
  await tellAll(table, [plain(lines), plain(lines), plain(lines)]);
  expect(await plainLines(table)).toHaveLength(3);
});

test('a plain bot’s lines with ids and times make the same transcript in any order of any parts', async () => {
  const all = Array.from({ length: 6 }, (_, n) => ({
    by: n % 2 === 0 ? 'customer' : 'bot',
    text: `line ${n}`,
    atMs: T0 - 60_000 + n * 1_000,
    id: `l-${n}`,
  }));
  const parts = fc.array(fc.shuffledSubarray(all, { minLength: 1 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(parts, async (some) => {
      const table = memoryTable();
      await tellAll(table, [...some.map(plain), plain([...all].reverse())]);
      expect(await table.transcripts.lines('c-1', 100)).toEqual(all);
    }),
  );
});

test('lines without a time that are told in two requests, as quickly as can be, do not cross', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), async (count, afterMs) => {
      const table = memoryTable();
      const texts = Array.from({ length: count }, (_, n) => `first ${n}`);
      await tellAll(table, [plain(texts.map((text) => ({ by: 'bot', text })))]);
      await tellAll(table, [plain([{ by: 'customer', text: 'second' }])], T0 + afterMs);
      const lines = await table.transcripts.lines('c-1', 1_000);
      expect(lines.map(({ text }) => text)).toEqual([...texts, 'second']);
      expect(lines.every(({ atMs }) => Number.isInteger(atMs))).toBe(true);
    }),
    { numRuns: 30 },
  );
});
