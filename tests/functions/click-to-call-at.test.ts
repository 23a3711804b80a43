import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handoverOfRequest } from '../../shared/core/call/call-handover.ts';
import { callTime } from '../../shared/core/call/call-time.ts';
import { spelled } from '../../shared/core/call/own-parameter.ts';
import { decode } from '../../shared/core/decode.ts';
import type { Table } from '../../shared/core/table.ts';
import { asking, callScene, phone, read } from '../support/call-scene.ts';
import { testSettings } from '../support/calls.ts';
import { failingAt, unevenTable } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startStandIn } from '../support/stand-in.ts';

/** A Monday, noon in Greenwich. */
const nowMs = Date.parse('2026-01-05T12:00:00Z');
const at = '2026-01-06T09:30:00+01:00';
const atMs = Date.parse(at);
const shown = '2026-01-06T08:30:00.000Z';

const scene = (env: Record<string, string | undefined> = {}, table: Table = memoryTable()) =>
  callScene({ SESSION_MAX_HOURS: '200', ...env }, table, nowMs);

const dueIn = (table: Table, untilMs = nowMs + 8 * 86_400_000) => table.due.until(untilMs, 100);

describe('click-to-call at a time', () => {
  it('writes the call down, calls nobody and tells how it stands', async () => {
    const { ask, twilio, table } = await scene();
    const answer = await ask({ phone, topic: 'invoice', name: 'Ada', language: 'de', conversationId: 'chat-1', at });
    const { requestId } = answer;
    expect(answer).toEqual({ http: 202, requestId, status: 'scheduled', at: shown });
    expect(twilio.requests).toEqual([]);
    expect(await dueIn(table)).toEqual([{ requestId, atMs }]);
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'scheduled', at: shown });
    expect(await ask({ requestId }, { sub: 'user-2' })).toEqual({ http: 404, code: 'unknown_request' });
    expect(await table.contexts.read(handoverOfRequest(requestId))).toMatchObject({
      facts: { requestId, customerPhone: phone, topic: 'invoice', name: 'Ada', language: 'de' },
      conversations: ['chat-1'],
    });
  });

  it('takes whom, which number and when for the wish, until it is cancelled', async () => {
    const { ask, table } = await scene();
    const first = await ask({ phone, at });
    expect(await ask({ phone, at: '2026-01-06T08:30:00Z', name: 'Ada' })).toEqual(first);
    expect((await ask({ phone, at: '2026-01-06T08:30:01Z' })).requestId).not.toBe(first.requestId);
    expect((await ask({ phone, at }, { sub: 'user-2' })).requestId).not.toBe(first.requestId);
    await ask({ requestId: first.requestId, cancel: true });
    const anew = await scene({}, table);
    const second = await anew.ask({ phone, at }, { key: 'k' });
    expect(second).toMatchObject({ http: 429 });
    const later = await scene({ CALL_LIMITS: '{"perNumber":9}' }, table);
    expect((await later.ask({ phone, at })).requestId).not.toBe(first.requestId);
  });

  it('takes an Idempotency-Key for the wish, with its time', async () => {
    const { ask, table } = await scene();
    const first = await ask({ phone, at }, { key: 'k' });
    expect(await ask({ phone, at }, { key: 'k' })).toEqual(first);
    const reused = { http: 409, code: 'idempotency_key_reused' };
    expect(await ask({ phone, at: '2026-01-06T10:30:00+01:00' }, { key: 'k' })).toEqual(reused);
    expect(await ask({ phone }, { key: 'k' })).toEqual(reused);
    await ask({ phone }, { key: 'now' });
    expect(await ask({ phone, at }, { key: 'now' })).toEqual(reused);
    expect((await dueIn(table)).filter(({ requestId }) => requestId === first.requestId)).toHaveLength(1);
  });

  it.each([
    ['2026-01-06', 'invalid_at'],
    ['2026-01-06T09:30:00', 'invalid_at'],
    ['2026-02-30T09:30:00Z', 'invalid_at'],
    ['2026-01-06T24:00:00Z', 'invalid_at'],
    ['2026-13-06T09:30:00Z', 'invalid_at'],
    ['tomorrow', 'invalid_at'],
    ['', 'invalid_at'],
    [`2026-01-06T09:30:00.${'0'.repeat(100)}Z`, 'invalid_at'],
    ['2026-01-05T12:00:59.999Z', 'invalid_at'],
    ['2025-12-31T09:30:00Z', 'invalid_at'],
    ['2026-01-12T12:00:00.001Z', 'invalid_at'],
    [1_767_690_000_000, 'invalid_at'],
    [null, 'invalid_at'],
    [{ $gt: '' }, 'invalid_at'],
  ])('refuses %o without a trace', async (when, code) => {
    const uses: string[] = [];
    const { ask, twilio } = await scene({}, failingAt(memoryTable(), Number.POSITIVE_INFINITY, 'before', uses));
    expect(await ask({ phone, at: when })).toEqual({ http: 400, code });
    expect(uses.filter((use) => use !== 'calls.read')).toEqual([]);
    expect(twilio.requests).toEqual([]);
  });

  it('takes a time from a minute to seven days ahead', async () => {
    const { ask } = await scene();
    for (const when of ['2026-01-05T12:01:00Z', '2026-01-12T12:00:00Z'])
      expect(await ask({ phone, at: when })).toMatchObject({ http: 202, status: 'scheduled' });
  });

  it('reads every moment that can be written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (date, offset) => {
          const wall = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
          const written = `${wall}${offset < 0 ? '-' : '+'}${[hours, minutes].map((n) => String(n).padStart(2, '0')).join(':')}`;
          expect(decode(callTime, written)).toBe(date.getTime());
          expect(decode(callTime, date.toISOString())).toBe(date.getTime());
          expect(decode(callTime, date.toISOString().replace(/\.\d+/, ''))).toBe(
            Math.floor(date.getTime() / 1_000) * 1_000,
          );
        },
      ),
    );
  });

  it('counts it among the calls that CALL_LIMITS allow', async () => {
    const { ask } = await scene({ CALL_LIMITS: '{"perNumber":1}' });
    expect((await ask({ phone, at })).http).toBe(202);
    expect(await ask({ phone, at: '2026-01-06T11:30:00Z' })).toEqual({
      http: 429,
      code: 'rate_limited',
      retryAfter: 600,
    });
    expect(await ask({ phone })).toMatchObject({ http: 429 });
  });

  it.each([
    ['with a key', 'k'],
    ['without a key', undefined],
  ])('writes one call down for a hundred equal requests to four instances at once, %s', async (_, key) => {
    const table = memoryTable();
    const { another } = await scene({ CALL_LIMITS: '{"perNumber":1000,"perSource":1000}' }, unevenTable(table));
    const instances = [another(), another(), another(), another()];
    const requests = Array.from({ length: 100 }, (_unused, number) => {
      const inbound = asking({ phone, at }, key === undefined ? {} : { key });
      return { ...inbound, headers: { ...inbound.headers, 'x-try': String(number) } };
    });
    const answers = await Promise.all(requests.map((request, number) => instances[number % 4]?.(request)));
    expect(new Set(answers.map((answer) => answer && JSON.stringify(read(answer)))).size).toBe(1);
    expect(await dueIn(table)).toHaveLength(1);
  });
});

