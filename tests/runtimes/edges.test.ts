import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defineFunction } from '../../shared/core/function.ts';
import { json } from '../../shared/core/reply.ts';
import { optional, required, settings, text } from '../../shared/core/settings.ts';
import { toCodeEngine } from '../../shared/runtimes/code-engine.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { toOpenWhisk } from '../../shared/runtimes/openwhisk.ts';
import { toTwilio } from '../../shared/runtimes/twilio.ts';
import { echo, seer } from '../contracts/runtime.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { twilio } from '../support/platforms/platforms.ts';

const lines = keepLogLines();

/** Tells which settings reached it. */
const settled = defineFunction({
  ...echo('json'),
  settings: settings({
    GREETING: required(text(), { is: 'a word' }),
    TWILIO_ACCOUNT_SID: optional(text(), 'none', { is: 'the account' }),
    TWILIO_AUTH_TOKEN: optional(text(), 'none', { is: 'the token' }),
  }),
  answer: ({ settings: own }) => json(200, own),
});

beforeEach(() => {
  process.env.GREETING = 'hello';
});
afterEach(() => {
  delete process.env.GREETING;
});

const jsonHeaders = { 'content-type': 'application/json' };
const http = { http: { method: 'POST', sourceIp: '198.51.100.7' } };
const post = { requestContext: http, headers: jsonHeaders, body: '{}', isBase64Encoded: false, rawQueryString: '' };

describe('Lambda', () => {
  test('takes at most two parameters, so that no runtime hands it a callback', () => {
    expect(toLambda(seer).length).toBeLessThanOrEqual(2);
  });

  test.for(['%%%not-base64%%%', 'eyJ9', 'e30', 'e30=\n', 'e3-_'])(
    'a body that is not exactly base64 counts as hidden: %j',
    async (body) => {
      const { body: answer } = await toLambda(seer)({ ...post, body, isBase64Encoded: true });
      expect(JSON.parse(answer).seen.body).toBe(body === 'eyJ9' ? 'eyJ9' : 'hidden');
    },
  );

  test('base64 is undone as UTF-8', async () => {
    const body = Buffer.from('{"name":"Zoë 漢"}').toString('base64');
    const answer = await toLambda(echo('json'))({ ...post, body, isBase64Encoded: true });
    expect(JSON.parse(answer.body)).toEqual({ input: { name: 'Zoë 漢' } });
  });

  test('cookies are one header', async () => {
    const answer = await toLambda(seer)({ ...post, cookies: ['a=1', 'b=2'] });
    expect(JSON.parse(answer.body).seen.headers.cookie).toBe('a=1; b=2');
  });

  test('values of a header that came several times are joined', async () => {
    const multiValueHeaders = { 'X-Own': ['1', '2'], 'x-own': ['3'] };
    const answer = await toLambda(seer)({ httpMethod: 'GET', headers: null, multiValueHeaders });
    expect(JSON.parse(answer.body).seen.headers).toEqual({ 'x-own': '1, 2, 3' });
  });

  test('an event without HTTP is an invocation with the key of the account', async () => {
    const answer = await toLambda(seer)({ 'detail-type': 'Scheduled Event' } as object);
    expect(JSON.parse(answer.body).seen).toMatchObject({
      method: 'POST',
      trust: 'platform-key',
      fields: { 'detail-type': 'Scheduled Event' },
    });
  });

  test('a function is started once, at its first event', async () => {
    let started = 0;
    const counted = toLambda({ ...settled, ports: { table: () => ++started } });
    expect(started).toBe(0);
    await counted(post);
    await counted(post);
    expect(started).toBe(1);
  });

  test('a setting is read from the environment, and what is missing is said in the log only', async () => {
    expect(JSON.parse((await toLambda(settled)(post)).body)).toMatchObject({ GREETING: 'hello' });
    delete process.env.GREETING;
    const answer = await toLambda(settled)(post);
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body).error.code).toBe('misconfigured');
    expect(answer.body).not.toContain('GREETING');
    expect(lines.at(-1)).toContain('GREETING is missing');
  });
});

