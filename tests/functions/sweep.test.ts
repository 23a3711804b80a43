import { setTimeout as soon } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import callEvents from '../../functions/call-events.ts';
import clickToCall from '../../functions/click-to-call.ts';
import sweep from '../../functions/sweep.ts';
import { callBackOf } from '../../shared/core/call/call-back.ts';
import { handoverOfRequest } from '../../shared/core/call/call-handover.ts';
import { spelled } from '../../shared/core/call/own-parameter.ts';
import { isSigned } from '../../shared/core/callers/agent-link.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import { headerMap, type Inbound } from '../../shared/core/inbound.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { CallRecord, Table } from '../../shared/core/table.ts';
import { chatDeskSettings, openDesksByTicket } from '../../shared/desks/index.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { toOpenWhisk } from '../../shared/runtimes/openwhisk.ts';
import { asking, phone, read } from '../support/call-scene.ts';
import { inboundOf, testSettings, twilioCall } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { failingAt, unevenTable } from '../support/failing-table.ts';
import { fakeTwilio, type Treatment } from '../support/fake-twilio.ts';
import { memoryTable } from '../support/memory-table.ts';
import { patient } from '../support/patient-table.ts';
import { startDynaliteTable } from '../support/platforms/dynalite-table.ts';
import { startStandIn } from '../support/stand-in.ts';
import { startFunction } from '../support/start-function.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const MINUTE_MS = 60_000;
/** A Monday, noon in Greenwich. */
const startMs = Date.parse('2026-01-05T12:00:00Z');
const at = '2026-01-05T12:10:00Z';
const nothing = {
  placed: 0,
  queued: 0,
  postponed: 0,
  failed: 0,
  closed: 0,
  left: 0,
  attended: 0,
  redelivered: 0,
  ended: 0,
};

const bySchedule: Inbound = {
  method: 'POST',
  query: '',
  headers: headerMap({}),
  body: undefined,
  fields: { version: '0', 'detail-type': 'Scheduled Event', detail: {} },
  trust: 'platform-key',
  sourceAddress: undefined,
};

async function scene(env: Record<string, string | undefined> = {}, table: Table = memoryTable()) {
  const twilio = await fakeTwilio();
  const wall = testClock(startMs);
  const clock = { ...steadyClock, nowMs: wall.nowMs };
  const settings = {
    TWILIO_API_BASE_URL: twilio.url,
    SESSION_MAX_HOURS: '300',
    CALL_LIMITS: '{"perNumber":50}',
    ...env,
  };
  const started = (fn: AnyFunction, over = table) =>
    startFunction({ ...fn, ports: { ...fn.ports, table: () => over } }, settings, clock);
  const [wishes, events, sweeps] = [started(clickToCall), started(callEvents), started(sweep)];
  return {
    twilio,
    table,
    lines: sweeps.lines,
    advance: wall.advance,
    nowMs: wall.nowMs,
    /** A sweep of an instance of its own. */
    another: (over = table) => started(sweep, over).call,
    sweep: async (inbound: Inbound = bySchedule) => read(await sweeps.call(inbound)),
    ask: async (body: object, options?: Parameters<typeof asking>[1]) => read(await wishes.call(asking(body, options))),
    told: (requestId: string, CallSid: string, fields: Record<string, string>) =>
      events.call(twilioCall('call-events', { CallSid, ...fields }, `requestId=${requestId}`)),
  };
}

const sid = (number: number) => `CA${number.toString(16).padStart(32, '0')}`;

