import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Deadline } from '../../shared/core/deadline.ts';
import { type AnyFunction, type Caller, defineFunction } from '../../shared/core/function.ts';
import { headerMap, type Inbound } from '../../shared/core/inbound.ts';
import { start } from '../../shared/core/pipeline.ts';
import { Problem } from '../../shared/core/problems.ts';
import { json } from '../../shared/core/reply.ts';
import { required, settings, text, words } from '../../shared/core/settings.ts';
import { inboundOf, jsonCall } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';

const key: Caller<string, { readonly KEY: string; readonly ALLOWED_ORIGINS: readonly string[] }> = {
  kind: 'token',
  settings: settings({
    KEY: required(text(), { is: 'what callers present', secret: true }),
    ALLOWED_ORIGINS: required(words, { is: 'pages that may ask' }),
  }),
  needsRawBody: false,
  async check({ inbound, settings: own }) {
    if (inbound.headers.authorization === own.KEY) return 'friend';
    throw new Problem('unauthorized');
  },
};

const env = { KEY: 'the-key', ALLOWED_ORIGINS: 'https://shop.example.com' };
const headers = { authorization: 'the-key' };

const plain = defineFunction({
  name: 'echo',
  purpose: 'Answers what it was asked',
  calledBy: 'tests',
  methods: ['POST'],
  caller: key,
  input: { media: 'json', schema: v.strictObject({ text: v.optional(v.string()) }), names: 'ours' },
  settings: settings({}),
  ports: {},
  deadlineMs: 2_000,
  answer: ({ input, who }) => json(200, { who, ...input }),
});

function started(fn: AnyFunction = plain, own: Record<string, string> = env, clock = testClock()) {
  const lines: string[] = [];
  const handle = start(fn, { env: own, clock, write: (line) => lines.push(line) });
  return { handle, lines, clock };
}

const codeOf = (body: string): string | undefined => JSON.parse(body).error?.code;
const ask = async (inbound: Inbound, fn: AnyFunction = plain, own: Record<string, string> = env) => {
  const { handle, lines } = started(fn, own);
  const reply = await handle(inbound);
  return { ...reply, code: reply.body === '' ? undefined : codeOf(reply.body), lines };
};

describe('a call', () => {
  test('is answered, and told in one line', async () => {
    const { status, body, lines } = await ask(jsonCall({ text: 'hi' }, headers));
    expect([status, JSON.parse(body)]).toEqual([200, { who: 'friend', text: 'hi' }]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', function: 'echo', status: 200, ms: 0, id: expect.any(String) },
    ]);
  });

  test('is refused for its settings first, then its transport, its caller, its meaning', async () => {
    const broken = inboundOf('{', { method: 'GET', headers: { 'content-type': 'application/json' } });
    expect((await ask(broken, plain, {})).code).toBe('misconfigured');
    expect((await ask(broken)).code).toBe('method_not_allowed');
    expect((await ask({ ...broken, method: 'POST' })).code).toBe('unauthorized');
    expect((await ask({ ...broken, method: 'POST', headers: headerMap({ ...broken.headers, ...headers }) })).code).toBe(
      'invalid_json',
    );
    expect((await ask(jsonCall({ text: 1 }, headers))).code).toBe('invalid_text');
  });

  test('that is refused bears an id that stands in the log too', async () => {
    const { body, lines } = await ask(jsonCall({}));
    const { id } = JSON.parse(body).error;
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', code: 'unauthorized', status: 401, id });
  });
});