describe('cancelling', () => {
  const bot = (body: object, call: Awaited<ReturnType<typeof callScene>>['call']) =>
    call({ ...asking(body), headers: { ...asking(body).headers, authorization: testSettings.BOT_ACCESS_TOKEN } });

  it('ends a call whose time has not come, as often as one likes, for the one who asked', async () => {
    const { ask, twilio } = await scene();
    const { requestId } = await ask({ phone, at });
    expect(await ask({ requestId, cancel: true }, { sub: 'user-2' })).toEqual({ http: 404, code: 'unknown_request' });
    const canceled = { http: 200, requestId, status: 'failed', reason: 'canceled' };
    expect(await ask({ requestId, cancel: true })).toEqual(canceled);
    expect(await ask({ requestId, cancel: true })).toEqual(canceled);
    expect(await ask({ requestId })).toEqual(canceled);
    expect(twilio.requests).toEqual([]);
  });

  it('leaves a call alone that is under way or over', async () => {
    const { ask, told } = await scene();
    const { requestId } = await ask({ phone });
    const refused = { http: 409, code: 'not_cancelable' };
    expect(await ask({ requestId, cancel: true })).toEqual(refused);
    expect(await ask({ requestId })).toMatchObject({ status: 'calling' });
    await told(requestId, { CallStatus: 'canceled' });
    expect(await ask({ requestId, cancel: true })).toEqual(refused);
    expect(await ask({ requestId })).toMatchObject({ status: 'failed', reason: 'canceled' });
  });

  it.each([
    [{ requestId: 'raaaaaaaaaaaaaaaa', cancel: false }],
    [{ requestId: 'raaaaaaaaaaaaaaaa', cancel: 'yes' }],
    [{ cancel: true }],
    [{ phone, cancel: true }],
    [{ requestId: 'raaaaaaaaaaaaaaaa', cancel: true, phone }],
    [{ requestId: 'raaaaaaaaaaaaaaaa', at }],
  ])('refuses %o', async (body) => {
    const { ask } = await scene();
    expect(await ask(body)).toEqual({ http: 400, code: 'invalid_request' });
  });

  it('tells the bot of the conversation, once', async () => {
    const standIn = await startStandIn();
    const { call } = await scene({ BOT_PUSH_URL: standIn.url, BOT_PUSH_SECRET: `whsec_${btoa('x'.repeat(32))}` });
    const { requestId } = read(await bot({ phone, at, conversationId: 'chat-1' }, call));
    for (const _ of [1, 2]) expect(read(await bot({ requestId, cancel: true }, call))).toMatchObject({ http: 200 });
    expect(standIn.bodies()).toEqual([
      expect.objectContaining({
        type: 'handover.call',
        data: {
          conversationId: 'chat-1',
          handoverId: handoverOfRequest(requestId),
          requestId,
          status: 'failed',
          reason: 'canceled',
        },
      }),
    ]);
    await standIn.close();
  });
});

