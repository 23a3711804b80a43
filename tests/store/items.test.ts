import { randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Line } from '../../shared/core/handover/line.ts';
import type { RawItem } from '../../shared/store/attributes.ts';
import { openItems } from '../../shared/store/items.ts';
import { hashed, keyOf } from '../../shared/store/keys.ts';
import { tableOf } from '../../shared/store/table.ts';
import {
  sampleCall,
  sampleChat,
  sampleHandover,
  sampleLine,
  sampleOpening,
  sampleParcel,
  sampleState,
} from '../contracts/store.ts';
import { engineNames, engines, startMs, type TestTable } from './engines.ts';

function bytesOf(value: AttributeValue | undefined): number {
  if (value?.S !== undefined) return Buffer.byteLength(value.S);
  if (value?.B !== undefined) return value.B.byteLength;
  if (value?.L !== undefined) return value.L.reduce((bytes, entry) => bytes + 1 + bytesOf(entry), 3);
  return 21;
}

const sizeOf = (item: RawItem) =>
  Object.entries(item).reduce((bytes, [name, value]) => bytes + Buffer.byteLength(name) + bytesOf(value), 0);

describe.for(engineNames)('on %s', (name) => {
  let opened: TestTable;
  beforeAll(async () => {
    opened = await engines[name]();
  });
  afterAll(() => opened.stop());

  const itemsOf = async (conversationId: string) =>
    (await opened.scan()).filter(({ pk }) => pk?.S === `CONV#${conversationId}`);

  const lineOf = (text: string, n = 0): Line => ({ ...sampleLine, id: `l-${n}`, atMs: startMs + n, text });

  test('a call that waits for its time is kept until then, however short the transcripts are kept', async () => {
    const dayMs = 86_400_000;
    const { connection, clock, name: table } = opened;
    const { calls, due } = tableOf(openItems({ connection, table, clock, transcriptDays: 1 }));
    const dueAtMs = startMs + 20 * dayMs;
    await calls.create({ ...sampleCall, requestId: 'r-waits', status: 'scheduled', dueAtMs });
    await calls.create({ ...sampleCall, requestId: 'r-now', dueAtMs: undefined });
    await due.add('r-waits', dueAtMs);
    const keptMs = new Map((await opened.scan()).map(({ pk, ttlSec }) => [pk?.S, Number(ttlSec?.N) * 1_000]));
    expect(keptMs.get('CALL#r-waits')).toBeGreaterThan(dueAtMs + dayMs);
    expect(keptMs.get('CALL#r-now')).toBe(startMs + dayMs);
    expect(keptMs.get('DUE#2099-01-21')).toBeGreaterThan(dueAtMs + 7 * dayMs);
  });

  test('a history that does not compress is stored in items below 350 KB and read back whole', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => lineOf(randomBytes(24_000).toString('base64'), n));
    await opened.table.transcripts.putHistory('random', 'h-1', lines);
    const items = await itemsOf('random');
    expect(items.length).toBeGreaterThan(2);
    expect(Math.max(...items.map(sizeOf))).toBeLessThan(350_000);
    expect(await opened.table.transcripts.lines('random', 100)).toEqual(lines);
  });

  test('one line of a megabyte in a history is stored and read back whole', async () => {
    const line = lineOf(randomBytes(750_000).toString('base64'));
    await opened.table.transcripts.putHistory('megabyte', 'h-1', [line]);
    expect(Math.max(...(await itemsOf('megabyte')).map(sizeOf))).toBeLessThan(350_000);
    expect(await opened.table.transcripts.lines('megabyte', 1)).toEqual([line]);
  });

  test('a history of emoji and broken pairs is read back whole', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => lineOf(`${'👩‍👩‍👧‍👦🏳️‍🌈'.repeat(500)}${n}`, n));
    const halfPair = lineOf('half a pair \ud83d', 99);
    await opened.table.transcripts.putHistory('emoji', 'h-1', [...lines, halfPair]);
    expect(await opened.table.transcripts.lines('emoji', 100)).toEqual([...lines, halfPair]);
  });

  test('a small history is one item, and a shorter one takes the place of a longer one', async () => {
    await opened.table.transcripts.putHistory('small', 'h-1', [lineOf('hello')]);
    expect(await itemsOf('small')).toHaveLength(1);
    await opened.table.transcripts.putHistory('small', 'h-1', [lineOf(randomBytes(600_000).toString('base64'))]);
    await opened.table.transcripts.putHistory('small', 'h-1', [lineOf('hello again')]);
    expect(await opened.table.transcripts.lines('small', 9)).toEqual([lineOf('hello again')]);
  });

  test('a history that could not be stored whole leaves the one before as it is', async () => {
    const { client } = opened.connection;
    await opened.table.transcripts.putHistory('crash', 'h-1', [lineOf('before')]);
    let sent = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        if (++sent > 2) throw new Error('the process has ended');
        return next(args);
      },
      { step: 'initialize', name: 'crash' },
    );
    const long = [lineOf(randomBytes(750_000).toString('base64'))];
    await expect(opened.table.transcripts.putHistory('crash', 'h-1', long)).rejects.toThrow();
    client.middlewareStack.remove('crash');
    expect(await opened.table.transcripts.lines('crash', 9)).toEqual([lineOf('before')]);
    await opened.table.transcripts.putHistory('crash', 'h-1', long);
    expect(await opened.table.transcripts.lines('crash', 9)).toEqual(long);
  });

  test('a conversation of more than one page is read whole', async () => {
    const texts = Array.from({ length: 9 }, (_, n) => lineOf(`${n}`.repeat(300_000), n));
    for (const line of texts) await opened.table.transcripts.add('pages', line);
    expect((await opened.table.transcripts.lines('pages', 99)).map(({ id }) => id)).toEqual(texts.map(({ id }) => id));
    const parcels = texts.slice(0, 6).map(({ text, id }, order) => ({
      ...sampleParcel,
      conversationId: 'pages',
      payload: text,
      eventId: id,
      order,
    }));
    for (const parcel of parcels) await opened.table.outbox.put(parcel);
    expect((await opened.table.outbox.waiting('pages', 'desk')).map(({ order }) => order)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('what is too large for an item is refused before anything is sent', async () => {
    const text = '👍'.repeat(90_000); // 180,000 characters, 360,000 bytes
    await expect(opened.table.transcripts.add('large', lineOf(text))).rejects.toMatchObject({ code: 'too_large' });
    const parcel = { ...sampleParcel, conversationId: 'large', payload: text };
    await expect(opened.table.outbox.put(parcel)).rejects.toMatchObject({ code: 'too_large' });
    expect(await itemsOf('large')).toEqual([]);
    const telling = opened.table.contexts.tell('large', 'bot', { fields: { text } }, startMs);
    await expect(telling).rejects.toMatchObject({ code: 'too_large' });
    expect(await opened.table.contexts.read('large')).toBeUndefined();
  });

  test('a call of before calls had a handover or a time to be placed at is read', async () => {
    const { handoverId: _, dueAtMs: __, ...old } = sampleCall;
    const { requestId, subject, phone, name = '', status } = old;
    const texts = Object.entries({ requestId, subject, phone, name, status }).map(([key, S]) => [key, { S }]);
    const times = ['createdAtMs', 'updatedAtMs', 'version'].map((key) => [key, { N: '1' }]);
    await opened.putRaw(keyOf({ kind: 'call', requestId }), Object.fromEntries([...texts, ...times]));
    const read = await opened.table.calls.read(requestId);
    expect(read).toStrictEqual({ ...sampleCall, createdAtMs: 1, updatedAtMs: 1, version: 1 });
    expect(await opened.table.calls.swap({ ...sampleCall, version: 1 }, { ...sampleCall, version: 2 })).toBe(true);
    await opened.removeRaw(keyOf({ kind: 'call', requestId }));
  });

  test('openings go after two days, what is due and reminders nine days after their time, facts and links a day after what was said', async () => {
    const dayMs = 86_400_000;
    await opened.table.contexts.tell('kept', 'bot', {}, startMs);
    await opened.table.contexts.link('kept', 'c', startMs);
    await opened.table.openings.add({ ...sampleOpening, handoverId: 'kept' });
    await opened.table.due.add('kept', startMs + 7 * dayMs);
    await opened.table.reminders.add({ conversationId: 'kept', atMs: startMs + dayMs });
    const kept = (await opened.scan()).filter(({ pk, sk }) => pk?.S === 'HANDOVER#kept' || sk?.S?.endsWith('#kept'));
    const days = kept.map(({ pk, ttlSec }) => [pk?.S?.split('#')[0], (Number(ttlSec?.N) * 1_000 - startMs) / dayMs]);
    expect(days.sort()).toEqual([
      ['CONV', 31],
      ['DUE', 7 + 9],
      ['HANDOVER', 31],
      ['HANDOVER', 31],
      ['OPEN', 2],
      ['REMIND', 1 + 9],
    ]);
  });

  test('a window remembers no more places than its limit', async () => {
    for (let n = 0; n < 8; n++) await opened.table.rates.take('remembered', 3, 10, startMs + 100 * n);
    const { pk } = keyOf({ kind: 'rate', hash: hashed('remembered') });
    const item = (await opened.scan()).find((found) => found.pk?.S === pk);
    expect(item?.places?.L).toHaveLength(3);
  });

  test('every item carries the second after which it may go, and lives as long as it matters', async () => {
    const { states, transcripts, outbox, once, calls, progress, rates, chats } = opened.table;
    const { contexts, openings, due, reminders } = opened.table;
    const dayMs = 86_400_000;
    await states.swap('ttl', undefined, { ...sampleState, pausedUntilMs: startMs + dayMs });
    await transcripts.add('ttl', sampleLine);
    await transcripts.putHistory('ttl', 'h-1', [lineOf(randomBytes(600_000).toString('base64'))]);
    await transcripts.putHandover(sampleHandover);
    await outbox.put({ ...sampleParcel, claimedUntilMs: 0 });
    await outbox.claim(sampleParcel, startMs, startMs + 1);
    await once.claim('claimed', 'f', startMs, 60_000);
    await once.finish('done', 'f', 1, startMs, 3 * dayMs);
    await calls.create(sampleCall);
    await calls.occupy('+15005550006', 'r-1', startMs, startMs + dayMs);
    await calls.vacate('+15005550006', 'r-1', startMs);
    await progress.begin('CA1', startMs);
    await progress.advance('CA1', 'ringing', 1, startMs);
    await rates.take('key', 3, 3 * dayMs, startMs);
    await rates.takeDaily('key', 50, startMs);
    await chats.swap(undefined, sampleChat);
    await contexts.tell('h-1', 'bot', {}, startMs);
    await contexts.link('h-1', 'c-1', startMs);
    await openings.add(sampleOpening);
    await due.add('r-1', startMs + dayMs);
    await reminders.add({ conversationId: 'c-1', atMs: startMs + dayMs });
    const items = await opened.scan();
    for (const item of items) {
      const where = `${item.pk?.S} ${item.sk?.S}`;
      expect(item.ttlSec?.N, where).toMatch(/^\d{10}$/);
      expect(item.writeId?.S, where).toMatch(/^[\w-]{16}$/);
      const untilMs = Math.max(...['pausedUntilMs', 'untilMs', 'claimedUntilMs'].map((at) => Number(item[at]?.N ?? 0)));
      expect(Number(item.ttlSec?.N) * 1_000, where).toBeGreaterThan(Math.max(startMs, untilMs));
      expect(Number(item.ttlSec?.N) * 1_000, where).toBeLessThan(startMs + 40 * dayMs);
    }
    const heads = new Set(
      items.map(({ pk, sk }) => [pk?.S?.split('#')[0], ...(sk?.S ?? '').split('#').slice(0, 2)].join(' ')),
    );
    expect(heads.size).toBeGreaterThan(17);
  });
});