describe('OpenWhisk', () => {
  const main = toOpenWhisk(settled);
  const rawCall = { __ow_method: 'post', __ow_query: '', __ow_headers: jsonHeaders, __ow_body: 'e30=' };

  test('settings never come from the parameters', async () => {
    const { body } = await main({ ...rawCall, GREETING: 'from a parameter', TWILIO_AUTH_TOKEN: 'mine' });
    expect(JSON.parse(Buffer.from(String(body), 'base64').toString())).toMatchObject({ GREETING: 'hello' });
    expect(await main({ GREETING: 'from a parameter' })).toMatchObject({ GREETING: 'hello' });
  });

  test('JSON that comes as text is taken too', async () => {
    const answer = await toOpenWhisk(echo('json'))({ ...rawCall, __ow_body: '{"a":1}' });
    expect(JSON.parse(Buffer.from(String(answer.body), 'base64').toString())).toEqual({ input: { a: 1 } });
  });

  test.for([
    ['text/plain', 'hello', 'unsupported_media_type'],
    ['application/json', 'WzFd', 'invalid_json'],
  ])('a web action that is not raw refuses a body without names: %s', async ([type, body, code]) => {
    const headers = { 'content-type': type };
    const answer = await toOpenWhisk(echo('json'))({
      __ow_method: 'post',
      __ow_headers: headers,
      __ow_body: body,
      a: '1',
    });
    expect(JSON.parse(Buffer.from(String(answer.body), 'base64').toString()).error.code).toBe(code);
  });

  test('a plain action that answers without JSON answers with the parts of the answer', async () => {
    expect(await toOpenWhisk({ ...seer, caller: echo('json').caller, input: echo('form').input })({})).toEqual({
      statusCode: 204,
      headers: {},
      body: '',
    });
  });
});

describe('Twilio Functions', () => {
  const call = { method: 'POST', query: '', headers: jsonHeaders, body: new TextEncoder().encode('{}') };

  test("the platform's own names of the account stand in for ours", async () => {
    const own = twilio({ GREETING: 'hello', ACCOUNT_SID: 'AC1', AUTH_TOKEN: 'token-1' });
    expect(JSON.parse((await own(toTwilio(settled), call)).body)).toMatchObject({
      TWILIO_ACCOUNT_SID: 'AC1',
      TWILIO_AUTH_TOKEN: 'token-1',
    });
  });

  test('our names come first', async () => {
    const own = twilio({ GREETING: 'hello', AUTH_TOKEN: 'token-1', TWILIO_AUTH_TOKEN: 'token-2' });
    expect(JSON.parse((await own(toTwilio(settled), call)).body)).toMatchObject({ TWILIO_AUTH_TOKEN: 'token-2' });
  });

  test('settings never come from the environment or the fields', async () => {
    const answer = await twilio({})(toTwilio(settled), {
      ...call,
      body: new TextEncoder().encode('{"GREETING":"mine"}'),
    });
    expect(answer.status).toBe(500);
  });

  test('only functions that Twilio calls trust its gateway', async () => {
    const trusting = toTwilio({ ...seer, caller: { ...seer.caller, kind: 'twilio' } });
    expect(JSON.parse((await twilio({})(trusting, call)).body).seen.trust).toBe('twilio-gateway');
    expect(JSON.parse((await twilio({})(toTwilio(seer), call)).body).seen.trust).toBe('none');
  });

  test.for([
    { headers: 'mine' },
    { headers: ['mine'] },
    { headers: { authorization: { nested: true } } },
    { headers: null },
    null,
    'mine',
  ])('headers that are no plain map of texts are none: %j', async (request) => {
    const answered = new Promise<{ body: { seen: { headers: object } } }>((resolve) => {
      void toTwilio(seer)({}, { request }, (_error, answer) => resolve(answer as never));
    });
    expect((await answered).body.seen.headers).toEqual({});
  });
});

describe('an event that no platform makes', () => {
  const strange: readonly unknown[] = [undefined, null, 7, 'x', [], { headers: 7, requestContext: 'x', cookies: 'x' }];

  test.for(strange)('is answered on Lambda: %j', async (event) => {
    const { statusCode, body } = await toLambda(settled)(event as never);
    expect(statusCode).toBeGreaterThanOrEqual(200);
    expect(JSON.parse(body)).toBeTypeOf('object');
  });

  test.for([...strange, { __ow_method: 7, __ow_headers: 'x', __ow_query: 7, __ow_body: {} }])(
    'is answered on OpenWhisk: %j',
    async (params) => expect(await toOpenWhisk(settled)(params as never)).toBeTypeOf('object'),
  );

  test.for([...strange, { __ce_method: 7, __ce_headers: null, __ce_body: 7 }])(
    'is refused on Code Engine: %j',
    async (params) => {
      const { statusCode } = await toCodeEngine(settled)(params as never);
      expect([405, 500]).toContain(statusCode);
    },
  );

  test.for(strange)('is answered on Twilio Functions: %j', async (event) => {
    const answer = await new Promise((resolve) => {
      void toTwilio(settled)(event as never, event as never, (_error, given) => resolve(given));
    });
    expect(answer).toMatchObject({ statusCode: 500 });
  });

  test('a function that cannot be started is answered with an id and without its insides', async () => {
    const broken = {
      ...settled,
      ports: {
        table: () => {
          throw new Error('postgres://user:password@host');
        },
      },
    };
    const { statusCode, body } = await toLambda(broken)(post);
    expect(statusCode).toBe(500);
    expect(JSON.parse(body).error).toMatchObject({ code: 'internal', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(body + lines.at(-1)).not.toContain('postgres');
  });
});
