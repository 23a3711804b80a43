import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import callEvents from '../../functions/call-events.ts';
import clickToCall from '../../functions/click-to-call.ts';
import { handoverOfRequest } from '../../shared/core/call/call-handover.ts';
import { saidByBot } from '../../shared/core/call/said-by-bot.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import { problemKinds } from '../../shared/core/problems.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { inboundOf, jsonCall, sessionToken, testSettings, twilioCall } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { fakeTwilio, type Treatment } from '../support/fake-twilio.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startFunction } from '../support/start-function.ts';
import { watsonJwt } from '../support/watson-jwt.ts';

const phone = '+15005550006';
const secret = 'watson-webhook-secret-0123456789abcdef';
const token = { authorization: testSettings.BOT_ACCESS_TOKEN };

const byJwt = (body: object) => jsonCall(body, { authorization: watsonJwt(secret) });
const byToken = (body: object) => jsonCall(body, token);
/** As a plain action is invoked. */
const invoked = (fields: object): Inbound => ({
  ...inboundOf(''),
  body: undefined,
  fields: { ...fields },
  trust: 'platform-key',
});

async function scene(env: Record<string, string | undefined> = {}) {
  const twilio = await fakeTwilio();
  const wall = testClock();
  const clock = { ...systemClock, nowMs: wall.nowMs };
  const table = memoryTable();
  const started = (fn: AnyFunction) =>
    startFunction(
      { ...fn, ports: { ...fn.ports, table: () => table } },
      { TWILIO_API_BASE_URL: twilio.url, WATSON_WEBHOOK_SECRET: secret, ...env },
      clock,
    );
  const { call, lines } = started(clickToCall);
  const events = started(callEvents);
  const ask = async (inbound: Inbound) => {
    const { status, body } = await call(inbound);
    return { http: status, ...JSON.parse(body) };
  };
  return {
    twilio,
    table,
    lines,
    ask,
    dialled: () => twilio.requests.map(({ body }) => new URLSearchParams(body).get('To')),
    told: (requestId: string, fields: Record<string, string>) =>
      events.call(
        twilioCall(
          'call-events',
          { CallSid: 'CA00000000000000000000000000000001', ...fields },
          `requestId=${requestId}`,
        ),
      ),
  };
}

const ID = expect.stringMatching(/^r[a-z2-7]{16}$/);

