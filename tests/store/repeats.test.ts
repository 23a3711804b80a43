import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleChat, sampleLine, sampleParcel, sampleState } from '../contracts/store.ts';
import { memoryTable } from '../support/memory-table.ts';
import { engineNames, engines, startMs, type TestTable } from './engines.ts';
import { steps } from './steps.ts';

/** Sends every command twice and keeps the second answer, as a client does that never saw the first. */
function sendTwice({ connection }: TestTable): void {
  connection.client.middlewareStack.add(
    (next) => async (args) => {
      await next(args).catch(() => undefined); // a refused condition is an answer too
      return next(args);
    },
    { step: 'initialize' },
  );
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.for(engineNames)('on %s, with every command sent twice', (name) => {
  let opened: TestTable;
  beforeAll(async () => {
    opened = await engines[name]();
    sendTwice(opened);
  });
  afterAll(() => opened.stop());

  test('the table answers as if each had been sent once', async () => {
    await fc.assert(
      fc.asyncProperty(steps(20, 60), async (plan) => {
        const run = `${randomUUID()}:`;
        const model = memoryTable();
        for (const step of plan) expect(await step(opened.table, run)).toEqual(await step(model, run));
      }),
      { numRuns: 8 },
    );
  });

  test('of many at once still exactly one is told that it was the one', async () => {
    const { states, outbox, once, calls, progress, chats } = opened.table;
    const parcel = { ...sampleParcel, claimedUntilMs: 0 };
    await outbox.put(parcel);
    await progress.begin('CA1', startMs);
    const ones = await Promise.all(
      [
        times(20).map((n) => states.swap('c', undefined, { ...sampleState, owner: `owner-${n}` })),
        times(20).map(async () => (await outbox.claim(parcel, startMs, startMs + 1)) !== undefined),
        times(20).map(async () => (await once.claim('key', 'f', startMs, 1_000)).is === 'mine'),
        times(20).map(async (n) => (await calls.occupy('+15005550006', `r-${n}`, startMs, startMs + 1)) === `r-${n}`),
        times(20).map(() => progress.advance('CA1', 'completed', 1, startMs)),
        times(20).map(() => chats.swap(undefined, sampleChat)),
      ].map((all) => Promise.all(all)),
    );
    expect(ones.map((told) => told.filter(Boolean).length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('lines said at once are all stored, and everybody is told so', async () => {
    const told = await Promise.all(
      times(50).map((n) => opened.table.transcripts.add('c', { ...sampleLine, id: `l-${n}` })),
    );
    expect(told).not.toContain(false);
    expect(await opened.table.transcripts.lines('c', 100)).toHaveLength(50);
  });

  test('a limit is never passed', async () => {
    const { rates } = opened.table;
    const inWindow = await Promise.all(times(10).map(() => rates.take('key', 5, 1_000, startMs)));
    expect(inWindow.filter((waitMs) => waitMs === undefined)).toHaveLength(5);
    const today = await Promise.all(times(30).map(() => rates.takeDaily('key', 15, startMs)));
    expect(today.filter((waitMs) => waitMs === undefined).length).toBeLessThanOrEqual(15);
  });

  test('a day has all its places', async () => {
    for (const n of times(15)) expect(await opened.table.rates.takeDaily('whole', 15, startMs + n)).toBeUndefined();
    expect(await opened.table.rates.takeDaily('whole', 15, startMs)).toBe(86_400_000);
  });

  test('giving a key back does not take it away from whoever has it next', async () => {
    const { once } = opened.table;
    const { client } = opened.connection;
    await once.claim('given back', 'f', startMs, 1_000);
    let claimInBetween: Promise<unknown> | undefined;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (context.commandName === 'DeleteItemCommand' && !claimInBetween) {
          claimInBetween = once.claim('given back', 'f', startMs, 1_000);
          await claimInBetween;
        }
        return answer;
      },
      { step: 'initialize', priority: 'low', name: 'claimInBetween' },
    );
    await once.forget('given back', 'f');
    client.middlewareStack.remove('claimInBetween');
    expect(await claimInBetween).toEqual({ is: 'mine' });
    expect(await once.claim('given back', 'f', startMs, 1_000)).toEqual({ is: 'in-progress' });
  });
});