describe('what is refused at the door', () => {
  const sized = (bytes: number) =>
    inboundOf(JSON.stringify({ text: 'x'.repeat(bytes - 11) }), {
      headers: { ...headers, 'content-type': 'application/json' },
    });
  const many = (count: number) =>
    headerMap({
      ...headers,
      'content-type': 'application/json',
      ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, 'a'])),
    });

  test.for<[string, Inbound, string | undefined]>([
    ['a body of 1 MB', sized(1_000_000), undefined],
    ['a byte more', sized(1_000_001), 'too_large'],
    ['90 headers', { ...jsonCall({}), headers: many(88) }, undefined],
    ['91 headers', { ...jsonCall({}), headers: many(89) }, 'headers_too_large'],
    ['15 kB of headers', jsonCall({}, { ...headers, x: 'a'.repeat(14_951) }), undefined],
    ['a byte more of them', jsonCall({}, { ...headers, x: 'a'.repeat(14_952) }), 'headers_too_large'],
    ['a compressed body', jsonCall({}, { ...headers, 'content-encoding': 'gzip' }), 'unsupported_media_type'],
    ['a body said not to be compressed', jsonCall({}, { ...headers, 'content-encoding': 'identity' }), undefined],
    ['PUT', { ...jsonCall({}, headers), method: 'PUT' }, 'method_not_allowed'],
    ['OPTIONS for no browser', { ...jsonCall({}, headers), method: 'OPTIONS' }, 'method_not_allowed'],
    ['text', inboundOf('{}', { headers: { ...headers, 'content-type': 'text/plain' } }), 'unsupported_media_type'],
    [
      'a form',
      inboundOf('a=b', { headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }),
      'unsupported_media_type',
    ],
    ['no media type', inboundOf('{}', { headers }), 'unsupported_media_type'],
    [
      'another media type that is JSON',
      inboundOf('{}', { headers: { ...headers, 'content-type': 'application/ld+json' } }),
      'unsupported_media_type',
    ],
    [
      'JSON with a charset',
      inboundOf('{}', { headers: { ...headers, 'content-type': ' Application/JSON ; charset=UTF-8' } }),
      undefined,
    ],
    ['a list', jsonCall([], headers), 'invalid_json'],
    ['a text as JSON', jsonCall('x', headers), 'invalid_json'],
    ['null', jsonCall(null, headers), 'invalid_json'],
    ['nothing at all', inboundOf('', { headers: { ...headers, 'content-type': 'application/json' } }), 'invalid_json'],
    ['a body that a platform hides', { ...jsonCall({}, headers), body: undefined }, 'invalid_json'],
    ['a field that nobody knows', jsonCall({ x: 1 }, headers), 'unknown_field'],
    [
      'a name that stands twice',
      inboundOf('{"text":"a","text":"b"}', { headers: { ...headers, 'content-type': 'application/json' } }),
      'invalid_json',
    ],
    [
      'a forbidden name',
      inboundOf('{"__proto__":{"x":1}}', { headers: { ...headers, 'content-type': 'application/json' } }),
      'invalid_json',
    ],
  ])('%s', async ([, inbound, code]) => {
    expect((await ask(inbound)).code).toBe(code);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('in a partner’s body only the names that say who it is about', async () => {
    const partner = defineFunction({
      ...plain,
      input: { media: 'json', schema: v.object({ userId: v.string() }), names: ['userId'] },
      answer: ({ input }) => json(200, input),
    });
    const asks = async (body: string) =>
      (await ask(inboundOf(body, { headers: { ...headers, 'content-type': 'application/json' } }), partner)).code;
    expect(await asks('{"userId":"a","x":1,"x":2,"unknown":{}}')).toBeUndefined();
    expect(await asks('{"userId":"a","userId":"b"}')).toBe('invalid_json');
    expect(await asks('{"userId":"a","inner":{"userId":1,"userId":2}}')).toBe('invalid_json');
  });

  test('a form’s repeated name likewise', async () => {
    const form = defineFunction({
      ...plain,
      input: { media: 'form', schema: v.object({ Called: v.string() }), names: ['Called'] },
      answer: ({ input }) => json(200, input),
    });
    const asks = (body: string) =>
      ask(inboundOf(body, { headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } }), form);
    expect((await asks('Called=a&x=1&x=2')).code).toBeUndefined();
    expect((await asks('Called=a&Called=a')).code).toBe('invalid_json');
    expect((await asks(Array.from({ length: 1_001 }, (_, at) => `a${at}=`).join('&'))).code).toBe('too_large');
  });
});

