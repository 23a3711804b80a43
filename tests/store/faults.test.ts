import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Problem } from '../../shared/core/problems.ts';
import type { Table } from '../../shared/core/table.ts';
import { connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { openItems } from '../../shared/store/items.ts';
import { openTable, tableOf, tableSettings } from '../../shared/store/table.ts';
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
import { testClock } from '../support/clock.ts';
import { startDynalite } from '../support/dynalite.ts';
import { memoryTable } from '../support/memory-table.ts';
import { openEnded } from '../support/open-ended.ts';
import { patience } from '../support/patient-table.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { credentials, startMs } from './engines.ts';
import { faults, startFaultyEngine, startForgetfulWay, startSkewedEngine } from './faulty-engine.ts';
import { steps } from './steps.ts';

/** The table as a function opens it, from settings. */
function tableAt(endpoint: string, deadline = openEnded): Table {
  const wrong: string[] = [];
  const settings = tableSettings.read(
    {
      HANDOVER_TABLE: 'handover',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    wrong,
  );
  expect(wrong).toEqual([]);
  return openTable({ settings, clock: testClock(startMs) }).within(deadline);
}

/** Every method, with something sensible. */
const everyMethod: Readonly<Record<string, (table: Table) => Promise<unknown>>> = {
  'states.read': ({ states }) => states.read('c'),
  'states.swap': ({ states }) => states.swap('c', undefined, sampleState),
  'transcripts.add': ({ transcripts }) => transcripts.add('c', sampleLine),
  'transcripts.putHistory': ({ transcripts }) => transcripts.putHistory('c', 'h', [sampleLine]),
  'transcripts.lines': ({ transcripts }) => transcripts.lines('c', 10),
  'transcripts.putHandover': ({ transcripts }) => transcripts.putHandover(sampleHandover),
  'transcripts.handover': ({ transcripts }) => transcripts.handover('h'),
  'outbox.put': ({ outbox }) => outbox.put(sampleParcel),
  'outbox.waiting': ({ outbox }) => outbox.waiting('c', 'desk'),
  'outbox.claim': ({ outbox }) => outbox.claim(sampleParcel, startMs, startMs + 1),
  'outbox.release': ({ outbox }) => outbox.release(sampleParcel, startMs),
  'outbox.remove': ({ outbox }) => outbox.remove(sampleParcel),
  'once.claim': ({ once }) => once.claim('k', 'f', startMs, 1),
  'once.finish': ({ once }) => once.finish('k', 'f', 1, startMs, 1),
  'once.forget': ({ once }) => once.forget('k', 'f'),
  'calls.create': ({ calls }) => calls.create(sampleCall),
  'calls.read': ({ calls }) => calls.read('r'),
  'calls.swap': ({ calls }) => calls.swap(sampleCall, sampleCall),
  'calls.occupy': ({ calls }) => calls.occupy('+15005550006', 'r', startMs, startMs + 1),
  'calls.vacate': ({ calls }) => calls.vacate('+15005550006', 'r', startMs),
  'progress.begin': ({ progress }) => progress.begin('CA1', startMs),
  'progress.advance': ({ progress }) => progress.advance('CA1', 'ringing', 1, startMs),
  'rates.take': ({ rates }) => rates.take('k', 1, 1, startMs),
  'rates.takeDaily': ({ rates }) => rates.takeDaily('k', 100, startMs),
  'chats.read': ({ chats }) => chats.read('v'),
  'chats.swap': ({ chats }) => chats.swap(undefined, sampleChat),
  'contexts.tell': ({ contexts }) => contexts.tell('h', 'bot', { topic: 'billing' }, startMs),
  'contexts.link': ({ contexts }) => contexts.link('h', 'c', startMs),
  'contexts.read': ({ contexts }) => contexts.read('h'),
  'openings.add': ({ openings }) => openings.add(sampleOpening),
  'openings.newest': ({ openings }) => openings.newest(startMs, 10),
  'due.add': ({ due }) => due.add('r', startMs),
  'due.until': ({ due }) => due.until(startMs, 10),
  'due.remove': ({ due }) => due.remove('r', startMs),
  'reminders.add': ({ reminders }) => reminders.add({ conversationId: 'c', atMs: startMs }),
  'reminders.due': ({ reminders }) => reminders.due(startMs, 10),
  'reminders.remove': ({ reminders }) => reminders.remove({ conversationId: 'c', atMs: startMs }),
  'voice.around': ({ voice }) => voice.around(sampleTurn.call, 1),
  'voice.newest': ({ voice }) => voice.newest('+15005550006'),
  'voice.put': ({ voice }) => voice.put(sampleTurn),
  'voice.ofCall': ({ voice }) => voice.ofCall(sampleTurn.call),
};

async function outcome(work: Promise<unknown>): Promise<{ readonly code: string; readonly tookMs: number }> {
  const took = stopwatch();
  const code = await work.then(
    () => 'an answer',
    (error: unknown) => (error instanceof Problem ? error.code : `not a problem: ${error}`),
  );
  return { code, tookMs: took() };
}

test.for([20, -20])('a clock that is off by %d minutes costs one try, and no call fails for it', async (minutes) => {
  const engine = await startSkewedEngine(minutes * 60_000);
  onTestFinished(() => engine.stop());
  const table = tableAt(engine.endpoint);
  expect(await table.states.read('c')).toBeUndefined();
  expect(engine.tries()).toBe(2);
  expect(await table.states.read('c')).toBeUndefined();
  expect(engine.tries()).toBe(3);
});

test('every method of the table is tried against faults', () => {
  const methods = Object.entries(memoryTable()).flatMap(([port, of]) =>
    Object.keys(of).map((name) => `${port}.${name}`),
  );
  expect(Object.keys(everyMethod).sort()).toEqual(methods.sort());
});

test.concurrent.for(Object.keys(faults))(
  'an engine that %s is unavailable to every method before the shortest deadline of a function',
  async (fault, { expect }) => {
    const engine = await startFaultyEngine(fault);
    try {
      const table = tableAt(engine.endpoint);
      const outcomes = await Promise.all(Object.values(everyMethod).map((method) => outcome(method(table))));
      expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['state_unavailable']));
      // two tries of 700 ms and a pause; a voice function has 2,350 ms for its work
      expect(Math.max(...outcomes.map(({ tookMs }) => tookMs))).toBeLessThan(2_350);
      expect(engine.tries()).toBeLessThanOrEqual(2 * outcomes.length);
    } finally {
      engine.stop();
    }
  },
);

