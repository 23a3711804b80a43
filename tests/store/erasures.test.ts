import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDeadline } from '../../shared/core/deadline.ts';
import { eraseConversation } from '../../shared/core/erase/erase.ts';
import type { Erasures } from '../../shared/core/erase/erasures.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { openErasures } from '../../shared/store/erasures.ts';
import { DAY_MS } from '../../shared/store/items.ts';
import { sampleTurn } from '../contracts/store.ts';
import { testClock } from '../support/clock.ts';
import { engineNames, engines, startMs, type TestTable } from './engines.ts';

const canary = 'Canary-4711';

const line = (id: string, atMs = startMs): Line => ({ by: 'customer', text: `${canary} ${id}`, atMs, id });

const record = (handoverId: string, conversationId: string) => ({
  ...{ handoverId, conversationId, openedAtMs: startMs, topic: canary, reason: undefined, name: canary },
  ...{ language: undefined, fields: { policy: canary } },
});

/** Everything that a handover of a chat, and a call wished for in it, leaves in the table. */
async function fill({ table }: TestTable, name: string): Promise<void> {
  const conversationId = `${canary}-${name}`;
  const handoverId = `h-${name}`;
  const requestId = `r-${name}`;
  const phone = `+1500555${name.length}006`;
  const nowMs = startMs;
  await table.states.swap(conversationId, undefined, {
    ...{ epoch: 1, seq: 1, mode: 'human', pausedUntilMs: startMs + 1, handoverId, bot: 'watson' },
    ...{ owner: `CH${'0'.repeat(32)}:KD${'0'.repeat(32)}`, deskSeq: 0 },
  });
  await table.transcripts.add(conversationId, line('c-1'));
  await table.transcripts.putHistory(conversationId, handoverId, [line('b-1')]);
  await table.transcripts.putHandover(record(handoverId, conversationId));
  await table.openings.add({ handoverId, conversationId, kind: 'chat', openedAtMs: startMs });
  await table.reminders.add({ conversationId, atMs: startMs + 600_000 });
  const parcel = { conversationId, order: nowMs, claimedUntilMs: 0, tries: 0 };
  await table.outbox.put({ ...parcel, to: 'desk', eventId: 'e-1', payload: canary });
  await table.outbox.put({ ...parcel, to: 'bot', eventId: 'e-2', payload: canary });
  await table.once.claim({ conversationId, key: 'push/e-1' }, 'f', nowMs, 1_000);
  await table.once.finish({ conversationId, key: 'push/e-1' }, 'f', { lost: [canary] }, nowMs, 1_000);
  // The assistant's session, a phone call's own handover, and the visitor's chat lead to the same customer.
  await table.contexts.link(handoverId, `session-${conversationId}`, nowMs);
  await table.transcripts.add(`session-${conversationId}`, line('s-1'));
  await table.chats.swap(undefined, {
    ...{ identity: `visitor-${name}`, status: 'open', conversationSid: 'CH1', leaseUntilMs: 0, version: 1 },
  });
  await table.contexts.tell(handoverId, 'wish', { requestId, visitor: `visitor-${name}`, customerPhone: phone }, nowMs);
  await table.contexts.tell(handoverId, 'bot', { talk: { bots: ['rasa'], id: 'h-first' } }, nowMs);
  const recordingSid = 'RE1';
  await table.contexts.tell(handoverId, 'voicemail', { voicemail: { recordingSid, seconds: 3, text: canary } }, nowMs);
  const dueAtMs = startMs + 20 * DAY_MS;
  await table.calls.create({
    ...{ requestId, subject: canary, phone, conversationId, topic: canary, name: canary, language: undefined },
    ...{ status: 'ended', reason: undefined, callSid: `CA${name}`, handoverId, dueAtMs },
    ...{ waitingSinceMs: undefined, createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 },
  });
  await table.due.add(requestId, dueAtMs);
  await table.due.add(requestId, startMs + 600_000);
  await table.calls.occupy(phone, requestId, nowMs, nowMs + 1);
  await table.once.claim(`call#${requestId}`, phone, nowMs, 1_000);
  await table.progress.begin(`CA${name}`, nowMs);
  for (const caller of [phone, `CA${name}`])
    for (const turn of [0, 1]) await table.voice.put({ ...sampleTurn, call: { ...sampleTurn.call, caller }, turn });
  await table.rates.take(`call-number#${phone}`, 3, 1_000, nowMs);
  await table.rates.take(`call-source#conversation:${conversationId}`, 3, 1_000, nowMs);
}

