import { randomBytes, randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashed, type Key, keyOf } from '../../shared/store/keys.ts';
import {
  sampleCall,
  sampleChat,
  sampleHandover,
  sampleLine,
  sampleOpening,
  sampleParcel,
  sampleState,
  sampleTurn,
} from '../contracts/store.ts';
import { engineNames, engines, startMs, type TestTable } from './engines.ts';

const anyValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string().map((S): AttributeValue => ({ S })),
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map((B): AttributeValue => ({ B })),
  fc.constantFrom<AttributeValue>(
    { N: '0' },
    { N: '-1' },
    { N: '1.5' },
    { N: '9007199254740991' },
    { N: '17' },
    { N: '12345678901234567890123456789012345678' },
    { BOOL: true },
    { NULL: true },
    { L: [{ S: '1' }, { N: '1' }, { M: {} }] },
    { M: { epoch: { N: '1' } } },
    { SS: ['a', 'b'] },
    { NS: ['1', '2'] },
  ),
);

/** Some of the names that the store knows, with any values: mostly what it cannot read. */
const anyItem = (names: readonly string[]) =>
  fc
    .tuple(...[...names, 'writeId', 'ttlSec'].map((name) => fc.option(anyValue.map((value) => [name, value] as const))))
    .map((pairs): Record<string, AttributeValue> => Object.fromEntries(pairs.filter((pair) => pair !== null)));