describe('what a platform parsed itself', () => {
  const parsed = (fields: Record<string, unknown>, more: Partial<Inbound> = {}): Inbound => ({
    ...jsonCall({}, headers),
    body: undefined,
    fields,
    ...more,
  });

  test('is taken as the body', async () => {
    expect((await ask(parsed({ text: 'hi' }))).code).toBeUndefined();
    expect((await ask(parsed({ x: 1 }))).code).toBe('unknown_field');
  });

  test('must have come as JSON, but from whoever holds the platform’s key', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', ''])
      expect((await ask(parsed({}, { headers: headerMap({ ...headers, 'content-type': type }) }))).code).toBe(
        'unsupported_media_type',
      );
    expect((await ask(parsed({}, { headers: headerMap(headers), trust: 'platform-key' }))).code).toBeUndefined();
  });

  test('obeys the rules of JSON as far as they can be seen, however deep it is', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`);
    expect((await ask(parsed({ text: deep }))).code).toBe('invalid_json');
    expect((await ask(parsed(JSON.parse('{"__proto__":{"x":1}}')))).code).toBe('invalid_json');
  });
});

describe('pages of other origins', () => {
  const browser = defineFunction({ ...plain, browser: true, headers: { 'cache-control': 'no-store' } });
  const from = (origin: string, more: Record<string, string> = headers) => jsonCall({}, { ...more, origin });
  const preflight = (origin?: string) =>
    inboundOf('', {
      method: 'OPTIONS',
      headers: { ...(origin === undefined ? {} : { origin }), 'access-control-request-method': 'POST' },
    });
  const shop = 'https://shop.example.com';

  test('that are allowed may read every answer, refusals too', async () => {
    for (const inbound of [
      from(shop),
      from(shop, {}),
      { ...from(shop), method: 'GET' },
      from(shop, { ...headers, 'content-encoding': 'br' }),
    ]) {
      const reply = await ask(inbound, browser);
      expect(reply.headers).toMatchObject({
        'access-control-allow-origin': shop,
        'access-control-expose-headers': 'retry-after',
        vary: 'Origin',
        'cache-control': 'no-store',
      });
      expect(reply.headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  test('that are not may read none', async () => {
    for (const origin of ['https://evil.example', 'null', '*', `${shop}.evil.example`, `${shop}, ${shop}`, ''])
      for (const inbound of [from(origin), from(origin, {}), preflight(origin)]) {
        const reply = await ask(inbound, browser);
        expect(reply.headers['access-control-allow-origin']).toBeUndefined();
        expect(reply.headers).toMatchObject({ vary: 'Origin', 'cache-control': 'no-store' });
      }
  });

  test('may ask first whether they may ask', async () => {
    const allowed = await ask(preflight(shop), browser);
    expect(allowed).toMatchObject({ status: 204, body: '' });
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    });
    for (const origin of ['https://evil.example', 'null', undefined])
      expect(await ask(preflight(origin), browser)).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    expect((await ask(preflight(shop), browser, {})).code).toBe('misconfigured');
  });

  test('get nothing from a function that is not for browsers', async () => {
    expect((await ask(from(shop))).headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('when something is broken', () => {
  const secret = 'AC0123456789-secret';
  const fails = (error: unknown) =>
    defineFunction({
      ...plain,
      answer: () => {
        throw error;
      },
    });

  test('the answer says nothing of it and the log only its kind and place', async () => {
    const { status, body, lines } = await ask(
      jsonCall({}, headers),
      fails(new TypeError(`${secret} at evil.js:1:2\n at x (${secret}.js:3:4)`)),
    );
    expect([status, codeOf(body)]).toEqual([500, 'internal']);
    expect(body + lines.join()).not.toContain(secret.slice(0, 12));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      code: 'internal',
      reason: expect.stringMatching(/^TypeError at pipeline\.test\.ts:\d+$/),
    });
  });

  test.for([
    ['text', secret],
    ['nothing', undefined],
    ['null', null],
    ['an object', { secret }],
  ] as const)('whatever is thrown is an answer: %s', async ([, thrown]) => {
    const { code, body, lines } = await ask(jsonCall({}, headers), fails(thrown));
    expect(code).toBe('internal');
    expect(body + lines.join()).not.toContain(secret);
  });

  test('a function that hangs is answered for in time', async () => {
    const { handle, clock } = started(defineFunction({ ...plain, answer: () => new Promise<never>(() => {}) }));
    const answering = handle(jsonCall({}, headers));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_850);
    expect(codeOf((await answering).body)).toBe('deadline_exceeded');
  });

  test('so is a caller’s check that hangs', async () => {
    const { handle, clock } = started(
      defineFunction({ ...plain, caller: { ...key, check: () => new Promise<never>(() => {}) } }),
    );
    const answering = handle(jsonCall({}, headers));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_850);
    expect(codeOf((await answering).body)).toBe('deadline_exceeded');
  });

  test('a function may answer a problem in its own form, knowing whether the caller was', async () => {
    const own = defineFunction({
      ...plain,
      recover: (problem, { verified }) => (verified ? json(200, { took: problem.code }) : undefined),
    });
    expect((await ask(jsonCall({ x: 1 }, headers), own)).body).toBe('{"took":"unknown_field"}');
    expect((await ask(jsonCall({}), own)).code).toBe('unauthorized');
  });

  test('a form of its own that fails leaves the usual one', async () => {
    const own = defineFunction({
      ...plain,
      recover: () => {
        throw new Error(secret);
      },
    });
    const { code, lines } = await ask(jsonCall({ x: 1 }, headers), own);
    expect(code).toBe('internal');
    expect(lines.join()).not.toContain(secret);
  });

  test('a port that cannot be made is an answer, not a crash', async () => {
    const own = defineFunction({
      ...plain,
      ports: {
        table: () => {
          throw new Error(secret);
        },
      },
    });
    const { code, lines } = await ask(jsonCall({}, headers), own);
    expect(code).toBe('internal');
    expect(lines.join()).not.toContain(secret);
  });

  test('a port that leaves the process ends with each call', async () => {
    const signals: AbortSignal[] = [];
    const own = defineFunction({
      ...plain,
      ports: { table: () => ({ within: ({ signal }: Deadline) => signal }) },
      answer({ ports }) {
        signals.push(ports.table);
        return json(200, { aborted: ports.table.aborted });
      },
    });
    expect((await ask(jsonCall({}, headers), own)).body).toContain('"aborted":false');
    await ask(jsonCall({}, headers), own);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('a log that cannot be written costs no answer', async () => {
    const handle = start(plain, {
      env,
      clock: testClock(),
      write: () => {
        throw new Error('no space left');
      },
    });
    expect((await handle(jsonCall({ text: 'hi' }, headers))).status).toBe(200);
  });

  test('every missing setting is named in the log, none in the answer', async () => {
    const { body, lines } = await ask(jsonCall({}), plain, {});
    expect(lines[0]).toContain('KEY is missing');
    expect(lines[0]).toContain('ALLOWED_ORIGINS is missing');
    expect(body).not.toContain('KEY');
  });

  test('no call makes it reject', async () => {
    const anyCall = fc.record({
      method: fc.constantFrom('POST', 'GET', '', 'OPTIONS', '\n'),
      query: fc.string({ unit: 'binary', maxLength: 20 }),
      headers: fc
        .dictionary(
          fc.constantFrom('authorization', 'content-type', 'origin', '__proto__', 'x'),
          fc.oneof(fc.string(), fc.constantFrom('the-key', 'application/json')),
        )
        .map(headerMap),
      body: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
      fields: fc.option(fc.dictionary(fc.string(), fc.anything()), { nil: undefined }),
      trust: fc.constantFrom('none' as const, 'platform-key' as const),
      sourceAddress: fc.option(fc.string(), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(anyCall, async (inbound) => {
        const { status, lines } = await ask(inbound);
        expect(status).toBeGreaterThanOrEqual(200);
        expect(lines).toHaveLength(1);
      }),
    );
  });
});

describe('equal calls under way at the same moment', () => {
  function counting(caller: AnyFunction['caller'] = key) {
    let runs = 0;
    const release: (() => void)[] = [];
    const fn = defineFunction({
      ...plain,
      caller,
      answer: async () => {
        runs++;
        await new Promise<void>((resolve) => release.push(resolve));
        return json(200, { run: runs });
      },
    });
    const { handle, lines } = started(fn);
    const settle = async (calls: readonly Promise<{ body: string }>[]) => {
      await new Promise((resolve) => setImmediate(resolve));
      for (const go of release.splice(0)) go();
      return Promise.all(calls);
    };
    return { handle, settle, lines, runs: () => runs };
  }

  test('share one answer, and write a line each', async () => {
    const { handle, settle, runs, lines } = counting();
    const replies = await settle(Array.from({ length: 50 }, () => handle(jsonCall({}, headers))));
    expect(runs()).toBe(1);
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    expect(lines.filter((line) => JSON.parse(line).shared)).toHaveLength(49);
    await settle([handle(jsonCall({}, headers))]);
    expect(runs()).toBe(2);
  });

  test('are equal whatever names their delivery or their way here', async () => {
    const { handle, settle, runs } = counting();
    const delivered = (n: number) => ({
      ...headers,
      'x-amzn-trace-id': `Root=1-${n}`,
      traceparent: `00-${n}`,
      'x-forwarded-for': `192.0.2.${n}`,
    });
    await settle([1, 2, 3].map((n) => handle(jsonCall({}, delivered(n)))));
    expect(runs()).toBe(1);
  });

  test('of another method are told which would be taken', async () => {
    const { handle } = counting();
    const reply = await handle({ ...jsonCall({}, headers), method: 'DELETE' });
    expect(reply).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  test('write lines of one level when they are refused', async () => {
    const { handle, settle, lines } = counting();
    await settle([1, 2, 3].map(() => handle(jsonCall({}, {}))));
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'warn', 'warn']);
  });

  test('share none when anything differs that a function can see', async () => {
    const { handle, settle, runs } = counting();
    const first = jsonCall({}, headers);
    const others: Inbound[] = [
      jsonCall({ text: '' }, headers),
      { ...first, query: 'a=1' },
      { ...first, sourceAddress: '192.0.2.1' },
      { ...first, headers: headerMap({ ...first.headers, 'idempotency-key': 'a' }) },
      { ...first, trust: 'platform-key' },
    ];
    await settle([first, ...others].map((inbound) => handle(inbound)));
    expect(runs()).toBe(6);
  });

  test('share none where strangers are let in: equal bytes may be of different people', async () => {
    const { handle, settle, runs } = counting({ ...key, isStranger: () => true });
    await settle(Array.from({ length: 10 }, () => handle(jsonCall({}, headers))));
    expect(runs()).toBe(10);
  });

  test('are not shared with one that is refused for its caller', async () => {
    const { handle, settle, runs } = counting();
    const [refused] = await settle([handle(jsonCall({})), handle(jsonCall({}, headers))]);
    expect([codeOf(refused?.body ?? ''), runs()]).toEqual(['unauthorized', 1]);
  });
});