describe('who may sweep', () => {
  const env = { ADMIN_KEY: 'first-key second-key' };
  const over = (headers: Record<string, string> = {}, body = '') => inboundOf(body, { headers });

  it('is the schedule of the platform and who has the key, with whatever body', async () => {
    const { sweep: run } = await scene(env);
    const swept = { http: 200, ...nothing };
    expect(await run()).toEqual(swept);
    for (const key of ['first-key', 'second-key', 'Bearer second-key'])
      expect(await run(over({ authorization: key }))).toEqual(swept);
    expect(await run(over({ authorization: 'first-key', 'content-type': 'application/json' }, '{"a":1}'))).toEqual(
      swept,
    );
    expect(await run(over({ authorization: 'first-key' }, 'a=1&a=2'))).toEqual(swept);
  });

  it('is nobody else', async () => {
    const uses: string[] = [];
    const { sweep: run, lines } = await scene(env, failingAt(memoryTable(), Number.POSITIVE_INFINITY, 'before', uses));
    const refused = { http: 401, code: 'unauthorized' };
    for (const key of [
      '',
      'first',
      'first-key second-key',
      'FIRST-KEY',
      'Basic Zmlyc3Qta2V5',
      `Bearer ${testSettings.BOT_ACCESS_TOKEN}`,
    ])
      expect(await run(over({ authorization: key }))).toEqual(refused);
    expect(await run(over())).toEqual(refused);
    expect(
      await run(inboundOf('{"accessToken":"first-key"}', { headers: { 'content-type': 'application/json' } })),
    ).toEqual(refused);
    expect(uses).toEqual([]);
    expect(lines.join()).not.toMatch(/first|second/);
    const open = await scene({ ADMIN_KEY: undefined });
    expect(await open.sweep(over({ authorization: '' }))).toEqual(refused);
    expect(await open.sweep(over({ authorization: 'undefined' }))).toEqual(refused);
  });
});

it('keeps a mistake with one call from the other calls and from the conversations, and answers 500', async () => {
  const own = memoryTable();
  const table: Table = {
    ...own,
    calls: {
      ...own.calls,
      read: async (requestId) => {
        if (requestId === 'r-1') throw new TypeError('a mistake');
        await soon(20);
        return own.calls.read(requestId);
      },
    },
    reminders: {
      ...own.reminders,
      due: async (...given) => {
        await soon(20);
        return own.reminders.due(...given);
      },
    },
  };
  const { sweep: run, advance, nowMs } = await scene({}, table);
  for (const requestId of ['r-1', 'r-2']) await own.due.add(requestId, startMs);
  await own.reminders.add({ conversationId: 'c-1', atMs: startMs });
  advance(5 * MINUTE_MS);
  expect(await run()).toMatchObject({ http: 500, code: 'internal' });
  expect((await own.due.until(nowMs(), 10)).map(({ requestId }) => requestId)).toEqual(['r-1']);
  expect(await own.reminders.due(nowMs(), 10)).toEqual([]);
});

describe('the schedule of a platform', () => {
  const own = { ...sweep, ports: { ...sweep.ports, table: () => memoryTable() } } as AnyFunction;
  beforeAll(() => {
    for (const [name, value] of Object.entries(testSettings)) vi.stubEnv(name, value);
  });
  afterAll(() => void vi.unstubAllEnvs());

  it('is that of AWS: an event of EventBridge needs no key, a request over HTTP does', async () => {
    const handler = toLambda(own);
    const event = {
      version: '0',
      id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: '2026-01-05T12:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:123456789012:rule/every-minute'],
      detail: {},
    } as Parameters<typeof handler>[0];
    const { statusCode, body } = await handler(event);
    expect([statusCode, JSON.parse(body)]).toEqual([200, nothing]);
    const http = { requestContext: { http: { method: 'POST' } }, rawQueryString: '', headers: {}, body: '{}' };
    expect((await handler({ ...event, ...http })).statusCode).toBe(401);
  });

  it('is that of OpenWhisk: a rule invokes the action without HTTP', async () => {
    const main = toOpenWhisk(own);
    expect(await main({})).toEqual(nothing);
    expect(await main({ __ow_method: 'post', __ow_headers: {}, __ow_query: '' })).toMatchObject({ statusCode: 401 });
  });
});