describe('a dialog webhook', () => {
  test.for([
    ['by the JWT', byJwt({ request: 'start_call', phone })],
    ['by the JWT, in the form of everybody', byJwt({ phone })],
    ['by a token', byToken({ request: 'start_call', phone })],
    ['by a token in the body', jsonCall({ accessToken: testSettings.BOT_ACCESS_TOKEN, request: 'start_call', phone })],
    ['with the name that Twilio Functions leaves alone', byToken({ action: 'start_call', phone })],
    ['with the number by its old name', byToken({ request: 'start_call', phoneNumber: phone })],
  ] as const)('has a customer called: %s', async ([, inbound]) => {
    const { ask, dialled } = await scene();
    expect(await ask(inbound)).toEqual({
      http: 200,
      result: 'success',
      message: 'Your call has been started. Please answer your phone.',
      code: null,
      requestId: ID,
      status: 'calling',
    });
    expect(dialled()).toEqual([phone]);
  });

  test.for([
    ['+1 500 555-0006', phone],
    ['+1 (500) 555.0006', phone],
    ['0015005550006', phone],
    [' +15005550006 ', phone],
    ['+1 (0)500 555 0006', phone],
  ])('takes a number as people write it: %s', async ([written, wanted]) => {
    const { ask, dialled } = await scene();
    expect((await ask(byToken({ request: 'start_call', phone: written }))).result).toBe('success');
    expect(dialled()).toEqual([wanted]);
  });

  test('says it in the customer’s language, else in ours', async () => {
    const { ask } = await scene({ SPEECH_LANGUAGE: 'de' });
    const message = async (language?: string) =>
      (await ask(byToken({ request: 'start_call', phone: 'x', ...(language && { language }) }))).message;
    expect(await message()).toMatch(/Ländervorwahl/);
    expect(await message('de-CH')).toMatch(/Ländervorwahl/);
    expect(await message('en-GB')).toMatch(/country code/);
    expect(await message('fr')).toMatch(/Ländervorwahl/);
    expect((await ask(byJwt({ phone: 'x', language: 'en' }))).message).toMatch(/country code/);
  });

  test('asks how the call stands, and is told in words', async () => {
    const { ask, told } = await scene();
    const { requestId } = await ask(byJwt({ request: 'start_call', phone }));
    const stands = () => ask(byJwt({ request: 'call_status', requestId }));
    expect(await stands()).toMatchObject({ http: 200, result: 'success', status: 'calling', requestId });
    await told(requestId, { CallStatus: 'busy' });
    expect(await stands()).toEqual({
      http: 200,
      result: 'success',
      message: 'We called you, but your line was busy.',
      code: null,
      requestId,
      status: 'failed',
      reason: 'busy',
    });
    // The extension asks with a token what the webhook began with a JWT.
    expect(await ask(byToken({ requestId }))).toEqual({ http: 200, requestId, status: 'failed', reason: 'busy' });
  });

  const hours = '{"timeZone":"Europe/Berlin","weekly":{"mon":["09:00-17:00"],"tue":["09:00-17:00"]}}';

  test('has a customer called at a time, and cancels it', async () => {
    const { ask, twilio } = await scene({ BUSINESS_HOURS: hours });
    // The tests' clock stands on Thursday, 1 January 2026.
    const wish = { request: 'start_call', phone, at: '2026-01-06T10:30:00+01:00' };
    const answer = await ask(byJwt(wish));
    expect(answer).toMatchObject({
      result: 'success',
      status: 'scheduled',
      message: 'We will call you on Tuesday 6 January at 10:30.',
    });
    const { requestId } = answer;
    expect(await ask(byJwt({ request: 'call_status', requestId, language: 'de' }))).toMatchObject({
      status: 'scheduled',
      message: 'Wir rufen Sie an: Dienstag, 6. Januar um 10:30 Uhr.',
    });
    expect(await ask(byJwt({ request: 'cancel_call', requestId }))).toMatchObject({
      result: 'success',
      reason: 'canceled',
      message: 'The call has been cancelled.',
    });
    expect(twilio.requests).toEqual([]);
  });

  test('is told when somebody is there again', async () => {
    const { ask, twilio } = await scene({ BUSINESS_HOURS: hours });
    expect(await ask(byJwt({ request: 'start_call', phone }))).toMatchObject({
      result: 'error',
      code: 'closed',
      opensAt: '2026-01-05T08:00:00.000Z',
      message:
        'Nobody is here at that time, so no call was arranged. Somebody is here again from Monday 5 January at 09:00.',
    });
    expect(twilio.requests).toEqual([]);
  });

  test('hands on what it has collected, and nothing that is not meant for the agent', async () => {
    const { ask, table } = await scene();
    const collected = { vin: 'A&salesNumber=+1900', place: 'Rome', empty: '', unset: null, claims: 2, list: [1] };
    const { requestId } = await ask(byJwt({ request: 'start_call', phone, salesNumber: '+1900', ...collected }));
    const known = await table.contexts.read(handoverOfRequest(requestId));
    expect(known?.facts.fields).toEqual({ vin: 'A&salesNumber=+1900', place: 'Rome', claims: '2' });
    const much = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, 'x'.repeat(2_000)]));
    const second = await ask(byJwt({ request: 'start_call', phone: '+15005550007', ...much }));
    const fields = (await table.contexts.read(handoverOfRequest(second.requestId)))?.facts.fields ?? {};
    expect([Object.keys(fields).length, fields.field0?.length]).toEqual([50, 1_000]);
  });

  test('hands on no card that it has collected, where REDACT says so', async () => {
    const { ask, table } = await scene({ REDACT: 'cards security-codes' });
    const collected = { paidWith: '4111 1111 1111 1111', cardCvv: 987, claims: 2 };
    const { requestId } = await ask(byJwt({ request: 'start_call', phone, ...collected }));
    const known = await table.contexts.read(handoverOfRequest(requestId));
    expect(known?.facts.fields).toEqual({ paidWith: '•••• 1111', cardCvv: '•••', claims: '2' });
  });

  const errors: readonly (readonly [string, object, string])[] = [
    ['no number', { request: 'start_call' }, 'invalid_phone'],
    ['a variable that was never set', { request: 'start_call', phone: null }, 'invalid_phone'],
    ['an empty one', { request: 'start_call', phone: ' ' }, 'invalid_phone'],
    ['a number that is none', { request: 'start_call', phone: 'my number' }, 'invalid_phone'],
    ['digits of another script', { request: 'start_call', phone: '+1500555000６' }, 'invalid_phone'],
    ['an extension', { request: 'start_call', phone: '+15005550006,,1234#' }, 'invalid_phone'],
    ['a list', { request: 'start_call', phone: [phone] }, 'invalid_phone'],
    ['another country', { request: 'start_call', phone: '+4930123456' }, 'destination_not_allowed'],
    ['two numbers', { request: 'start_call', phone, phoneNumber: '+15005550007' }, 'invalid_request'],
    ['two requests', { request: 'start_call', action: 'time', phone }, 'invalid_request'],
    ['an unknown request', { request: 'rm -rf', phone }, 'invalid_request'],
    ['a request that is no text', { request: {}, phone }, 'invalid_request'],
    ['a state of no call', { request: 'call_status', requestId: 'rbbbbbbbbbbbbbbbb' }, 'unknown_request'],
    ['a state of nothing', { request: 'call_status' }, 'invalid_request'],
    ['a foreign conversation id', { request: 'start_call', phone, conversationId: 'a b' }, 'invalid_conversation_id'],
  ];

  test.for(errors)('is answered with an error that it can say, never with HTTP’s: %s', async ([, body, code]) => {
    const { ask, dialled } = await scene();
    for (const inbound of [byJwt(body), byToken(body)])
      expect(await ask(inbound)).toMatchObject({
        http: 200,
        result: 'error',
        code,
        status: null,
        message: expect.stringMatching(/^[A-Z].*\.$/),
      });
    expect(dialled()).toEqual([]);
  });

  test('what nobody can parse is an error object for Watson too', async () => {
    const { ask } = await scene();
    const garbage = inboundOf('{"request":', {
      headers: { 'content-type': 'application/json', authorization: watsonJwt(secret) },
    });
    expect(await ask(garbage)).toMatchObject({ http: 200, result: 'error', code: 'invalid_json' });
    const twice = inboundOf('{"request":"start_call","phone":"+15005550006","phone":"+15005550007"}', {
      headers: { 'content-type': 'application/json', ...token },
    });
    expect(await ask(twice)).toMatchObject({ http: 200, result: 'error', code: 'invalid_json' });
  });

  test.for<[Treatment, string, RegExp]>([
    ['refused', 'telephony_refused', /refused to call this number/],
    ['reset', 'call_state_unknown', /do not know whether the call was started/],
    ['placed, then 500', 'call_state_unknown', /do not know whether the call was started/],
    ['placed, answer cut off', 'call_state_unknown', /do not know whether the call was started/],
  ])('tells the truth when Twilio fails: %s', async ([treatment, code, sentence]) => {
    const { ask, twilio } = await scene();
    twilio.next(treatment);
    const answer = await ask(byJwt({ request: 'start_call', phone }));
    expect(answer).toMatchObject({ http: 200, result: 'error', code, message: expect.stringMatching(sentence) });
    if (code === 'call_state_unknown') expect(answer).toMatchObject({ requestId: ID, status: 'unknown' });
  });

  test('who is limited is told for how long', async () => {
    const { ask } = await scene({ CALL_LIMITS: '{"perNumber":0}' });
    expect(await ask(byJwt({ request: 'start_call', phone }))).toMatchObject({
      http: 200,
      code: 'rate_limited',
      retryAfterSec: expect.any(Number),
    });
  });

  test('a stranger and a page are answered as everybody is', async () => {
    const { ask, dialled } = await scene();
    expect(await ask(jsonCall({ request: 'start_call', phone }))).toMatchObject({
      http: 401,
      error: { code: 'unauthorized' },
    });
    const page = {
      origin: 'https://shop.example.com',
      authorization: `Bearer ${sessionToken({ sub: 'user-1' })}`,
    };
    expect(await ask(jsonCall({ request: 'start_call', phone }, page))).toMatchObject({
      http: 400,
      error: { code: 'unknown_field' },
    });
    expect(await ask(byToken({ phone }))).toMatchObject({ http: 202, status: 'calling' });
    expect(dialled()).toEqual([phone]);
  });

  test('nothing of what was asked stands in the log', async () => {
    const { ask, lines } = await scene();
    await ask(byJwt({ request: 'start_call', phone, vin: 'AB 123', name: 'Ada' }));
    await ask(byJwt({ request: 'AB 123', phone }));
    for (const word of [phone, 'AB 123', 'Ada', 'eyJ']) expect(lines.join()).not.toContain(word);
    expect(lines[0]).toContain('start_call');
  });
});