describe('business hours', () => {
  const hours = { BUSINESS_HOURS: '{"timeZone":"Europe/Berlin","weekly":{"tue":["09:00-12:00"]}}' };
  const opensAt = '2026-01-06T08:00:00.000Z';

  it('nobody is called when nobody is there, and the answer says when somebody is', async () => {
    const { ask, twilio, table } = await scene(hours);
    expect(await ask({ phone })).toEqual({ http: 409, code: 'closed', opensAt });
    expect(await ask({ phone, at: '2026-01-06T07:59:59Z' })).toEqual({ http: 409, code: 'closed', opensAt });
    expect(await ask({ phone, at: '2026-01-06T11:00:00Z' })).toEqual({
      http: 409,
      code: 'closed',
      opensAt: '2026-01-13T08:00:00.000Z',
    });
    expect((await ask({ phone, at: opensAt })).http).toBe(202);
    expect(twilio.requests).toEqual([]);
    expect(await table.calls.occupy(phone, 'another', nowMs, nowMs + 1)).toBe('another');
  });

  it('says no time where nobody is ever there', async () => {
    const { ask } = await scene({ BUSINESS_HOURS: '{"timeZone":"Europe/Berlin","weekly":{}}' });
    expect(await ask({ phone })).toEqual({ http: 409, code: 'closed' });
  });

  it('an answer that was given stays, also after closing time', async () => {
    const { ask, advance, twilio } = await scene({
      BUSINESS_HOURS: '{"timeZone":"UTC","weekly":{"mon":["09:00-12:01"]}}',
    });
    const keyed = await ask({ phone }, { key: 'k' });
    const plain = await ask({ phone: '+15005550007' });
    advance(60_000);
    expect(await ask({ phone }, { key: 'k' })).toEqual(keyed);
    expect(await ask({ phone: '+15005550007' })).toEqual(plain);
    expect((await ask({ phone: '+15005550009' })).code).toBe('closed');
    expect(twilio.placed()).toBe(2);
  });
});

describe('who is rung', () => {
  it('is the team of the topic', async () => {
    const { ask, twilio } = await scene({ AGENT_QUEUES: '{"Claims & Co":["+15005550011"]}', AGENT_NUMBERS: undefined });
    await ask({ phone, topic: 'claims & co' });
    const { searchParams } = new URL(new URLSearchParams(twilio.requests[0]?.body).get('Url') ?? '');
    expect(searchParams.get('queue')).toBe(spelled('Claims & Co'));
    expect(twilio.requests[0]?.body).not.toContain('5005550011');
  });

  it('must be somebody: without people nobody is called', async () => {
    const { ask, lines } = await scene({ AGENT_NUMBERS: undefined });
    expect(await ask({ phone })).toMatchObject({ http: 500, code: 'misconfigured' });
    expect(lines.join()).toContain('AGENT_NUMBERS is missing');
    const flex = await scene({ AGENT_NUMBERS: undefined, FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}` });
    expect((await flex.ask({ phone })).http).toBe(202);
  });
});

describe('what the agent will know', () => {
  it('is the wish, the conversation, and what a bot told of it before', async () => {
    const table = memoryTable();
    const { ask } = await scene({}, table);
    const before = 'haaaaaaaaaaaaaaaa';
    await table.states.swap('chat-1', undefined, {
      epoch: 1,
      seq: 1,
      mode: 'bot',
      pausedUntilMs: 0,
      handoverId: before,
      bot: 'plain',
      owner: '',
      deskSeq: 0,
    });
    await table.transcripts.putHandover({
      handoverId: before,
      conversationId: 'chat-1',
      openedAtMs: 1,
      topic: 'old',
      reason: 'no order found',
      name: undefined,
      language: undefined,
      fields: { plate: 'AB 123' },
    });
    const { requestId } = await ask({ phone, topic: 'claim', conversationId: 'chat-1' });
    const handoverId = handoverOfRequest(requestId);
    const context = await table.contexts.read(handoverId);
    expect(context?.facts).toEqual({
      requestId,
      customerPhone: phone,
      topic: 'claim',
      reason: 'no order found',
      fields: { plate: 'AB 123' },
    });
    expect(await table.openings.newest(nowMs, 5)).toEqual([
      { handoverId, conversationId: handoverId, kind: 'call', openedAtMs: nowMs },
    ]);
  });

  it('is not worth a call: without it the call is placed all the same', async () => {
    const table = memoryTable();
    const away = new Proxy(table.contexts, { get: () => async () => Promise.reject(new Error('away')) });
    const { ask, twilio } = await scene({}, { ...table, contexts: away });
    expect((await ask({ phone, conversationId: 'chat-1' })).http).toBe(202);
    expect(twilio.placed()).toBe(1);
  });
});