describe('a call whose time has come', () => {
  it('is placed then, not before, and like one that is wanted at once', async () => {
    const {
      ask,
      advance,
      sweep: run,
      twilio,
      table,
      told,
    } = await scene({ AGENT_QUEUES: '{"claims":["+15005550011"]}' });
    const { requestId } = await ask({ phone, topic: 'claims', language: 'de', at });
    advance(10 * MINUTE_MS - 1);
    expect(await run()).toEqual({ http: 200, ...nothing });
    advance(1);
    expect(await run()).toEqual({ http: 200, ...nothing, placed: 1 });
    expect(await run()).toEqual({ http: 200, ...nothing });
    expect(twilio.placed()).toBe(1);
    const form = Object.fromEntries(new URLSearchParams(twilio.requests[0]?.body));
    const about = `requestId=${requestId}&handover=${handoverOfRequest(requestId)}&queue=${spelled('claims')}`;
    expect(form).toMatchObject({
      To: phone,
      Url: `https://handover.example.com/call-leg?step=customer&${about}&agent=0&language=de`,
    });
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'calling' });
    expect(await table.openings.newest(startMs + 11 * MINUTE_MS, 5)).toHaveLength(1);
    await told(requestId, sid(1), { CallStatus: 'in-progress' });
    expect(await ask({ requestId })).toMatchObject({ status: 'customer_answered' });
  });

  it('is placed once by twenty sweeps at the same time, in instances of their own', async () => {
    const { ask, advance, another, twilio, table } = await scene({}, unevenTable(memoryTable()));
    const wishes = ['1', '2', '3'].map((last) => ({ phone: `+1500555000${last}`, at }));
    for (const wish of wishes) await ask(wish);
    advance(10 * MINUTE_MS);
    const sweeps = Array.from({ length: 20 }, () => another());
    const answers = await Promise.all(sweeps.map((run) => run(bySchedule).then(read)));
    expect(twilio.placed()).toBe(3);
    expect(answers.reduce((sum, { placed }) => sum + placed, 0)).toBe(3);
    for (const { phone: number } of wishes) {
      const later = startMs + 40 * MINUTE_MS;
      expect(await table.calls.occupy(number, 'another', later, later + 1)).not.toBe('another');
    }
  });

  it('is placed once by twenty sweeps over a real table', async () => {
    const engine = await startDynaliteTable();
    onTestFinished(() => engine.stop());
    const twilio = await fakeTwilio();
    const wall = testClock(startMs);
    const clock = { ...steadyClock, nowMs: wall.nowMs };
    const env = {
      TWILIO_API_BASE_URL: twilio.url,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SESSION_MAX_HOURS: '300',
    };
    await startFunction(patient(clickToCall), env, clock).call(asking({ phone, at }));
    wall.advance(10 * MINUTE_MS);
    const sweeps = Array.from({ length: 20 }, () => startFunction(patient(sweep), env, clock));
    await Promise.all(sweeps.map(({ call }) => call(bySchedule)));
    expect(twilio.placed()).toBe(1);
  });

  it.each<[Treatment, number]>([
    ['placed, then reset', 1],
    ['placed, answer cut off', 1],
    ['placed, then 500', 1],
    ['reset', 0],
    ['500', 0],
    [{ busy: '60' }, 1],
    ['refused', 0],
  ])('is never placed twice, whatever Twilio does: %o', async (treatment, placed) => {
    const { ask, advance, sweep: run, twilio } = await scene();
    await ask({ phone, at });
    advance(10 * MINUTE_MS);
    twilio.next(treatment);
    for (let minute = 0; minute < 10; minute++) {
      await run();
      advance(MINUTE_MS);
    }
    expect(twilio.placed()).toBe(placed);
  });

  it('is of unknown outcome for two minutes from when it was placed, however long ago it was wished for', async () => {
    const { ask, advance, sweep: run, twilio, told } = await scene();
    const { requestId } = await ask({ phone, at });
    advance(10 * MINUTE_MS);
    twilio.next('placed, then reset');
    await run();
    advance(MINUTE_MS);
    await run();
    expect(await ask({ requestId })).toMatchObject({ status: 'unknown' });
    await told(requestId, sid(1), { CallStatus: 'ringing' });
    expect(await ask({ requestId })).toMatchObject({ status: 'calling' });
  });

  it('is tried again in a minute while Twilio is too busy, and stands as before until then', async () => {
    const { ask, advance, sweep: run, twilio } = await scene();
    const { requestId } = await ask({ phone, at });
    advance(10 * MINUTE_MS);
    twilio.next(...Array.from({ length: 9 }, () => ({ busy: '60' })));
    expect(await run()).toMatchObject({ postponed: 1 });
    twilio.next();
    expect(await ask({ requestId })).toMatchObject({ status: 'scheduled', at: '2026-01-05T12:10:00.000Z' });
    advance(MINUTE_MS);
    expect(await run()).toMatchObject({ placed: 1 });
  });

  it('is never placed twice, wherever a sweep dies and whenever the next one comes', async () => {
    const deaths = fc.record({
      diesAt: fc.integer({ min: 0, max: 16 }),
      when: fc.constantFrom('before' as const, 'after' as const),
      laterMs: fc.constantFrom(0, 1_000, 60_000, 130_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(deaths, { minLength: 1, maxLength: 3 }), async (lives) => {
        const { ask, advance, another, sweep: run, twilio, table } = await scene();
        const { requestId } = await ask({ phone, at });
        advance(10 * MINUTE_MS);
        for (const { diesAt, when, laterMs } of lives) {
          await another(failingAt(table, diesAt, when))(bySchedule);
          advance(laterMs);
        }
        for (let minute = 0; minute < 4; minute++) {
          expect((await run()).http).toBe(200);
          advance(MINUTE_MS);
        }
        expect(twilio.placed()).toBeLessThanOrEqual(1);
        const { status, reason } = await ask({ requestId });
        if (twilio.placed() === 0) expect([status, reason]).toEqual(['failed', 'no_outcome']);
        else expect(['calling', 'failed']).toContain(status);
      }),
      { numRuns: 60 },
    );
  });

  it('waits for the next opening when nobody is there, and ends when nobody ever is', async () => {
    const hours = (weekly: string) => ({ BUSINESS_HOURS: `{"timeZone":"UTC","weekly":${weekly}}` });
    const table = memoryTable();
    const asked = await scene({}, table);
    const { requestId } = await asked.ask({ phone, at });
    const closed = await scene(hours('{"mon":["13:00-14:00"]}'), table);
    closed.advance(10 * MINUTE_MS);
    expect(await closed.sweep()).toEqual({ http: 200, ...nothing, postponed: 1 });
    closed.advance(49 * MINUTE_MS);
    expect(await closed.sweep()).toEqual({ http: 200, ...nothing });
    closed.advance(MINUTE_MS);
    expect(await closed.sweep()).toEqual({ http: 200, ...nothing, placed: 1 });
    const never = memoryTable();
    const second = await (await scene({}, never)).ask({ phone, at });
    const gone = await scene(hours('{}'), never);
    gone.advance(10 * MINUTE_MS);
    expect(await gone.sweep()).toEqual({ http: 200, ...nothing, failed: 1 });
    expect(await gone.ask({ requestId: second.requestId })).toMatchObject({
      status: 'failed',
      reason: 'outside_hours',
    });
    expect(requestId).toBeDefined();
  });

  it('is counted once by the limits of the day and of the minutes in which it is both wished for and placed', async () => {
    const { ask, advance, sweep: run } = await scene({ CALL_LIMITS: '{"perNumber":2,"perDay":10,"perSource":100}' });
    await ask({ phone, at: '2026-01-05T12:05:00Z' });
    advance(5 * MINUTE_MS);
    expect(await run()).toMatchObject({ placed: 1 });
    advance(3 * MINUTE_MS);
    expect((await ask({ phone, at: '2026-01-05T18:00:00Z' })).http).toBe(202);
    for (let last = 0; last < 8; last++)
      expect((await ask({ phone: `+150055511${last}0`, at: '2026-01-06T18:00:00Z' })).http).toBe(202);
    expect((await ask({ phone: '+15005551200', at: '2026-01-06T18:00:00Z' })).code).toBe('rate_limited');
  });

  it('is not placed where its country has been closed since', async () => {
    const table = memoryTable();
    const { requestId } = await (await scene({}, table)).ask({ phone, at });
    const closed = await scene({ ALLOWED_COUNTRIES: 'GB' }, table);
    closed.advance(10 * MINUTE_MS);
    expect(await closed.sweep()).toEqual({ http: 200, ...nothing, failed: 1 });
    expect(closed.twilio.requests).toEqual([]);
    expect(await closed.ask({ requestId })).toMatchObject({ status: 'failed', reason: 'canceled' });
  });

  it('waits while its number is in another call, and is not placed hours late', async () => {
    const { ask, advance, sweep: run, told, twilio } = await scene();
    const first = await ask({ phone }, { sub: 'user-2' });
    const { requestId } = await ask({ phone, at });
    await told(first.requestId, sid(1), { CallStatus: 'in-progress' });
    advance(10 * MINUTE_MS);
    expect(await run()).toMatchObject({ postponed: 1, placed: 0 });
    await told(first.requestId, sid(1), { CallStatus: 'completed' });
    expect(await run()).toMatchObject({ placed: 1 });
    expect(twilio.placed()).toBe(2);
    expect(await ask({ requestId })).toMatchObject({ status: 'calling' });
    const late = await scene();
    const { requestId: missed } = await late.ask({ phone, at });
    late.advance(250 * MINUTE_MS);
    expect(await late.sweep()).toMatchObject({ failed: 1 });
    expect(await late.ask({ requestId: missed })).toMatchObject({ status: 'failed', reason: 'expired' });
    expect(late.twilio.requests).toEqual([]);
  });

  it('is placed as CALL_LIMITS allow then, however early and by whomever it was wished for', async () => {
    const limits = { perNumber: 2, perDay: 500 };
    const { ask, advance, sweep: run, told, twilio } = await scene({ CALL_LIMITS: JSON.stringify(limits) });
    const wished = [];
    for (let wish = 0; wish < 4; wish++) {
      wished.push(await ask({ phone, at: `2026-01-05T13:00:0${wish}Z` }, { sub: `user-${wish}` }));
      advance(10 * MINUTE_MS);
    }
    expect(wished.map(({ http }) => http)).toEqual([202, 202, 202, 202]);
    advance(21 * MINUTE_MS);
    const placed: number[] = [];
    for (let minute = 0; minute < 14; minute++) {
      await run();
      placed.push(twilio.placed());
      for (const { requestId } of wished)
        for (const number of [1, 2, 3, 4]) await told(requestId, sid(number), { CallStatus: 'busy' });
      advance(MINUTE_MS);
    }
    expect(placed).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 4, 4]);
  });

  it('is placed as often in one day as perDay allows, however many days the wishes are from', async () => {
    const env = { CALL_LIMITS: '{"perDay":10,"perSource":100}' };
    const { ask, advance, sweep: run, twilio } = await scene(env);
    for (const day of [0, 1]) {
      for (let last = 0; last < 6; last++) {
        const wish = { phone: `+1500555${day}10${last}`, at: '2026-01-07T12:10:00Z' };
        expect((await ask(wish, { sub: `user-${day}` })).http).toBe(202);
      }
      advance(24 * 60 * MINUTE_MS);
    }
    advance(10 * MINUTE_MS);
    for (let minute = 0; minute < 3; minute++) {
      await run();
      advance(MINUTE_MS);
    }
    expect(twilio.placed()).toBe(10);
    expect((await ask({ phone: '+15005551200' }, { sub: 'user-9' })).code).toBe('rate_limited');
  });

  it('is not placed once it is cancelled, also not when both happen at once', async () => {
    const { ask, advance, sweep: run, twilio } = await scene();
    const { requestId } = await ask({ phone, at });
    await ask({ requestId, cancel: true });
    advance(10 * MINUTE_MS);
    expect(await run()).toEqual({ http: 200, ...nothing });
    expect(twilio.requests).toEqual([]);
    for (let round = 0; round < 20; round++) {
      const racing = await scene({}, unevenTable(memoryTable()));
      const wish = await racing.ask({ phone, at });
      racing.advance(10 * MINUTE_MS);
      const [swept, canceled] = await Promise.all([
        racing.sweep(),
        racing.ask({ requestId: wish.requestId, cancel: true }),
      ]);
      expect(canceled.http === 200 ? 0 : 1).toBe(racing.twilio.placed());
      expect(swept.placed).toBe(racing.twilio.placed());
      if (canceled.http === 200) expect((await racing.ask({ phone }, { sub: 'user-2' })).http).toBe(202);
    }
  });
});