describe('the time', () => {
  test.for<[object, Record<string, string>, string]>([
    [{}, {}, "It's 00:05 UTC now."],
    [{ language: 'de' }, {}, 'Es ist jetzt 00:05 Uhr UTC.'],
    [{ timeZone: 'Europe/Berlin' }, {}, "It's 01:05 now."],
    [{ timezone: 'Asia/Kolkata' }, {}, "It's 05:35 now."],
    [{ timeZone: 'Mars/Base' }, {}, "It's 00:05 UTC now."],
    [{}, { BUSINESS_HOURS: '{"timeZone":"America/New_York","weekly":{}}' }, "It's 19:05 now."],
  ])('is told where the customer is, or where we are, or in UTC: %j %j', async ([body, env, message]) => {
    const { ask, twilio } = await scene(env);
    expect(await ask(byJwt({ request: 'time', ...body }))).toMatchObject({ result: 'success', message });
    expect(twilio.requests).toEqual([]);
  });
});

describe('an action', () => {
  test('answers what the gateway answered, in gw_result', async () => {
    const { ask, dialled } = await scene();
    const answer = await ask(invoked({ request: 'start_call', phoneNumber: phone, salesNumber: '+15005550099' }));
    expect(answer).toEqual({
      http: 200,
      gw_result: {
        result: 'success',
        message: 'Your call has been started. Please answer your phone.',
        code: null,
        requestId: ID,
        status: 'calling',
        ignored: ['salesNumber'],
      },
    });
    expect(dialled()).toEqual([phone]);
  });

  test('in everybody’s form answers in everybody’s form', async () => {
    const { ask } = await scene();
    expect(await ask(invoked({ phone }))).toMatchObject({ http: 202, requestId: ID, status: 'calling' });
  });

  test('asked as the gateway was means us, or is told so', async () => {
    const { ask, dialled } = await scene();
    const query_params = `?request=start_call&phoneNumber=${encodeURIComponent(phone)}`;
    const asked = (more: object) => ask(invoked({ query_params, target_route: '/wahandler', ...more }));
    const refused = { result: 'error', code: 'foreign_target', message: expect.stringMatching(/nobody was called/) };
    for (const target_hostname of [
      'http://other.example.net',
      'https://handover.example.com@other.example.net',
      'https://handover.example.com.other.example.net/',
      'http://169.254.169.254',
      'file:///etc/passwd',
      'handover.example.com:8443',
    ])
      expect((await asked({ target_hostname })).gw_result).toMatchObject(refused);
    expect(dialled()).toEqual([]);
    for (const own of ['https://handover.example.com/', 'Handover.example.com', 'handover.example.com:443'])
      expect((await asked({ target_hostname: own })).gw_result.result, own).toBe('success');
    expect((await asked({})).gw_result.result).toBe('success');
  });

  test('takes nothing from a query that no gateway sent: a customer’s words may stand in it', async () => {
    const { ask, table } = await scene();
    const injected = '&at=2026-11-28T10:00:00Z&conversationId=somebody-else&requestId=raaaaaaaaaaaaaaaa';
    const query_params = `?request=start_call&phoneNumber=${encodeURIComponent(phone)}&vin=A${injected}`;
    const { gw_result } = await ask(invoked({ query_params }));
    expect(gw_result).toMatchObject({ result: 'success', status: 'calling' });
    const known = await table.contexts.read(handoverOfRequest(gw_result.requestId));
    expect(known?.conversations).toEqual([]);
    expect(known?.facts.fields).toEqual({ vin: 'A' });
  });

  test('over HTTP is for bots alone, too', async () => {
    const { ask } = await scene();
    const query_params = '?request=time';
    expect((await ask(jsonCall({ query_params }))).error.code).toBe('unauthorized');
    expect((await ask(byToken({ query_params }))).gw_result.result).toBe('success');
  });

  test.for([
    [
      'a customer’s words that are a second number',
      '?request=start_call&phoneNumber=%2B15005550006&vin=A&phoneNumber=+1900',
    ],
    ['a second request', '?request=time&vin=A&request=start_call&phoneNumber=%2B15005550006'],
    ['a query that is not text', 7],
    ['a query without end', `?request=time&vin=${'A'.repeat(9_000)}`],
    ['no query', ''],
  ] as const)('refuses %s', async ([, query_params]) => {
    const { ask, dialled } = await scene();
    expect((await ask(invoked({ query_params }))).gw_result).toMatchObject({
      result: 'error',
      code: 'invalid_request',
    });
    expect(dialled()).toEqual([]);
  });
});

