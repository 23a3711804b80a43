import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Line } from '../../shared/core/handover/line.ts';
import type { OpenHandover } from '../../shared/core/handover/openings.ts';
import type { OwnershipState } from '../../shared/core/handover/ownership.ts';
import type { CallRecord, ChatRecord, HandoverRecord, Parcel, Table } from '../../shared/core/table.ts';
import type { VoiceTurn } from '../../shared/core/voice-bot/voice-turns.ts';

const nowMs = Date.UTC(2099, 0, 1);

export const sampleState: OwnershipState = {
  epoch: 1,
  seq: 1,
  mode: 'pending',
  pausedUntilMs: nowMs + 5_000,
  handoverId: 'h-1',
  bot: 'plain',
  owner: 'owner-1',
  deskSeq: 0,
};

export const sampleLine: Line = { by: 'customer', text: 'Hello, is anybody there?', atMs: nowMs, id: 'line-1' };

export const sampleHandover: HandoverRecord = {
  handoverId: 'h-1',
  conversationId: 'bot-1:user-1',
  openedAtMs: nowMs,
  topic: 'billing',
  reason: undefined,
  name: undefined,
  language: 'de',
  fields: { order: '4711', note: 'größer als "x" 🙂' },
};

export const sampleParcel: Parcel = {
  conversationId: 'bot-1:user-1',
  to: 'desk',
  eventId: 'e-1',
  order: nowMs,
  payload: '{"type":"message"}',
  claimedUntilMs: nowMs + 2_000,
  tries: 1,
};

export const sampleCall: CallRecord = {
  requestId: 'r-1',
  subject: 'visitor-1',
  phone: '+15005550006',
  conversationId: undefined,
  topic: undefined,
  name: 'Ada',
  language: undefined,
  status: 'calling',
  reason: undefined,
  callSid: undefined,
  handoverId: undefined,
  dueAtMs: undefined,
  waitingSinceMs: undefined,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
  version: 1,
};

export const sampleChat: ChatRecord = {
  identity: 'visitor-1',
  status: 'starting',
  conversationSid: undefined,
  leaseUntilMs: nowMs + 8_000,
  version: 1,
};

export const sampleOpening: OpenHandover = {
  handoverId: 'h-1',
  conversationId: 'bot-1:user-1',
  kind: 'chat',
  openedAtMs: nowMs,
};

