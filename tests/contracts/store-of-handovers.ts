import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Facts, factSources } from '../../shared/core/handover/context.ts';
import type { Table } from '../../shared/core/table.ts';
import { sampleCall, sampleHandover, sampleOpening, sampleTurn } from './store.ts';

const dayMs = 86_400_000;
const firstMs = Date.UTC(2100, 0, 1);
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

const everyFact: Required<Facts> = {
  callSid: 'CA00000000000000000000000000000001',
  requestId: 'r-1',
  visitor: 'visitor-1',
  customerPhone: '+15005550006',
  topic: 'billing',
  reason: 'größer als "x" 🙂',
  name: 'Ada',
  language: 'de',
  fields: { order: '4711', note: 'a#b%23\n' },
  draft: { title: 'No mail', 'the rest': 'a#b%23\n' },
  sessionHistoryKey: 'dev::latest::1',
  transferTarget: 'tel:+15005550007',
  voicemail: { recordingSid: 'RE00000000000000000000000000000001', seconds: 12, text: 'Please call me.' },
  talk: { bots: ['helpdesk', 'rasa-host https://orders.example.com'], id: 'h-1' },
  returns: 2,
  endReason: 'ended',
  agent: '+15005550008',
};

const nobodyTold = Object.fromEntries(factSources.map((source) => [source, undefined]));

