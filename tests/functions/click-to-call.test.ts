import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import clickToCall from '../../functions/click-to-call.ts';
import { handoverOfRequest } from '../../shared/core/call/call-handover.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { CallRecord } from '../../shared/core/table.ts';
import { type Asking, asking, callScene, phone, read } from '../support/call-scene.ts';
import { jsonCall, testSettings } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { failingAt, unevenTable } from '../support/failing-table.ts';
import { fakeTwilio, type Treatment } from '../support/fake-twilio.ts';
import { wrapTable } from '../support/jittery-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { patient } from '../support/patient-table.ts';
import { startDynaliteTable } from '../support/platforms/dynalite-table.ts';
import { startFunction } from '../support/start-function.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

describe('click-to-call', () => {
  it('calls the customer once and tells how it stands to the one who asked', async () => {
    const { ask, twilio, told } = await callScene();
    const answer = await ask({ phone, name: 'Ada', topic: 'invoice', language: 'de-AT' });
    expect(answer).toEqual({ http: 202, requestId: expect.stringMatching(/^r[a-z2-7]{16}$/), status: 'calling' });
    expect(twilio.placed()).toBe(1);
    const { requestId } = answer;
    const form = Object.fromEntries(new URLSearchParams(twilio.requests[0]?.body));
    expect(form).toMatchObject({ To: phone, From: '+15005550010' });
    const about = `requestId=${requestId}&handover=${handoverOfRequest(requestId)}`;
    expect(form.Url).toBe(`https://handover.example.com/call-leg?step=customer&${about}&agent=0&language=de`);
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'calling' });
    await told(requestId, { CallStatus: 'busy' });
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'failed', reason: 'busy' });
    expect(await ask({ requestId }, { sub: 'user-2' })).toEqual({ http: 404, code: 'unknown_request' });
    expect(await ask({ requestId: 'rbbbbbbbbbbbbbbbb' })).toEqual({ http: 404, code: 'unknown_request' });
  });

  it('keeps no card number that comes with a wish', async () => {
    const table = memoryTable();
    const { ask } = await callScene({ REDACT: 'cards' }, table);
    const { requestId } = await ask({ phone, name: 'Ada 4111111111111111', topic: 'card 4111 1111 1111 1111' });
    const wished = { name: 'Ada •••• 1111', topic: 'card •••• 1111' };
    expect(await table.calls.read(String(requestId))).toMatchObject(wished);
    expect((await table.contexts.read(handoverOfRequest(String(requestId))))?.facts).toMatchObject(wished);
  });

  it('calls about a conversation of the customer only, where their session lists those', async () => {
    const { ask, twilio } = await callScene();
    const claims = { conversations: ['c-1', 'c-2'] };
    expect(await ask({ phone, conversationId: 'c-3' }, { claims })).toEqual({ http: 403, code: 'forbidden' });
    expect(await ask({ phone, conversationId: 'c-1' }, { claims: { conversations: [] } })).toMatchObject({ http: 403 });
    expect(twilio.placed()).toBe(0);
    expect(await ask({ phone, conversationId: 'c-2' }, { claims })).toMatchObject({ http: 202 });
    expect(await ask({ phone: '+15005550007' }, { sub: 'user-2', claims })).toMatchObject({ http: 202 });
    const others = { phone: '+15005550009', conversationId: 'c-3' };
    expect(await ask(others, { sub: 'user-3' })).toMatchObject({ http: 202 });
  });

  it('takes the same customer and number for the same wish while the call is open and 30 s after', async () => {
    const { ask, twilio, told, advance } = await callScene();
    const first = await ask({ phone });
    advance(20 * 60_000);
    expect(await ask({ phone, name: 'Ada' })).toEqual(first);
    await told(first.requestId, { CallStatus: 'completed' });
    advance(29_999);
    expect(await ask({ phone })).toEqual(first);
    advance(1);
    expect((await ask({ phone })).requestId).not.toBe(first.requestId);
    expect(twilio.placed()).toBe(2);
  });

  it('takes an Idempotency-Key for the wish, of one customer and for ever', async () => {
    const { ask, twilio, told, advance } = await callScene();
    const first = await ask({ phone, name: 'Ada' }, { key: 'k-1' });
    expect(await ask({ phone, name: 'Ada' }, { key: 'k-1' })).toEqual(first);
    expect(await ask({ phone, name: 'Eve' }, { key: 'k-1' })).toEqual({ http: 409, code: 'idempotency_key_reused' });
    expect(await ask({ phone: '+15005550007' }, { key: 'k-1' })).toEqual({ http: 409, code: 'idempotency_key_reused' });
    await told(first.requestId, { CallStatus: 'completed' });
    advance(3 * 3_600_000);
    expect(await ask({ phone, name: 'Ada' }, { key: 'k-1' })).toEqual(first);
    expect(twilio.placed()).toBe(1);
    expect((await ask({ phone, name: 'Ada' }, { key: 'k-1', sub: 'user-2' })).http).toBe(202);
    expect(await ask({ phone }, { key: 'not a key' })).toEqual({ http: 400, code: 'invalid_request' });
    expect(twilio.placed()).toBe(2);
  });

  it('rings one number once at a time, whoever asks, and at once again when the call is over', async () => {
    const { ask, twilio, told } = await callScene();
    const first = await ask({ phone });
    const refused = { http: 429, code: 'rate_limited', retryAfter: 30 };
    expect(await ask({ phone }, { sub: 'user-2' })).toEqual(refused);
    expect(await ask({ phone }, { key: 'a-new-wish' })).toEqual(refused);
    await told(first.requestId, { CallStatus: 'completed' });
    expect((await ask({ phone }, { key: 'a-new-wish' })).http).toBe(202);
    expect(twilio.placed()).toBe(2);
  });

  it.each([
    [{ phone: '5551234' }, 400, 'invalid_phone'],
    [{ phone: '+1500555000６' }, 400, 'invalid_phone'],
    [{ phone: '+15005550006,,1234#' }, 400, 'invalid_phone'],
    [{ phone: 'sip:a@b' }, 400, 'invalid_phone'],
    [{ phone: { $gt: '' } }, 400, 'invalid_phone'],
    [{ phone: '+1212555' }, 400, 'invalid_phone'],
    [{}, 400, 'invalid_phone'],
    [{ name: 'Ada' }, 400, 'invalid_phone'],
    [{ phone, requestId: 'raaaaaaaaaaaaaaaa' }, 400, 'invalid_request'],
    [{ phone, name: '' }, 400, 'invalid_request'],
    [{ phone, language: 'klingon!' }, 400, 'invalid_request'],
    [{ phone, conversationId: 'a b' }, 400, 'invalid_conversation_id'],
    [{ phone, salesNumber: '+19005551234' }, 400, 'unknown_field'],
    [{ phone: '+19005551234' }, 403, 'destination_not_allowed'],
    [{ phone: '+12129765555' }, 403, 'destination_not_allowed'],
    [{ phone: '+12425551234' }, 403, 'destination_not_allowed'],
    [{ phone: '+252615551234' }, 403, 'destination_not_allowed'],
    [{ phone: '+881612345678' }, 403, 'destination_not_allowed'],
    [{ phone: '+999123456789' }, 403, 'destination_not_allowed'],
  ])('refuses %o without a trace', async (body, http, code) => {
    const writes: string[] = [];
    const { ask, twilio } = await callScene({}, failingAt(memoryTable(), Number.POSITIVE_INFINITY, 'before', writes));
    expect(await ask(body)).toEqual({ http, code });
    expect(twilio.requests).toEqual([]);
    expect(writes).toEqual([]);
  });

  it('calls as often as CALL_LIMITS says', async () => {
    const { ask, told, advance, twilio } = await callScene({
      CALL_LIMITS: '{"perNumber":2,"perSource":4,"perDay":7}',
      SESSION_MAX_HOURS: '100',
    });
    const ended = async (body: object, options: Asking = {}) => {
      const answer = await ask(body, { ...options, key: `k${twilio.requests.length}-${options.sub}` });
      if (answer.http === 202) {
        const CallSid = `CA${twilio.placed().toString(16).padStart(32, '0')}`;
        await told(answer.requestId, { CallStatus: 'completed', CallSid });
      }
      return answer;
    };
    const number = (last: number) => ({ phone: `+1500555000${last}` });
    expect((await ended(number(1))).http).toBe(202);
    expect((await ended(number(1))).http).toBe(202);
    expect(await ended(number(1))).toEqual({ http: 429, code: 'rate_limited', retryAfter: 600 });
    expect((await ended(number(2))).http).toBe(202);
    const source = await ended(number(3));
    expect(source).toMatchObject({ http: 429, retryAfter: 3_600 });
    // The one who may not ask has not used up what others may.
    expect((await ended(number(3), { sub: 'user-2', from: '203.0.113.1' })).http).toBe(202);
    expect((await ended(number(3), { sub: 'user-3', from: '203.0.113.1' })).http).toBe(202);
    advance(600_000);
    expect((await ended(number(1), { sub: 'user-4', from: '203.0.113.1' })).http).toBe(202);
    expect((await ended(number(4), { sub: 'user-5', from: '203.0.113.1' })).http).toBe(202);
    expect((await ended(number(5), { sub: 'user-6', from: '203.0.113.1' })).http).toBe(429);
    expect((await ended(number(6), { sub: 'user-7' })).http).toBe(429);
    advance(24 * 3_600_000);
    expect((await ended(number(6), { sub: 'user-7' })).http).toBe(202);
    expect(twilio.placed()).toBe(8);
  });

  it('counts all addresses of one IPv6 network as one source', async () => {
    const { ask, twilio } = await callScene({ CALL_LIMITS: '{"perSource":2}' });
    const from = (address: string, last: number) =>
      ask({ phone: `+1500555000${last}` }, { sub: `visitor-${last}`, from: address });
    const statuses = [];
    for (const last of [1, 2, 3]) statuses.push((await from(`2001:db8:0:1::${last}`, last)).http);
    expect(statuses).toEqual([202, 202, 429]);
    expect((await from('2001:db8:0:2::1', 4)).http).toBe(202);
    expect(twilio.placed()).toBe(3);
  });

  it('does not count the address from which a bot asks, but its conversations', async () => {
    const { call, twilio } = await callScene({ CALL_LIMITS: '{"perSource":1,"perNumber":1}' });
    const bot = (body: object) =>
      call({ ...jsonCall(body, { authorization: testSettings.BOT_ACCESS_TOKEN }), sourceAddress: '1.2.3.4' });
    const asked = [
      { phone: '+15005550001', conversationId: 'c-1' },
      { phone: '+15005550002', conversationId: 'c-2' },
      { phone: '+15005550003', conversationId: 'c-2' },
      { phone: '+15005550004' },
      { phone: '+15005550005', accessToken: testSettings.BOT_ACCESS_TOKEN },
    ];
    const answers = [];
    for (const body of asked) answers.push((await bot(body)).status);
    expect(answers).toEqual([202, 202, 429, 202, 202]);
    expect(twilio.placed()).toBe(4);
  });

  it.each<[Treatment, object, number]>([
    ['placed, then reset', { http: 504, code: 'call_state_unknown' }, 1],
    ['placed, answer cut off', { http: 504, code: 'call_state_unknown' }, 1],
    ['placed, answer html', { http: 504, code: 'call_state_unknown' }, 1],
    ['placed, then 500', { http: 504, code: 'call_state_unknown' }, 1],
    ['reset', { http: 504, code: 'call_state_unknown' }, 0],
    ['refused', { http: 502, code: 'telephony_refused' }, 0],
    ['redirected', { http: 502, code: 'telephony_refused' }, 0],
    [{ busy: '0' }, { http: 202, status: 'calling' }, 1],
  ])('answers the same again and calls no second time when Twilio does this: %o', async (treatment, answer, placed) => {
    const { ask, twilio } = await callScene();
    twilio.next(treatment);
    const first = await ask({ phone }, { key: 'k' });
    expect(first).toMatchObject(answer);
    expect(await ask({ phone }, { key: 'k' })).toEqual(first);
    expect(twilio.placed()).toBe(placed);
  });

  it('learns from a callback whether a call of unknown outcome was placed', async () => {
    const { ask, twilio, told } = await callScene();
    twilio.next('placed, then reset');
    const { requestId } = await ask({ phone });
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'unknown' });
    await told(requestId, { CallStatus: 'ringing' });
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'calling' });
    expect(await ask({ phone })).toEqual({ http: 202, requestId, status: 'calling' });
    expect(twilio.placed()).toBe(1);
  });

  it('believes a callback that is faster than the answer to the call', async () => {
    const { told, run } = await callScene();
    const call = run(async ({ requestId }: { requestId: string }) => {
      await told(requestId, { CallStatus: 'ringing' });
      return { is: 'unknown' };
    });
    expect(read(await call(asking({ phone })))).toMatchObject({ http: 202, status: 'calling' });
  });

  it('places no call when another instance has just written the record of this wish', async () => {
    const { table, another, twilio } = await callScene();
    const late = { ...table, calls: { ...table.calls, create: async () => false } };
    expect(read(await another(late)(asking({ phone }, { key: 'k' })))).toMatchObject({
      http: 409,
      code: 'in_progress',
    });
    expect(twilio.placed()).toBe(0);
  });

  it('takes a wish for a new one 30 s after the call, also when its place was never given back', async () => {
    const { ask, table, advance } = await callScene();
    const first = await ask({ phone });
    const record = await table.calls.read(first.requestId);
    if (!record) throw new Error('no record');
    const updatedAtMs = record.updatedAtMs;
    await table.calls.swap(record, { ...record, status: 'ended', updatedAtMs, version: record.version + 1 });
    advance(29_999);
    expect(await ask({ phone })).toEqual(first);
    advance(1);
    expect((await ask({ phone })).requestId).not.toBe(first.requestId);
  });

  it('gives a call up of which nothing is heard for two minutes, and does not dial again by itself', async () => {
    const { ask, twilio, advance } = await callScene();
    twilio.next('reset');
    const { requestId } = await ask({ phone }, { key: 'k' });
    advance(119_999);
    expect(await ask({ requestId })).toMatchObject({ status: 'unknown' });
    advance(1);
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'failed', reason: 'no_outcome' });
    expect(await ask({ phone }, { key: 'k' })).toMatchObject({ http: 504, code: 'call_state_unknown' });
    expect(twilio.placed()).toBe(0);
    expect((await ask({ phone }, { key: 'another' })).http).toBe(202);
  });

  it('ends a call of whose end nothing was heard once it cannot last any longer', async () => {
    const { ask, table, advance } = await callScene();
    const { requestId } = await ask({ phone });
    const record = await table.calls.read(requestId);
    await table.calls.swap(record as CallRecord, { ...(record as CallRecord), status: 'connected', version: 9 });
    advance(65 * 60_000 - 1);
    expect(await ask({ requestId })).toMatchObject({ status: 'connected' });
    advance(1);
    expect(await ask({ requestId })).toEqual({ http: 200, requestId, status: 'ended', reason: 'no_outcome' });
  });

  it('calls after all when Twilio was too busy and the same wish comes again', async () => {
    const { ask, twilio } = await callScene();
    twilio.next(...Array.from({ length: 20 }, () => ({ busy: '3' })));
    const answer = await ask({ phone }, { key: 'k' });
    expect(answer).toMatchObject({ http: 503, code: 'telephony_unavailable', retryAfter: 5 });
    twilio.next('placed');
    expect((await ask({ phone }, { key: 'k' })).http).toBe(202);
    expect(twilio.placed()).toBe(1);
  });

  it('says within its time that it does not know when Twilio hangs', async () => {
    const { ask, twilio } = await callScene();
    twilio.next('placed, then hangs');
    const took = stopwatch();
    expect(await ask({ phone })).toMatchObject({ http: 504, code: 'call_state_unknown' });
    expect(took()).toBeLessThan(4_000);
  });

  it('calls nobody when the table is away, and is not put off by one that goes away after the call', async () => {
    const away = () => {
      throw new Problem('state_unavailable');
    };
    const { ask, twilio, another, table } = await callScene();
    const none = wrapTable(table, async () => away());
    expect(read(await another(none)(asking({ phone })))).toEqual({ http: 503, code: 'state_unavailable' });
    expect(twilio.placed()).toBe(0);
    const later = { ...table, calls: { ...table.calls, swap: async () => away() } };
    const answer = read(await another(later)(asking({ phone })));
    expect(answer).toMatchObject({ http: 202, status: 'calling' });
    expect(await ask({ phone })).toMatchObject({ http: 409, code: 'in_progress', retryAfter: 1 });
    expect(twilio.placed()).toBe(1);
  });

  it.each([
    ['with a key', 'k'],
    ['without a key', undefined],
  ])('places one call for a thousand equal requests to five instances at once, %s', async (_, key) => {
    const { another, twilio, call } = await callScene({}, unevenTable(memoryTable()));
    const instances = [call, another(), another(), another(), another()];
    // A header that says nothing keeps equal requests from sharing an answer inside one instance.
    const requests = Array.from({ length: 1_000 }, (_, at) => {
      const inbound = asking({ phone }, key === undefined ? {} : { key });
      return { ...inbound, headers: { ...inbound.headers, 'x-try': String(at) } };
    });
    const answers = (await Promise.all(requests.map((request, at) => instances[at % 5]?.(request)))).map((reply) =>
      reply ? read(reply) : undefined,
    );
    expect(twilio.placed()).toBe(1);
    const taken = answers.filter((answer) => answer?.http === 202);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken.map((answer) => JSON.stringify(answer))).size).toBe(1);
    for (const answer of answers.filter((other) => other?.http !== 202))
      expect(answer).toEqual({ http: 409, code: 'in_progress', retryAfter: 1 });
  });

  it('places one call for a thousand equal requests to five instances over a real table', async () => {
    const engine = await startDynaliteTable();
    onTestFinished(() => engine.stop());
    const twilio = await fakeTwilio();
    const env = {
      TWILIO_API_BASE_URL: twilio.url,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const clock = { ...steadyClock, nowMs: testClock().nowMs };
    const instances = Array.from({ length: 5 }, () => startFunction(patient(clickToCall), env, clock).call);
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) => (instances[at % 5] ?? instances[0])?.(asking({ phone }))),
    );
    expect(twilio.placed()).toBe(1);
    const answers = replies.map((reply) => (reply ? read(reply) : undefined));
    const { requestId } = answers.find((answer) => answer?.http === 202);
    for (const answer of answers)
      expect([
        { http: 202, requestId, status: 'calling' },
        { http: 409, code: 'in_progress', retryAfter: 1 },
      ]).toContainEqual(answer);
  });

  it('never calls twice for one key, wherever the process dies and whenever the request comes again', async () => {
    const steps = fc.record({
      diesAt: fc.integer({ min: 0, max: 24 }),
      when: fc.constantFrom('before' as const, 'after' as const),
      laterMs: fc.constantFrom(0, 1_000, 9_000, 60_000, 130_000, 4_000_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), async (deaths) => {
        const { another, twilio, advance, table, ask } = await callScene();
        for (const { diesAt, when, laterMs } of deaths) {
          await another(failingAt(table, diesAt, when))(asking({ phone }, { key: 'k' }));
          advance(laterMs);
        }
        const last = await ask({ phone }, { key: 'k' });
        expect(twilio.placed()).toBeLessThanOrEqual(1);
        if (last.http === 202) expect(twilio.placed()).toBe(1);
        else expect(['in_progress', 'call_state_unknown', 'rate_limited']).toContain(last.code);
        advance(4_000_000);
        expect((await ask({ phone }, { key: 'another-wish' })).http).toBe(202);
      }),
      { numRuns: 150 },
    );
  });

  it('says nothing of the customer in its log', async () => {
    const { ask, lines, twilio } = await callScene();
    twilio.next('placed, then reset');
    await ask(
      { phone, name: 'Canary Name', topic: 'canary-topic', conversationId: 'canary-id' },
      { sub: 'canary-sub' },
    );
    await ask({ phone: '+19005551234' });
    expect(lines.join()).not.toMatch(/canary|5005550006|9005551234|CA0000/i);
  });
});