describe('a call-back', () => {
  const callBack = (changed: Partial<CallRecord> = {}): CallRecord => ({
    requestId: callBackOf(sid(9)),
    subject: `caller:${phone}`,
    phone,
    conversationId: undefined,
    topic: 'claims',
    name: 'Ada "</Task>',
    language: 'de',
    status: 'scheduled',
    reason: undefined,
    callSid: undefined,
    handoverId: 'haaaaaaaaaaaaaaaa',
    dueAtMs: startMs,
    waitingSinceMs: undefined,
    createdAtMs: startMs,
    updatedAtMs: startMs,
    version: 1,
    ...changed,
  });
  const flex = { DESK: 'flex', FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}`, FLEX_WORKSPACE_SID: `WS${'1'.repeat(32)}` };
  const waiting = async (env: Record<string, string | undefined>, changed: Partial<CallRecord>) => {
    const made = await scene(env);
    const record = callBack(changed);
    await made.table.due.add(record.requestId, startMs);
    await made.table.calls.create(record);
    return { ...made, record, now: () => made.table.calls.read(record.requestId) };
  };

  it('of somebody who waited in line keeps that place: it is a task, once, and nobody is called by us', async () => {
    const sinceMs = startMs - 5 * MINUTE_MS;
    const { sweep: run, another, twilio, now } = await waiting(flex, { waitingSinceMs: sinceMs });
    const answers = await Promise.all([run(), ...Array.from({ length: 10 }, () => another()(bySchedule).then(read))]);
    expect(answers.reduce((sum, { queued }) => sum + queued, 0)).toBe(1);
    expect(twilio.requests.map(({ host, path }) => [host, path])).toEqual([
      ['taskrouter.twilio.com', `/v1/Workspaces/${flex.FLEX_WORKSPACE_SID}/Tasks`],
    ]);
    const form = Object.fromEntries(new URLSearchParams(twilio.requests[0]?.body));
    expect(form).toMatchObject({ WorkflowSid: flex.FLEX_WORKFLOW_SID, VirtualStartTime: '2026-01-05T11:55:00.000Z' });
    const attributes = JSON.parse(form.Attributes ?? '');
    expect(attributes).toMatchObject({
      type: 'callback',
      customerAddress: phone,
      customerName: 'Ada "</Task>',
      handoverId: 'haaaaaaaaaaaaaaaa',
      topic: 'claims',
      language: 'de',
    });
    const link = new URL(attributes.handoverUrl).searchParams.get('link') ?? '';
    expect(isSigned('link', link, 'haaaaaaaaaaaaaaaa', [testSettings.SESSION_SECRET], startMs)).toBe(true);
    expect(await now()).toMatchObject({ status: 'ended', reason: 'queued' });
  });

  it('is placed where the desk has no line, a quarter of an hour later, or the line is not as the settings say', async () => {
    const phones = await waiting({}, { waitingSinceMs: startMs });
    for (const minutes of [14, 1]) {
      expect(await phones.sweep()).toMatchObject({ placed: 0, queued: 0 });
      phones.advance(minutes * MINUTE_MS);
    }
    expect(await phones.sweep()).toMatchObject({ placed: 1, queued: 0 });
    const ownLine = await waiting({ ...flex, FLEX_WORKSPACE_SID: undefined }, { waitingSinceMs: startMs });
    ownLine.advance(15 * MINUTE_MS);
    expect(await ownLine.sweep()).toMatchObject({ placed: 1, queued: 0 });
    expect(ownLine.twilio.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['Calls.json']);
    const refusing = await waiting(flex, { waitingSinceMs: startMs });
    refusing.twilio.next('refused');
    expect(await refusing.sweep()).toMatchObject({ placed: 1, queued: 0 });
    expect(refusing.twilio.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['Tasks', 'Calls.json']);
  });

  it.each<[Treatment, object]>([
    ['placed, then reset', { status: 'failed', reason: 'no_outcome' }],
    [{ busy: '60' }, { status: 'ended', reason: 'queued' }],
  ])('is never in line twice, whatever Twilio does: %o', async (treatment, end) => {
    const { sweep: run, advance, twilio, now } = await waiting(flex, { waitingSinceMs: startMs });
    twilio.next(treatment);
    for (let minute = 0; minute < 6; minute++) {
      await run();
      advance(MINUTE_MS);
    }
    expect(twilio.placed()).toBe(1);
    expect(await now()).toMatchObject(end);
  });
});

describe('a call of which nothing is heard', () => {
  it('is closed, and its bot is told once how it ended, as that of every other call', async () => {
    const standIn = await startStandIn();
    onTestFinished(() => standIn.close());
    const push = { BOT_PUSH_URL: standIn.url, BOT_PUSH_SECRET: `whsec_${btoa('x'.repeat(32))}` };
    const { ask, advance, sweep: run, twilio } = await scene(push);
    twilio.next('reset');
    const { requestId } = await ask({ phone, conversationId: 'chat-1' });
    advance(MINUTE_MS);
    expect(await run()).toEqual({ http: 200, ...nothing });
    advance(2 * MINUTE_MS);
    standIn.behave(503);
    expect(await run()).toEqual({ http: 200, ...nothing, closed: 1 });
    expect(await ask({ requestId })).toMatchObject({ status: 'failed', reason: 'no_outcome' });
    standIn.behave('ok');
    for (let minute = 0; minute < 4; minute++) {
      advance(MINUTE_MS);
      expect(await run()).toMatchObject({ http: 200, closed: 0, left: 0 });
    }
    const taken = standIn.bodies().slice(1);
    expect(taken).toEqual([
      expect.objectContaining({
        type: 'handover.call',
        data: expect.objectContaining({ requestId, status: 'failed', reason: 'no_outcome' }),
      }),
    ]);
  });

  it('is looked at again while it may still be under way', async () => {
    const { ask, advance, sweep: run, told, table } = await scene({ CALL_LIMITS: '{"maxMinutes":10}' });
    const { requestId } = await ask({ phone });
    await told(requestId, sid(1), { CallStatus: 'in-progress' });
    for (let minute = 0; minute < 14; minute++) {
      advance(MINUTE_MS);
      expect(await run()).toMatchObject({ closed: 0 });
    }
    advance(MINUTE_MS);
    expect(await run()).toMatchObject({ closed: 1 });
    expect(await ask({ requestId })).toMatchObject({ status: 'ended', reason: 'no_outcome' });
    advance(60 * MINUTE_MS);
    await run();
    expect(await table.due.until(startMs + 7 * 86_400_000, 10)).toEqual([]);
  });

  it('a pointer to no call is taken away, when its call can no longer be about to be written', async () => {
    const { table, advance, sweep: run } = await scene();
    await table.due.add('rbbbbbbbbbbbbbbbb', startMs);
    await run();
    expect(await table.due.until(startMs, 10)).toHaveLength(1);
    advance(MINUTE_MS);
    await run();
    expect(await table.due.until(startMs + MINUTE_MS, 10)).toEqual([]);
  });
});

describe('a sweep', () => {
  it('says when the table is away, and goes on with the others when it fails for one', async () => {
    const table = memoryTable();
    const { ask, advance, another, twilio } = await scene({}, table);
    for (const last of ['1', '2']) await ask({ phone: `+1500555000${last}`, at });
    advance(10 * MINUTE_MS);
    const away = (part: 'due' | 'calls') => ({
      ...table,
      [part]: new Proxy(table[part], { get: () => async () => Promise.reject(new Problem('state_unavailable')) }),
    });
    expect(read(await another(away('due'))(bySchedule))).toMatchObject({ http: 503, code: 'state_unavailable' });
    expect(read(await another(away('calls'))(bySchedule))).toEqual({ http: 200, ...nothing, left: 2 });
    expect(read(await another()(bySchedule))).toMatchObject({ placed: 2 });
    expect(twilio.placed()).toBe(2);
  });

  it('ends in time when Twilio hangs, and leaves the rest for the next', async () => {
    const { ask, advance, sweep: run, twilio } = await scene();
    for (let number = 10; number < 40; number++)
      await ask({ phone: `+150055500${number}`, at }, { sub: `user-${number}` });
    advance(10 * MINUTE_MS);
    twilio.next(...Array.from({ length: 30 }, () => 'hangs' as const));
    const took = stopwatch();
    const { left } = await run();
    expect(took()).toBeLessThan(9_000);
    expect(left).toBeGreaterThan(10);
  }, 20_000);

  it('says nothing of customers in its log', async () => {
    const { ask, advance, sweep: run, lines } = await scene();
    await ask({ phone, at, name: 'Canary', topic: 'canary', conversationId: 'canary-id' }, { sub: 'canary' });
    advance(10 * MINUTE_MS);
    await run();
    expect(lines.at(-1)).toContain('"placed":1');
    expect(lines.join()).not.toMatch(/canary|5005550006|CA0000/i);
  });
});

describe('what is asked for of a desk for chats', () => {
  const missing = (env: Record<string, string | undefined>): readonly string[] => {
    const faults: string[] = [];
    sweep.settings.read({ ...testSettings, ...env }, faults);
    return faults.map((fault) => fault.split(' ')[0] ?? '');
  };

  it('is nothing where there is none', () => {
    for (const DESK of [undefined, '', 'phone']) expect(missing({ DESK })).toEqual([]);
    const workflow = { FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}`, FLEX_CONVERSATIONS_SERVICE_SID: undefined };
    expect(missing({ DESK: 'flex', ...workflow })).toEqual([]);
  });

  it('is what the desk needs where there is one', () => {
    expect(missing({ DESK: 'webhook', DESK_WEBHOOK_URL: undefined, DESK_WEBHOOK_SECRET: undefined })).toEqual([
      'DESK_WEBHOOK_URL',
      'DESK_WEBHOOK_SECRET',
    ]);
  });

  it('reaches what it may: web chats also without a desk, and then nothing of a desk that others have', () => {
    const env = {
      ...testSettings,
      FLEX_CONVERSATIONS_SERVICE_SID: `IS${'1'.repeat(32)}`,
      FLEX_WORKSPACE_SID: undefined,
    };
    const deskOf = (more: Record<string, string | undefined>) =>
      openDesksByTicket({ settings: chatDeskSettings.read({ ...env, ...more }, []), clock: steadyClock });
    const webChat = `CH${'1'.repeat(32)}`;
    const tickets = [webChat, 'T-1', ''];
    const reached = (of: (ticket: string) => unknown) => tickets.filter((ticket) => of(ticket) !== undefined);
    expect(reached(deskOf({ DESK: undefined }))).toEqual([webChat]);
    expect(reached(deskOf({ DESK: undefined, FLEX_CONVERSATIONS_SERVICE_SID: undefined }))).toEqual([]);
    const webhook = {
      DESK_WEBHOOK_URL: 'https://desk.example.com/',
      DESK_WEBHOOK_SECRET: `whsec_${btoa('x'.repeat(32))}`,
    };
    expect(reached(deskOf({ DESK: 'webhook', ...webhook }))).toEqual(tickets);
  });
});