export const sampleTurn: VoiceTurn = {
  call: { caller: '+15005550006', callSid: 'CA1', atMs: nowMs },
  turn: 1,
  takenAtMs: nowMs + 5,
  answer: {
    says: [{ text: 'What is the "priority" <of> it?' }, { pauseSec: 1 }],
    choices: [{ title: 'low', value: '/inform{"priority":"low"}' }],
    listens: { for: 'key', hints: ['größer'] },
    next: 'listen',
  },
  lines: [
    { by: 'customer', text: 'It is broken 🙂' },
    { by: 'bot', text: 'What is the priority?' },
  ],
  memory: {
    conversationId: 'h-1',
    bot: { is: 'rasa-host', url: 'https://orders.example.com' },
    states: { helpdesk: { slots: [null, 1, { a: '' }] }, rasa: 'x' },
    startsAfter: 'https://rasa.example.com',
    known: { topic: 'mail', fields: { order: '4711' }, draft: { short_description: 'broken' } },
    hasBegun: true,
    question: { says: [{ text: 'What?' }] },
    asksToResume: false,
    earlier: [{ callSid: 'CA0', atMs: nowMs - 1 }],
    silences: 1,
    misunderstood: 2,
    alone: 0,
  },
};

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What every table promises, whatever it is made of. The tests share one table and use ids of their own. */
export function storeContract(open: () => Promise<Table>): void {
  let table: Table;
  beforeAll(async () => {
    table = await open();
  });
  const fresh = () => randomUUID();

  describe('states', () => {
    test('a conversation that nobody wrote of has no state', async () => {
      expect(await table.states.read(fresh())).toBeUndefined();
    });

    test('what was swapped in is read back whole', async () => {
      const id = `${fresh()}:with:colons@and+more`;
      expect(await table.states.swap(id, undefined, { ...sampleState, owner: '' })).toBe(true);
      expect(await table.states.read(id)).toEqual({ ...sampleState, owner: '' });
    });

    test('times need not be whole milliseconds', async () => {
      const id = fresh();
      const state = { ...sampleState, pausedUntilMs: nowMs + 0.25 };
      await table.states.swap(id, undefined, state);
      expect(await table.states.read(id)).toEqual(state);
      expect(await table.rates.take(id, 1, 10, nowMs + 0.5)).toBeUndefined();
      expect(await table.rates.take(id, 1, 10, nowMs + 0.5)).toBe(10);
      expect(await table.once.claim(id, 'f', nowMs + 0.5, 10.25)).toEqual({ is: 'mine' });
      expect(await table.once.claim(id, 'f', nowMs + 10.5, 10)).toEqual({ is: 'in-progress' });
    });

    test('a swap from what is no longer there changes nothing', async () => {
      const id = fresh();
      await table.states.swap(id, undefined, sampleState);
      const human = { ...sampleState, seq: 2, mode: 'human' } as const;
      expect(await table.states.swap(id, sampleState, human)).toBe(true);
      expect(await table.states.swap(id, sampleState, { ...human, owner: 'late' })).toBe(false);
      expect(await table.states.swap(id, undefined, { ...human, owner: 'late' })).toBe(false);
      expect(await table.states.swap(id, { ...human, epoch: 2 }, { ...human, owner: 'late' })).toBe(false);
      expect(await table.states.read(id)).toEqual(human);
    });

    test('a swap from a state does not make one where there is none', async () => {
      const id = fresh();
      expect(await table.states.swap(id, sampleState, { ...sampleState, seq: 2 })).toBe(false);
      expect(await table.states.read(id)).toBeUndefined();
    });

    test('of 1,000 swaps at once one wins', async () => {
      const id = fresh();
      await table.states.swap(id, undefined, sampleState);
      const won = await Promise.all(
        times(1_000).map((n) => table.states.swap(id, sampleState, { ...sampleState, seq: 2, owner: `owner-${n}` })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await table.states.read(id))?.owner).toBe(`owner-${won.indexOf(true)}`);
    });

    test('of many equal swaps at once one wins', async () => {
      const id = fresh();
      const won = await Promise.all(times(20).map(() => table.states.swap(id, undefined, sampleState)));
      expect(won.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('transcripts', () => {
    test('200 lines said at once are all kept, in order', async () => {
      const id = fresh();
      const lines = times(200).map((n) => ({ ...sampleLine, id: `l-${n}`, atMs: nowMs + n, text: `line ${n}` }));
      const shuffled = [...lines].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await Promise.all(shuffled.map((line) => table.transcripts.add(id, line)))).not.toContain(false);
      expect(await table.transcripts.lines(id, 1_000)).toEqual(lines);
    });

    test('lines of one millisecond come by the parts of it that they were added with, and with whole ones', async () => {
      const id = fresh();
      const lines = times(500).map((n) => ({ ...sampleLine, id: `l-${n}`, atMs: nowMs + n / 1_000 }));
      const next = { ...sampleLine, id: 'l-0a', atMs: nowMs + 1 };
      for (const line of [next, ...lines.slice(200), ...lines.slice(0, 200)]) await table.transcripts.add(id, line);
      const whole = lines.map((line) => ({ ...line, atMs: nowMs }));
      expect(await table.transcripts.lines(id, 1_000)).toEqual([...whole, next]);
    });

    test('a line that is delivered again, even later, is stored once', async () => {
      const id = fresh();
      expect(await table.transcripts.add(id, sampleLine)).toBe(true);
      expect(await table.transcripts.add(id, sampleLine)).toBe(false);
      expect(await table.transcripts.add(id, { ...sampleLine, atMs: nowMs + 60_000 })).toBe(false);
      expect(await table.transcripts.lines(id, 10)).toEqual([sampleLine]);
    });

    test('a limit keeps the newest lines, still oldest first', async () => {
      const id = fresh();
      for (const n of times(5)) await table.transcripts.add(id, { ...sampleLine, id: `l-${n}`, atMs: nowMs + n });
      expect((await table.transcripts.lines(id, 2)).map((line) => line.id)).toEqual(['l-3', 'l-4']);
      expect(await table.transcripts.lines(id, 0)).toEqual([]);
    });

    test('a history and single lines read as one conversation, each id once', async () => {
      const id = fresh();
      const said = (lineId: string, atMs: number, text = lineId): Line => ({ by: 'bot', text, atMs, id: lineId });
      await table.transcripts.add(id, said('b', nowMs + 10, 'the later copy'));
      await table.transcripts.add(id, said('d', nowMs + 5));
      await table.transcripts.add(id, said('c', nowMs + 5));
      await table.transcripts.putHistory(id, 'h-1', [said('z', nowMs), said('a', nowMs), said('b', nowMs + 5)]);
      expect((await table.transcripts.lines(id, 10)).map((line) => line.text)).toEqual(['z', 'a', 'b', 'c', 'd']);
    });

    test('a history that is stored again replaces itself', async () => {
      const id = fresh();
      await table.transcripts.putHistory(id, 'h-1', [sampleLine]);
      await table.transcripts.putHistory(id, 'h-1', [sampleLine]);
      await table.transcripts.putHistory(id, 'h-2', []);
      expect(await table.transcripts.lines(id, 10)).toEqual([sampleLine]);
      await table.transcripts.putHistory(id, 'h-1', [{ ...sampleLine, id: 'line-2' }]);
      expect((await table.transcripts.lines(id, 10)).map((line) => line.id)).toEqual(['line-2']);
    });

    test('a handover is found by its id, and the first record of it stays', async () => {
      const record = { ...sampleHandover, handoverId: fresh(), conversationId: fresh() };
      expect(await table.transcripts.handover(record.handoverId)).toBeUndefined();
      await table.transcripts.putHandover(record);
      await table.transcripts.putHandover({ ...record, topic: 'something else' });
      expect(await table.transcripts.handover(record.handoverId)).toStrictEqual(record);
    });
  });

  describe('outbox', () => {
    const parcelOf = (conversationId: string, change: Partial<Parcel> = {}): Parcel => ({
      ...sampleParcel,
      conversationId,
      ...change,
    });

    test('what waits for one side of one conversation is given in order', async () => {
      const id = fresh();
      const late = parcelOf(id, { eventId: 'a', order: 20 });
      const early = parcelOf(id, { eventId: 'c', order: 9 });
      const twin = parcelOf(id, { eventId: 'b', order: 20 });
      for (const parcel of [late, twin, early]) expect(await table.outbox.put(parcel)).toBe(true);
      await table.outbox.put(parcelOf(id, { to: 'bot' }));
      await table.outbox.put(parcelOf(fresh()));
      expect(await table.outbox.waiting(id, 'desk')).toEqual([early, late, twin]);
    });

    test('a parcel that waits is not put twice, even in another place of the order', async () => {
      const id = fresh();
      expect(await table.outbox.put(parcelOf(id))).toBe(true);
      expect(await table.outbox.put(parcelOf(id, { order: 1, payload: '{}' }))).toBe(false);
      expect(await table.outbox.waiting(id, 'desk')).toEqual([parcelOf(id)]);
    });

    test('a parcel is claimed when the claim before is over, by one', async () => {
      const id = fresh();
      const parcel = parcelOf(id, { claimedUntilMs: nowMs + 100 });
      await table.outbox.put(parcel);
      expect(await table.outbox.claim(parcel, nowMs + 99, nowMs + 500)).toBeUndefined();
      const claims = await Promise.all(times(20).map(() => table.outbox.claim(parcel, nowMs + 100, nowMs + 500)));
      const won = claims.filter((claim) => claim !== undefined);
      expect(won).toEqual([{ ...parcel, claimedUntilMs: nowMs + 500, tries: 2 }]);
      expect(await table.outbox.waiting(id, 'desk')).toEqual(won);
    });

    test('a parcel that was let go can be claimed from the time said', async () => {
      const id = fresh();
      const parcel = parcelOf(id, { claimedUntilMs: nowMs + 5_000 });
      await table.outbox.put(parcel);
      await table.outbox.release(parcel, nowMs + 50);
      expect(await table.outbox.claim(parcel, nowMs + 49, nowMs + 500)).toBeUndefined();
      expect(await table.outbox.claim(parcel, nowMs + 50, nowMs + 500)).toMatchObject({ tries: 2 });
    });

    test('whoever lost the claim cannot let go of it', async () => {
      const id = fresh();
      const parcel = parcelOf(id, { claimedUntilMs: 0 });
      await table.outbox.put(parcel);
      await table.outbox.claim(parcel, nowMs, nowMs + 500);
      await table.outbox.release(parcel, 0);
      expect(await table.outbox.claim(parcel, nowMs, nowMs + 500)).toBeUndefined();
    });

    test('a parcel that was removed is gone for everybody', async () => {
      const id = fresh();
      await table.outbox.put(parcelOf(id));
      await table.outbox.remove(parcelOf(id));
      await table.outbox.remove(parcelOf(id));
      await table.outbox.release(parcelOf(id), 0);
      expect(await table.outbox.claim(parcelOf(id), nowMs + 10_000, nowMs + 20_000)).toBeUndefined();
      expect(await table.outbox.waiting(id, 'desk')).toEqual([]);
    });
  });

  describe('once', () => {
    test('of 100 claims of one key at once one is mine', async () => {
      const key = fresh();
      const claims = await Promise.all(times(100).map(() => table.once.claim(key, 'f', nowMs, 1_000)));
      expect(claims.filter((claim) => claim.is === 'mine')).toHaveLength(1);
      expect(claims.filter((claim) => claim.is === 'in-progress')).toHaveLength(99);
    });

    test('a result is given to everybody who asks the same, as long as it is kept', async () => {
      const key = fresh();
      await table.once.claim(key, 'f', nowMs, 1_000);
      await table.once.finish(key, 'f', { status: 202, words: ['ü', null] }, nowMs, 5_000);
      expect(await table.once.claim(key, 'f', nowMs + 4_999, 1_000)).toEqual({
        is: 'done',
        result: { status: 202, words: ['ü', null] },
      });
      expect(await table.once.claim(key, 'f', nowMs + 5_000, 1_000)).toEqual({ is: 'mine' });
    });

    test('the same key for something else is refused, before and after the result', async () => {
      const key = fresh();
      await table.once.claim(key, 'f', nowMs, 1_000);
      expect(await table.once.claim(key, 'g', nowMs, 1_000)).toEqual({ is: 'other' });
      await table.once.finish(key, 'f', 1, nowMs, 1_000);
      expect(await table.once.claim(key, 'g', nowMs, 1_000)).toEqual({ is: 'other' });
    });

    test('a claim whose lease is over is taken over by one', async () => {
      const key = fresh();
      await table.once.claim(key, 'f', nowMs, 1_000);
      expect(await table.once.claim(key, 'f', nowMs + 999, 1_000)).toEqual({ is: 'in-progress' });
      const claims = await Promise.all(times(20).map(() => table.once.claim(key, 'f', nowMs + 1_000, 1_000)));
      expect(claims.filter((claim) => claim.is === 'mine')).toHaveLength(1);
    });

    test('the first result stays', async () => {
      const key = fresh();
      await table.once.claim(key, 'f', nowMs, 1_000);
      await table.once.finish(key, 'f', 'first', nowMs, 5_000);
      await table.once.finish(key, 'f', 'second', nowMs, 5_000);
      await table.once.finish(key, 'g', 'third', nowMs, 5_000);
      await table.once.forget(key, 'f');
      expect(await table.once.claim(key, 'f', nowMs, 1_000)).toEqual({ is: 'done', result: 'first' });
    });

    test('a key given back is free, but only its claimer gives it back', async () => {
      const key = fresh();
      await table.once.forget(key, 'f');
      await table.once.claim(key, 'f', nowMs, 1_000);
      await table.once.forget(key, 'g');
      expect(await table.once.claim(key, 'f', nowMs, 1_000)).toEqual({ is: 'in-progress' });
      await table.once.forget(key, 'f');
      expect(await table.once.claim(key, 'g', nowMs, 1_000)).toEqual({ is: 'mine' });
    });

    test('a result may be nothing', async () => {
      const key = fresh();
      await table.once.claim(key, 'f', nowMs, 1_000);
      await table.once.finish(key, 'f', undefined, nowMs, 5_000);
      expect(await table.once.claim(key, 'f', nowMs, 1_000)).toEqual({ is: 'done', result: undefined });
    });

    test('any text is a key', async () => {
      const key = `${fresh()}#%23 \u{1F600} ${'x'.repeat(5_000)}`;
      expect(await table.once.claim(key, 'f', nowMs, 1_000)).toEqual({ is: 'mine' });
      expect(await table.once.claim(`${key}x`, 'f', nowMs, 1_000)).toEqual({ is: 'mine' });
    });
  });

  describe('calls', () => {
    test('a call is created once and read back whole', async () => {
      const record = { ...sampleCall, requestId: fresh() };
      expect(await table.calls.read(record.requestId)).toBeUndefined();
      expect(await table.calls.create(record)).toBe(true);
      expect(await table.calls.create({ ...record, phone: '+15005550007' })).toBe(false);
      expect(await table.calls.read(record.requestId)).toStrictEqual(record);
    });

    test('of many changes from one version one is made', async () => {
      const record = { ...sampleCall, requestId: fresh() };
      expect(await table.calls.swap(record, { ...record, version: 2 })).toBe(false);
      await table.calls.create(record);
      const won = await Promise.all(
        times(20).map((n) => table.calls.swap(record, { ...record, version: 2, callSid: `CA${n}` })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await table.calls.read(record.requestId))?.callSid).toBe(`CA${won.indexOf(true)}`);
    });

    test('a phone number has one place, and whoever comes too late learns who has it', async () => {
      const phone = fresh();
      const holders = await Promise.all(
        times(50).map((n) => table.calls.occupy(phone, `r-${n}`, nowMs, nowMs + 1_000)),
      );
      expect(new Set(holders).size).toBe(1);
      const [holder = ''] = holders;
      expect(await table.calls.occupy(phone, holder, nowMs, nowMs + 2_000)).toBe(holder);
      expect(await table.calls.occupy(phone, 'late', nowMs + 1_999, nowMs + 9_000)).toBe(holder);
      expect(await table.calls.occupy(phone, 'late', nowMs + 2_000, nowMs + 9_000)).toBe('late');
    });

    test('a place is given back by its holder, and never made longer by that', async () => {
      const phone = fresh();
      await table.calls.vacate(phone, 'r-1', nowMs);
      await table.calls.occupy(phone, 'r-1', nowMs, nowMs + 9_000);
      await table.calls.vacate(phone, 'r-2', nowMs);
      await table.calls.vacate(phone, 'r-1', nowMs + 100);
      await table.calls.vacate(phone, 'r-1', nowMs + 5_000);
      expect(await table.calls.occupy(phone, 'r-2', nowMs + 99, nowMs + 9_000)).toBe('r-1');
      expect(await table.calls.occupy(phone, 'r-2', nowMs + 100, nowMs + 9_000)).toBe('r-2');
    });
  });

  describe('progress', () => {
    test('callbacks in any order end at the highest sequence', async () => {
      const sid = fresh();
      await table.progress.begin(sid, nowMs);
      const shuffled = [3, 0, 2, 1, 3];
      const news = [];
      for (const n of shuffled) news.push(await table.progress.advance(sid, `status-${n}`, n, nowMs));
      expect(news).toEqual([true, false, false, false, false]);
      expect(await table.progress.advance(sid, 'status-4', 4, nowMs)).toBe(true);
    });

    test('nothing comes after the end', async () => {
      for (const end of ['completed', 'busy', 'failed', 'no-answer', 'canceled']) {
        const sid = fresh();
        await table.progress.begin(sid, nowMs);
        expect(await table.progress.advance(sid, end, 1, nowMs)).toBe(true);
        await table.progress.begin(sid, nowMs);
        expect(await table.progress.advance(sid, 'ringing', 2, nowMs)).toBe(false);
      }
    });

    test('a call that nobody expects has no news', async () => {
      const sid = fresh();
      expect(await table.progress.advance(sid, 'ringing', 1, nowMs)).toBe(false);
      await table.progress.begin(sid, nowMs);
      expect(await table.progress.advance(sid, 'ringing', 0, nowMs)).toBe(true);
    });

    test('of many equal callbacks at once one is news', async () => {
      const sid = fresh();
      await table.progress.begin(sid, nowMs);
      const news = await Promise.all(times(50).map(() => table.progress.advance(sid, 'completed', 3, nowMs)));
      expect(news.filter(Boolean)).toHaveLength(1);
    });
  });

  describe('rates', () => {
    test('a window has as many places as its limit, whoever asks at once', async () => {
      const key = fresh();
      const waits = await Promise.all(times(40).map(() => table.rates.take(key, 3, 10_000, nowMs)));
      expect(waits.filter((waitMs) => waitMs === undefined)).toHaveLength(3);
      expect(new Set(waits)).toEqual(new Set([undefined, 10_000]));
    });

    test('a place is free again when its window has passed, to the millisecond', async () => {
      const key = fresh();
      for (const n of times(3)) expect(await table.rates.take(key, 3, 1_000, nowMs + 100 * n)).toBeUndefined();
      expect(await table.rates.take(key, 3, 1_000, nowMs + 999)).toBe(1);
      expect(await table.rates.take(key, 3, 1_000, nowMs + 1_000)).toBeUndefined();
      expect(await table.rates.take(key, 3, 1_000, nowMs + 1_000)).toBe(100);
    });

    test('a clock that lags behind finds the places that were taken before', async () => {
      const key = fresh();
      for (const n of times(3)) await table.rates.take(key, 3, 100, nowMs + 10 + n);
      expect(await table.rates.take(key, 3, 100, nowMs + 121)).toBeUndefined();
      expect(await table.rates.take(key, 3, 100, nowMs + 105)).toBe(6);
    });

    test('no place is no place', async () => {
      expect(await table.rates.take(fresh(), 0, 1_000, nowMs)).toBe(1_000);
      expect(await table.rates.takeDaily(fresh(), 0, nowMs + 1)).toBe(86_399_999);
    });

    test('a day has exactly as many places as its limit, whoever asks at once', async () => {
      for (const limit of [1, 7, 33]) {
        const key = fresh();
        const waits = await Promise.all(times(limit + 10).map(() => table.rates.takeDaily(key, limit, nowMs + 5)));
        expect(waits.filter((waitMs) => waitMs === undefined)).toHaveLength(limit);
        expect(await table.rates.takeDaily(key, limit, nowMs + 86_399_999)).toBe(1);
        expect(await table.rates.takeDaily(key, limit, nowMs + 86_400_000)).toBeUndefined();
      }
    });
  });

  describe('chats', () => {
    test('of many who start a chat for one visitor one does', async () => {
      const record = { ...sampleChat, identity: fresh() };
      expect(await table.chats.read(record.identity)).toBeUndefined();
      const won = await Promise.all(times(20).map(() => table.chats.swap(undefined, record)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await table.chats.read(record.identity)).toStrictEqual(record);
    });

    test('a chat changes only from what it is', async () => {
      const record = { ...sampleChat, identity: fresh() };
      expect(await table.chats.swap(record, { ...record, version: 2 })).toBe(false);
      await table.chats.swap(undefined, record);
      const open = { ...record, status: 'open', conversationSid: 'CH1', version: 2 } as const;
      expect(await table.chats.swap(record, open)).toBe(true);
      expect(await table.chats.swap(record, { ...open, conversationSid: 'CH2' })).toBe(false);
      expect(await table.chats.read(record.identity)).toEqual(open);
    });
  });
}