test('whatever a bot asks by name, it is answered with something to say', async () => {
  const { ask, dialled } = await scene({ CALL_LIMITS: '{"perDay":0}' });
  const names = ['request', 'action', 'query_params', 'target_hostname', 'phone', 'language', 'at', 'requestId'];
  const words = fc.oneof(fc.constantFrom('start_call', 'time', 'call_status', 'cancel_call', phone), fc.string());
  const value = fc.oneof(words, fc.jsonValue());
  const body = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, { maxKeys: 8 });
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('request', 'query_params'), words, async (given, name, asked) => {
      const named = JSON.parse(JSON.stringify({ ...given, [name]: asked }));
      fc.pre(!Object.hasOwn(named, '__proto__'));
      for (const inbound of [byJwt(named), invoked(named)]) {
        const { http, gw_result, ...flat } = await ask(inbound);
        const answer = gw_result ?? flat;
        expect(http).toBe(200);
        expect(answer).toMatchObject({
          result: expect.stringMatching(/^(success|error)$/),
          message: expect.any(String),
        });
        expect(answer.code).not.toBe('internal');
      }
    }),
    { numRuns: 100 },
  );
  expect(dialled()).toEqual([]);
});

test('every sentence of every language is one, and is about something that there is', () => {
  const sentences = Object.values(saidByBot).flatMap(({ call, over, noCall }) => [
    ...Object.values(call),
    ...Object.values(over),
    ...Object.values(noCall),
  ]);
  expect(sentences.filter((sentence) => !/^[A-ZÄÖÜ].*\.$/.test(sentence))).toEqual([]);
  const codes = Object.values(saidByBot).flatMap(({ noCall }) => Object.keys(noCall));
  expect(codes.filter((code) => !Object.hasOwn(problemKinds, code))).toEqual([]);
});