const everything = async (under: TestTable): Promise<string> =>
  (await under.scan())
    .map((item) => JSON.stringify(item))
    .sort()
    .join('\n');

describe.for(engineNames)('on %s', (engine) => {
  let under: TestTable;
  beforeAll(async () => {
    under = await engines[engine]();
  }, 60_000);
  afterAll(() => under.stop());
  beforeEach(async () => {
    for (const { pk, sk } of await under.scan()) await under.removeRaw({ pk: pk?.S ?? '', sk: sk?.S ?? '' });
  });

  test('nothing of an erased customer is left, and nothing of another is touched', async () => {
    await fill(under, 'other');
    const others = await everything(under);
    await fill(under, 'me');
    await under.putRaw({ pk: `CONV#${canary}-me`, sk: 'NONE-OF-OURS' }, { text: { S: canary } });
    const erasing = openErasures(under.items);
    const { deleted, traces } = await erasing.erase(`${canary}-me`, startMs);
    expect(await everything(under)).toBe(others);
    expect(deleted).toBeGreaterThan(20);
    expect(traces).toEqual({
      ...{ bots: ['watson'], tickets: [`CH${'0'.repeat(32)}:KD${'0'.repeat(32)}`], handoverIds: ['h-me'] },
      talks: [{ bots: ['rasa'], id: 'h-first' }],
      ...{ callSids: ['CAme'], recordingSids: ['RE1'] },
    });
    expect(await erasing.erase(`${canary}-me`, startMs)).toMatchObject({ deleted: 0 });
  });

  test('whoever is known by the other end of a link is erased as well', async () => {
    await fill(under, 'me');
    await openErasures(under.items).erase(`session-${canary}-me`, startMs);
    expect(await everything(under)).toBe('');
  });

  test('CP11 broken off after any removal, it is finished when it is asked again', async () => {
    await fill(under, 'me');
    const { deleted } = await openErasures(under.items).erase(`${canary}-me`, startMs);
    for (let at = 0; at < deleted; at += 3) {
      await fill(under, 'me');
      let left = at;
      const dying = openErasures({
        ...under.items,
        takeAway: async (key) => {
          if (left-- <= 0) throw new Error('killed');
          return under.items.takeAway(key);
        },
      });
      await expect(dying.erase(`${canary}-me`, startMs)).rejects.toThrow('killed');
      await openErasures(under.items).erase(`${canary}-me`, startMs);
      expect(await everything(under)).toBe('');
    }
  });
});

test('R10 what was being written when it began is erased too', async () => {
  const under = await engines.dynalite();
  const clock = testClock(startMs);
  const deadline = startDeadline(clock, 9_000);
  const conversationId = `${canary}-me`;
  const erasing = openErasures(under.items);
  let passes = 0;
  const erasures: Erasures = {
    async erase(...asked) {
      const erased = await erasing.erase(...asked);
      if (passes++ === 0) await under.table.transcripts.add(conversationId, line('late'));
      setImmediate(() => clock.advance(4_500));
      return erased;
    },
  };
  await under.table.transcripts.add(conversationId, line('before'));
  const { deleted } = await eraseConversation({ erasures, clock, deadline }, conversationId);
  expect(await everything(under)).toBe('');
  expect(deleted).toBe(2);
  deadline.close();
  await under.stop();
});