describe.for(engineNames)('on %s', (name) => {
  let opened: TestTable;
  beforeAll(async () => {
    opened = await engines[name]();
  });
  afterAll(() => opened.stop());

  const runs = { numRuns: 15 };
  let brokenRun = 0;

  test('a state of whatever shape is read or counts as absent, and is repaired by the next swap', async () => {
    const { states } = opened.table;
    await fc.assert(
      fc.asyncProperty(anyItem(Object.keys(sampleState)), async (broken) => {
        const id = randomUUID();
        await opened.putRaw(keyOf({ kind: 'state', conversationId: id }), broken);
        const found = await states.read(id);
        expect(await states.swap(id, found, { ...sampleState, owner: 'repair' })).toBe(true);
        expect(await states.read(id)).toEqual({ ...sampleState, owner: 'repair' });
      }),
      runs,
    );
  });

  test('a state with one wrong attribute counts as absent', async () => {
    const { states } = opened.table;
    const wrong: Record<string, AttributeValue> = {
      epoch: { N: '12345678901234567890123456789012345678' },
      seq: { S: '1' },
      mode: { S: 'robot' },
      pausedUntilMs: { S: 'abc' },
      handoverId: { N: '1' },
      bot: { BOOL: true },
      owner: { NULL: true },
      deskSeq: { L: [] },
    };
    for (const [attribute, value] of Object.entries(wrong)) {
      const id = randomUUID();
      const key = keyOf({ kind: 'state', conversationId: id });
      await states.swap(id, undefined, sampleState);
      const written = (await opened.scan()).find(({ pk, sk }) => pk?.S === key.pk && sk?.S === key.sk);
      await opened.putRaw(key, { ...written, [attribute]: value });
      expect(await states.read(id)).toBeUndefined();
      expect(await states.swap(id, sampleState, sampleState), attribute).toBe(!['epoch', 'seq'].includes(attribute));
      await opened.putRaw(key, { ...written, [attribute]: value });
      expect(await states.swap(id, undefined, sampleState)).toBe(true);
      expect(await states.read(id)).toEqual(sampleState);
    }
  });

  test('of many who repair a broken state at once one does', async () => {
    for (const broken of [{ writeId: { S: 'w' } }, { writeId: { N: '1' } }, { pausedUntilMs: { S: 'abc' } }, {}]) {
      const id = randomUUID();
      await opened.putRaw(keyOf({ kind: 'state', conversationId: id }), broken);
      const won = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          opened.table.states.swap(id, undefined, { ...sampleState, owner: `owner-${n}` }),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await opened.table.states.read(id))?.owner).toBe(`owner-${won.indexOf(true)}`);
    }
  });

  test('broken lines, histories and handovers are left out, the others are read', async () => {
    const { transcripts } = opened.table;
    await fc.assert(
      fc.asyncProperty(
        anyItem(['by', 'text', 'atMs']),
        anyItem(['digest', 'parts', 'packed']),
        anyItem(Object.keys(sampleHandover)),
        async (line, history, handover) => {
          const id = randomUUID();
          await opened.putRaw(keyOf({ kind: 'line', conversationId: id, lineId: 'broken' }), line);
          await opened.putRaw(keyOf({ kind: 'history', conversationId: id, handoverId: 'broken' }), history);
          await opened.putRaw(
            keyOf({ kind: 'history-part', conversationId: id, handoverId: 'broken', digest: 'd', part: 1 }),
            history,
          );
          await opened.putRaw({ pk: keyOf({ kind: 'state', conversationId: id }).pk, sk: 'SAID#OTHER' }, line);
          await transcripts.add(id, sampleLine);
          expect(await transcripts.lines(id, 10)).toContainEqual(sampleLine);
          await opened.putRaw(keyOf({ kind: 'handover', handoverId: id }), handover);
          const found = await transcripts.handover(id);
          await transcripts.putHandover({ ...sampleHandover, handoverId: id });
          expect(await transcripts.handover(id)).toEqual(found ?? { ...sampleHandover, handoverId: id });
        },
      ),
      runs,
    );
  });

  test('a history that lacks a part, or whose bytes are not ours, counts as absent', async () => {
    const { transcripts } = opened.table;
    const id = randomUUID();
    const text = randomBytes(400_000).toString('base64');
    await transcripts.putHistory(id, 'h-1', [{ ...sampleLine, text }]);
    const parts = (await opened.scan()).filter(({ pk, sk }) => pk?.S === `CONV#${id}` && sk?.S?.startsWith('SAID#'));
    const last = parts.find(({ sk }) => sk?.S?.endsWith('#0001'));
    expect(last).toBeDefined();
    const key: Key = { pk: last?.pk?.S ?? '', sk: last?.sk?.S ?? '' };
    await opened.putRaw(key, { ...last, packed: { B: new Uint8Array(20) } });
    expect(await transcripts.lines(id, 10)).toEqual([]);
    await opened.removeRaw(key);
    expect(await transcripts.lines(id, 10)).toEqual([]);
    await transcripts.putHistory(id, 'h-1', [{ ...sampleLine, text }]);
    expect((await transcripts.lines(id, 10)).map((line) => line.text === text)).toEqual([true]);
  });

  test('whatever stands in their place, parcels, keys, calls, places, rates and chats can be written anew', async () => {
    const { outbox, once, calls, progress, rates, chats } = opened.table;
    const names = [sampleParcel, sampleCall, sampleChat].flatMap((sample) => Object.keys(sample));
    const more = ['fingerprint', 'untilMs', 'answer', 'sequence', 'places'];
    const unreadable = { tries: { S: 'x' }, version: { S: 'x' }, taken: { S: 'x' } };
    await fc.assert(
      fc.asyncProperty(anyItem([...names, ...more]), async (broken) => {
        const id = randomUUID();
        const parcel = { ...sampleParcel, conversationId: id };
        const day = new Date(startMs).toISOString().slice(0, 10);
        const keys = [
          keyOf({ kind: 'parcel', conversationId: id, to: 'desk', eventId: parcel.eventId }),
          keyOf({ kind: 'once', hash: hashed(id) }),
          keyOf({ kind: 'call', requestId: id }),
          keyOf({ kind: 'place', phone: id }),
          keyOf({ kind: 'progress', callSid: id }),
          keyOf({ kind: 'rate', hash: hashed(id) }),
          keyOf({ kind: 'daily-rate', hash: hashed(id), day, shard: 9 }),
          keyOf({ kind: 'chat', identity: id }),
        ];
        await Promise.all(keys.map((key) => opened.putRaw(key, { ...broken, ...unreadable })));
        expect(await outbox.claim(parcel, startMs, startMs + 1)).toBeUndefined();
        expect(await outbox.put(parcel)).toBe(true);
        expect(await outbox.waiting(id, 'desk')).toEqual([parcel]);
        expect((await once.claim(id, 'f', startMs, 1_000)).is).toBe('mine');
        expect(await calls.read(id)).toBeUndefined();
        expect(await calls.create({ ...sampleCall, requestId: id })).toBe(true);
        expect(await calls.occupy(id, 'r-1', startMs, startMs + 1_000)).toBe('r-1');
        await progress.begin(id, startMs);
        expect(await rates.take(id, 1, 1_000, startMs)).toBeUndefined();
        expect(await rates.takeDaily(id, 1, startMs)).toBeUndefined();
        expect(await chats.read(id)).toBeUndefined();
        expect(await chats.swap(undefined, { ...sampleChat, identity: id })).toBe(true);
      }),
      runs,
    );
  });

  test('broken facts are left out, the others and the links are read, and what is told anew is found', async () => {
    const { contexts, transcripts } = opened.table;
    await fc.assert(
      fc.asyncProperty(
        anyItem(['toldAtMs', 'facts']),
        anyItem(['linkedAtMs']),
        anyItem(Object.keys(sampleHandover)),
        async (told, link, handover) => {
          const handoverId = randomUUID();
          await contexts.tell(handoverId, 'wish', { name: 'Ada' }, startMs);
          await contexts.link(handoverId, 'c-1', startMs);
          await opened.putRaw(keyOf({ kind: 'facts', handoverId, source: 'bot' }), told);
          await opened.putRaw(keyOf({ kind: 'link', handoverId, linkedTo: 'c-2' }), link);
          await opened.putRaw(keyOf({ kind: 'handover', handoverId }), handover);
          for (const sk of ['FACTS#nobody', 'CONV#c-3#more', 'OTHER'])
            await opened.putRaw({ pk: `HANDOVER#${handoverId}`, sk }, { ...told, ...link });
          const known = await contexts.read(handoverId);
          expect(known?.facts.name).toBe('Ada');
          expect(known?.conversations).toEqual(['c-1', 'c-2']); // what is linked stands in the key
          expect(known?.record).toEqual(await transcripts.handover(handoverId));
          await contexts.tell(handoverId, 'bot', { topic: 'repaired' }, startMs);
          const repaired = await contexts.read(handoverId);
          expect(repaired).toMatchObject({ told: { bot: startMs }, conversations: ['c-1', 'c-2'] });
          expect(repaired?.facts).toEqual({ name: 'Ada', topic: 'repaired' });
        },
      ),
      runs,
    );
  });

  test('facts with one wrong fact count as absent', async () => {
    const { contexts } = opened.table;
    const broken = ['{"topic":1}', '{"fields":{"a":1}}', '{"voicemail":{"seconds":1}}', '{"returns":"1"}', '"x"', '{'];
    for (const facts of broken) {
      const handoverId = randomUUID();
      await opened.putRaw(keyOf({ kind: 'facts', handoverId, source: 'call' }), {
        toldAtMs: { N: '1' },
        facts: { S: facts },
      });
      expect(await contexts.read(handoverId), facts).toBeUndefined();
      await contexts.tell(handoverId, 'call', { returns: 1 }, 0);
      expect((await contexts.read(handoverId))?.facts).toEqual({ returns: 1 });
    }
  });

  test('a voice turn of whatever shape is read or counts as absent, and only then is written anew', async () => {
    const { voice } = opened.table;
    const wrong = [
      '{',
      '"x"',
      '{}',
      '{"turn":1}',
      JSON.stringify({ ...sampleTurn, answer: { says: [], next: 'dial' } }),
    ];
    const broken = fc.oneof(
      anyItem(['turn']),
      fc.constantFrom(...wrong).map((S): Record<string, AttributeValue> => ({ turn: { S } })),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (item) => {
        const call = { ...sampleTurn.call, caller: randomUUID() };
        const turn = { ...sampleTurn, call };
        await opened.putRaw(keyOf({ kind: 'voice-turn', ...call, turn: turn.turn }), item);
        await opened.putRaw({ pk: `VOICE#${call.caller}`, sk: '9' }, item);
        expect(await voice.around(call, turn.turn)).toEqual({});
        expect(await voice.newest(call.caller)).toBeUndefined();
        expect(await voice.ofCall(call)).toEqual([]);
        expect(await voice.put(turn)).toEqual(turn);
        expect(await voice.around(call, turn.turn)).toEqual({ there: turn });
      }),
      runs,
    );
  });

  test('a fact that a later version tells does not hide the others', async () => {
    const handoverId = randomUUID();
    const facts = { S: '{"topic":"billing","mood":{"of":"tomorrow"}}' };
    await opened.putRaw(keyOf({ kind: 'facts', handoverId, source: 'bot' }), { toldAtMs: { N: '1' }, facts });
    expect((await opened.table.contexts.read(handoverId))?.facts).toEqual({ topic: 'billing' });
  });

  test('broken openings and due calls take no place of others', async () => {
    const { openings, due } = opened.table;
    await fc.assert(
      fc.asyncProperty(anyItem(['conversationId', 'kind']), async (broken) => {
        const dayMs = 86_400_000;
        const nowMs = startMs + (100 + 20 * brokenRun++) * dayMs;
        const unreadable = { ...broken, kind: { S: 'fax' } };
        for (const n of [1, 2, 3])
          await opened.putRaw(keyOf({ kind: 'opening', handoverId: `h-${n}`, atMs: nowMs + n }), unreadable);
        await opened.putRaw({ pk: keyOf({ kind: 'opening', handoverId: 'h', atMs: nowMs }).pk, sk: '0#h' }, broken);
        const good = { ...sampleOpening, openedAtMs: nowMs };
        await openings.add(good);
        expect(await openings.newest(nowMs, 1)).toEqual([good]);
        await openings.add({ ...good, handoverId: 'h-2', openedAtMs: nowMs + 2 });
        expect(await openings.newest(nowMs, 2)).toEqual([{ ...good, handoverId: 'h-2', openedAtMs: nowMs + 2 }, good]);

        for (const n of [1, 4]) await openings.add({ ...good, handoverId: `h-${n}`, openedAtMs: nowMs + n });
        const newest = await openings.newest(nowMs, 2); // of the first page of two one is broken
        expect(newest.map(({ handoverId }) => handoverId)).toEqual(['h-4', 'h-2']);

        const { pk } = keyOf({ kind: 'due', requestId: 'r', atMs: nowMs });
        for (const sk of ['0', '0000000000001#r', `${nowMs}`, `${nowMs}#r#more`])
          await opened.putRaw({ pk, sk }, broken);
        await opened.putRaw(keyOf({ kind: 'due', requestId: 'r', atMs: nowMs }), broken);
        expect(await due.until(nowMs, 10)).toEqual([{ requestId: 'r', atMs: nowMs }]);
        for (const n of [2, 3, 4]) await due.add(`r-${n}`, nowMs + n);
        const aWeekOnMs = nowMs + 7 * dayMs + 9; // then this day is asked first, and there are requests left for more pages
        expect((await due.until(aWeekOnMs, 3)).map(({ requestId }) => requestId)).toEqual(['r', 'r-2', 'r-3']);
      }),
      runs,
    );
  });
});