test('what is under way when the call is answered is called off', async () => {
  const engine = await startFaultyEngine('never answers');
  try {
    const call = new AbortController();
    const { states } = tableAt(engine.endpoint, { ...openEnded, signal: call.signal });
    const reading = outcome(states.read('c'));
    await expect.poll(() => engine.tries()).toBe(1);
    call.abort();
    const { code, tookMs } = await reading;
    expect(code).toBe('state_unavailable');
    expect(tookMs).toBeLessThan(600);
    expect(engine.tries()).toBe(1);
    expect(await outcome(states.read('c'))).toMatchObject({ code: 'state_unavailable' });
    expect(engine.tries()).toBe(1);
  } finally {
    engine.stop();
  }
});

test('an engine where nobody listens is unavailable at once', async () => {
  const engine = await startFaultyEngine('fails');
  engine.stop();
  expect(await outcome(tableAt(engine.endpoint).states.read('c'))).toMatchObject({ code: 'state_unavailable' });
});

test('a read is tried twice, a write that was done counts as done when its answer is lost', async () => {
  const engine = await startDynalite();
  const way = await startForgetfulWay(engine.endpoint);
  try {
    await createTable(connect({ region: 'us-east-1', endpoint: engine.endpoint, credentials }).client, 'handover');
    await fc.assert(
      fc.asyncProperty(steps(10, 20), async (plan) => {
        // Of its own in each run: after some fifty lost answers the SDK tries no second time, so as not to pile load on load.
        const connection = connect({ region: 'us-east-1', endpoint: way.endpoint, credentials }, patience);
        const clock = testClock(startMs);
        const table = tableOf(openItems({ connection, table: 'handover', clock, transcriptDays: 30 }));
        const run = `${randomUUID()}:`;
        const model = memoryTable();
        for (const step of plan) expect(await step(table, run)).toEqual(await step(model, run));
      }),
      { numRuns: 4 },
    );
    expect(way.tries()).toBeGreaterThan(40);
  } finally {
    way.stop();
    await engine.stop();
  }
});