/** What every table promises of what is known of handovers, and of its two lists. The tests share one table. */
export function handoverStoreContract(open: () => Promise<Table>): void {
  let table: Table;
  beforeAll(async () => {
    table = await open();
  });
  const fresh = () => randomUUID();
  let usedDays = 0;
  /** The lists are by day, so each test has days of its own: noon of one, and eight before and after it. */
  const freshNoonMs = () => firstMs + 20 * ++usedDays * dayMs + dayMs / 2;

  describe('contexts', () => {
    test('of a handover that nobody spoke of nothing is known', async () => {
      expect(await table.contexts.read(fresh())).toBeUndefined();
    });

    test('what a source tells is read back whole', async () => {
      const handoverId = fresh();
      await table.contexts.tell(handoverId, 'call', everyFact, firstMs);
      expect(await table.contexts.read(handoverId)).toEqual({
        handoverId,
        record: undefined,
        facts: everyFact,
        told: { ...nobodyTold, call: firstMs },
        conversations: [],
      });
    });

    test('record, facts of all sources and links are found together, and not those of another', async () => {
      const record = { ...sampleHandover, handoverId: fresh(), conversationId: fresh() };
      const { handoverId } = record;
      await table.contexts.link(handoverId, 'c-2', firstMs);
      await table.contexts.tell(handoverId, 'cdr', { topic: 'old', endReason: 'ended' }, firstMs + 2);
      await table.transcripts.putHandover(record);
      await table.contexts.tell(handoverId, 'bot', { topic: 'billing' }, firstMs + 1);
      await table.contexts.link(handoverId, 'c-1:with:colons@and+more', firstMs);
      await table.contexts.tell(`${handoverId}-other`, 'bot', { name: 'Ada' }, firstMs);
      await table.contexts.link(`${handoverId}-other`, 'c-3', firstMs);
      expect(await table.contexts.read(handoverId)).toEqual({
        handoverId,
        record,
        facts: { topic: 'billing', endReason: 'ended' },
        told: { ...nobodyTold, bot: firstMs + 1, cdr: firstMs + 2 },
        conversations: ['c-1:with:colons@and+more', 'c-2'],
      });
      expect(await table.transcripts.handover(handoverId)).toEqual(record);
    });

    test('a record alone, a link alone and a source that knows nothing are something', async () => {
      const [recorded, linked, told] = [fresh(), fresh(), fresh()];
      await table.transcripts.putHandover({ ...sampleHandover, handoverId: recorded });
      await table.contexts.link(linked, 'c-1', firstMs);
      await table.contexts.tell(told, 'agents', {}, firstMs);
      expect(await table.contexts.read(recorded)).toMatchObject({ facts: {}, told: nobodyTold, conversations: [] });
      expect(await table.contexts.read(linked)).toMatchObject({ record: undefined, conversations: ['c-1'] });
      expect(await table.contexts.read(told)).toMatchObject({ facts: {}, told: { ...nobodyTold, agents: firstMs } });
    });

    test('what a source tells takes the place of all that it told before', async () => {
      const handoverId = fresh();
      await table.contexts.tell(handoverId, 'bot', { topic: 'billing', fields: { order: '1' } }, firstMs);
      await table.contexts.tell(handoverId, 'wish', { name: 'Ada' }, firstMs);
      await table.contexts.tell(handoverId, 'bot', { topic: undefined, fields: { city: 'Köln' } }, firstMs);
      expect((await table.contexts.read(handoverId))?.facts).toEqual({ name: 'Ada', fields: { city: 'Köln' } });
    });

    test('what was told earlier and arrives later changes nothing', async () => {
      const handoverId = fresh();
      const newest = 20;
      await Promise.all(
        times(newest + 1).map((n) =>
          table.contexts.tell(handoverId, 'bot', { topic: `topic-${n}` }, firstMs + ((n * 8) % (newest + 1))),
        ),
      );
      const told = await table.contexts.read(handoverId);
      expect(told?.told.bot).toBe(firstMs + newest);
      await table.contexts.tell(handoverId, 'bot', { topic: 'late' }, firstMs + newest - 1);
      expect(await table.contexts.read(handoverId)).toEqual(told);
    });

    test('a handover with more than one page of facts and links is read whole', async () => {
      const handoverId = fresh();
      const long = 'x'.repeat(300_000);
      for (const source of factSources) await table.contexts.tell(handoverId, source, { reason: long }, firstMs);
      await Promise.all(times(50).map((n) => table.contexts.link(handoverId, `c-${n}`, firstMs)));
      await table.contexts.link(handoverId, 'c-1', firstMs + 1);
      const known = await table.contexts.read(handoverId);
      expect(Object.values(known?.told ?? {})).toEqual(factSources.map(() => firstMs));
      expect(known?.conversations).toEqual(
        times(50)
          .map((n) => `c-${n}`)
          .sort(),
      );
    });
  });

  describe('openings', () => {
    test('those of today and yesterday are given, the newest first, no more than asked for', async () => {
      const noonMs = freshNoonMs();
      const openedAt = async (handoverId: string, openedAtMs: number) => {
        const opening = { ...sampleOpening, handoverId, openedAtMs };
        await table.openings.add(opening);
        return opening;
      };
      await openedAt('h-0', noonMs - 1.5 * dayMs - 1); // the last moment of the day before yesterday
      const first = await openedAt('h-1', noonMs - 1.5 * dayMs);
      const third = await openedAt('h-3', noonMs - 2);
      const second = await openedAt('h-2', noonMs - dayMs);
      const fourth = await openedAt('h-4', noonMs - 1);
      await openedAt('h-5', noonMs + dayMs);
      expect(await table.openings.newest(noonMs, 10)).toEqual([fourth, third, second, first]);
      expect(await table.openings.newest(noonMs, 3)).toEqual([fourth, third, second]);
      expect(await table.openings.newest(noonMs, 2)).toEqual([fourth, third]);
      expect(await table.openings.newest(noonMs, 0)).toEqual([]);
    });

    test('a handover that was opened twice is given once, as it was opened last', async () => {
      const noonMs = freshNoonMs();
      const opening = { ...sampleOpening, openedAtMs: noonMs - 3 };
      await table.openings.add({ ...opening, openedAtMs: noonMs - dayMs });
      for (const _ of times(2)) await table.openings.add(opening);
      await table.openings.add({ ...sampleOpening, handoverId: 'h-2', openedAtMs: noonMs - 5 });
      const last = { ...opening, kind: 'call', conversationId: 'c-2', openedAtMs: noonMs - 0.5 } as const;
      await table.openings.add(last);
      const newest = await table.openings.newest(noonMs, 2);
      expect(newest).toEqual([
        { ...last, openedAtMs: noonMs },
        { ...opening, handoverId: 'h-2', openedAtMs: noonMs - 5 },
      ]);
    });

    test('of hundreds opened at once none is missing', async () => {
      const noonMs = freshNoonMs();
      await Promise.all(
        times(300).map((n) =>
          table.openings.add({ ...sampleOpening, handoverId: `h-${n}`, openedAtMs: noonMs + (n % 7) }),
        ),
      );
      const newest = await table.openings.newest(noonMs, 1_000);
      expect(new Set(newest.map(({ handoverId }) => handoverId)).size).toBe(300);
      expect(await table.openings.newest(noonMs, 40)).toEqual(newest.slice(0, 40));
    });
  });

  describe('due', () => {
    test('a call is due from its time on, to the millisecond, until it is taken off the list', async () => {
      const atMs = freshNoonMs();
      await table.due.add('r-1', atMs);
      await table.due.add('r-1', atMs);
      expect(await table.due.until(atMs - 1, 10)).toEqual([]);
      expect(await table.due.until(atMs, 10)).toEqual([{ requestId: 'r-1', atMs }]);
      await table.due.remove('r-1', atMs + 1);
      await table.due.remove('r-2', atMs);
      expect(await table.due.until(atMs + 1, 10)).toEqual([{ requestId: 'r-1', atMs }]);
      for (const _ of times(2)) await table.due.remove('r-1', atMs);
      expect(await table.due.until(atMs, 10)).toEqual([]);
    });

    test('the earliest come first, over all days of a week, no more than asked for', async () => {
      const noonMs = freshNoonMs();
      const week = times(8).map((n) => ({ requestId: `r-${n}:x`, atMs: noonMs - (7 - n) * dayMs }));
      for (const { requestId, atMs } of [...week].reverse()) await table.due.add(requestId, atMs);
      await table.due.add('r-long-ago', noonMs - 8 * dayMs);
      await table.due.add('r-tomorrow', noonMs + dayMs);
      await table.due.add('r-soon', noonMs + 1);
      expect(await table.due.until(noonMs, 20)).toEqual(week);
      expect(await table.due.until(noonMs, 3)).toEqual(week.slice(0, 3));
      expect(await table.due.until(noonMs, 0)).toEqual([]);
    });

    test('a time with a part of a millisecond is not due before it, and goes off the list by the same time', async () => {
      const atMs = freshNoonMs() + 0.5;
      await table.due.add('r-1', atMs);
      expect(await table.due.until(atMs - 0.25, 10)).toEqual([]);
      const [found] = await table.due.until(atMs + 0.5, 10);
      expect(found).toEqual({ requestId: 'r-1', atMs: atMs + 0.5 });
      await table.due.remove('r-1', atMs);
      expect(await table.due.until(atMs + 1, 10)).toEqual([]);
    });

    test('of hundreds due at once none is missing, whoever takes them off a few at a time', async () => {
      const noonMs = freshNoonMs();
      await Promise.all(times(250).map((n) => table.due.add(`r-${n}`, noonMs - (n % 6) * dayMs)));
      const placed: string[] = [];
      for (;;) {
        const due = await table.due.until(noonMs, 60);
        if (due.length === 0) break;
        await Promise.all(due.map(({ requestId, atMs }) => table.due.remove(requestId, atMs)));
        placed.push(...due.map(({ requestId }) => requestId));
      }
      expect(placed.sort()).toEqual(
        times(250)
          .map((n) => `r-${n}`)
          .sort(),
      );
    });
  });

  describe('reminders', () => {
    test('a conversation is due from its time on, to the millisecond, until it was looked at', async () => {
      const atMs = freshNoonMs();
      const reminder = { conversationId: 'c-1:with:colons@and+more', atMs };
      for (const _ of times(2)) await table.reminders.add(reminder);
      expect(await table.reminders.due(atMs - 1, 10)).toEqual([]);
      expect(await table.reminders.due(atMs, 10)).toEqual([reminder]);
      await table.reminders.remove({ ...reminder, atMs: atMs + 1 });
      await table.reminders.remove({ ...reminder, conversationId: 'c-2' });
      expect(await table.reminders.due(atMs + 1, 10)).toEqual([reminder]);
      for (const _ of times(2)) await table.reminders.remove(reminder);
      expect(await table.reminders.due(atMs, 10)).toEqual([]);
    });

    test('one conversation may be due at several times, each of which is taken off by itself', async () => {
      const atMs = freshNoonMs() + 0.5;
      await table.reminders.add({ conversationId: 'c-1', atMs: atMs + 1 });
      await table.reminders.add({ conversationId: 'c-1', atMs });
      const [first, second] = await table.reminders.due(atMs + 2, 10);
      expect([first?.atMs, second?.atMs]).toEqual([atMs + 0.5, atMs + 1.5]);
      await table.reminders.remove({ conversationId: 'c-1', atMs });
      expect(await table.reminders.due(atMs + 2, 10)).toEqual([{ conversationId: 'c-1', atMs: atMs + 1.5 }]);
    });

    test('the earliest come first, over all days of a week, no more than asked for, and no calls among them', async () => {
      const noonMs = freshNoonMs();
      const week = times(8).map((n) => ({ conversationId: `c-${n}`, atMs: noonMs - (7 - n) * dayMs }));
      for (const reminder of [...week].reverse()) await table.reminders.add(reminder);
      await table.reminders.add({ conversationId: 'c-long-ago', atMs: noonMs - 8 * dayMs });
      await table.reminders.add({ conversationId: 'c-soon', atMs: noonMs + 1 });
      await table.due.add('r-1', noonMs);
      expect(await table.reminders.due(noonMs, 20)).toEqual(week);
      expect(await table.reminders.due(noonMs, 3)).toEqual(week.slice(0, 3));
      expect(await table.reminders.due(noonMs, 0)).toEqual([]);
      expect(await table.due.until(noonMs, 20)).toEqual([{ requestId: 'r-1', atMs: noonMs }]);
    });
  });

  describe('voice turns', () => {
    const called = (caller: string, callSid = 'CA1', atMs = firstMs) => ({ caller, callSid, atMs });

    test('a turn is read back whole, with the one before it', async () => {
      const call = called(`+${fresh()}`);
      const [first, second] = [0, 1].map((turn) => ({ ...sampleTurn, call, turn }));
      expect(await table.voice.around(call, 1)).toEqual({});
      for (const turn of [first, second]) if (turn) expect(await table.voice.put(turn)).toEqual(turn);
      expect(await table.voice.around(call, 0)).toEqual({ there: first });
      expect(await table.voice.around(call, 1)).toEqual({ before: first, there: second });
      expect(await table.voice.around(call, 2)).toEqual({ before: second });
      expect(await table.voice.around(call, 3)).toEqual({});
      expect(await table.voice.around({ ...call, callSid: 'CA2' }, 1)).toEqual({});
      expect(await table.voice.around({ ...call, atMs: firstMs + 1 }, 1)).toEqual({});
    });

    test('of two answers to one turn the first stays, and everybody is given it', async () => {
      const call = called(fresh());
      const turns = times(10).map((n) => ({ ...sampleTurn, call, lines: [{ by: 'bot' as const, text: `${n}` }] }));
      const given = await Promise.all(turns.map((turn) => table.voice.put(turn)));
      const { there } = await table.voice.around(call, sampleTurn.turn);
      expect(turns).toContainEqual(there);
      for (const one of given) expect(one).toEqual(there);
    });

    test('the newest turn of a caller is that of the call that began last', async () => {
      const caller = fresh();
      expect(await table.voice.newest(caller)).toBeUndefined();
      const turns = [
        { ...sampleTurn, call: called(caller, 'CA9'), turn: 12 },
        { ...sampleTurn, call: called(caller, 'CA1', firstMs + 1), turn: 2 },
        { ...sampleTurn, call: called(caller, 'CA1', firstMs + 1), turn: 10 },
        { ...sampleTurn, call: called(`${caller}0`, 'CA1', firstMs + 5), turn: 0 },
      ];
      for (const turn of turns) await table.voice.put(turn);
      expect(await table.voice.newest(caller)).toEqual(turns[2]);
    });

    test('the turns of a call come in order, and no others', async () => {
      const call = called(fresh());
      for (const turn of [10, 2, 0, 1]) await table.voice.put({ ...sampleTurn, call, turn });
      await table.voice.put({ ...sampleTurn, call: { ...call, callSid: 'CA10' }, turn: 3 });
      await table.voice.put({ ...sampleTurn, call: { ...call, atMs: firstMs + 1 }, turn: 3 });
      expect((await table.voice.ofCall(call)).map(({ turn }) => turn)).toEqual([0, 1, 2, 10]);
    });
  });

  test('calls keep the handover that they are about and the time at which they are due', async () => {
    const requestId = fresh();
    const record = { ...sampleCall, requestId, handoverId: 'h-1', dueAtMs: firstMs + 0.5 };
    await table.calls.create(record);
    expect(await table.calls.read(requestId)).toStrictEqual(record);
    const placed = { ...record, dueAtMs: undefined, version: 2 };
    expect(await table.calls.swap(record, placed)).toBe(true);
    expect(await table.calls.read(requestId)).toStrictEqual(placed);
  });
}
