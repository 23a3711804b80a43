import { createHash } from 'node:crypto';
import fc from 'fast-check';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, test } from 'vitest';
import { parseForm } from '../../../shared/core/body.ts';
import { twilioCaller, twilioSignature } from '../../../shared/core/callers/twilio.ts';
import type { Inbound } from '../../../shared/core/inbound.ts';
import { Problem } from '../../../shared/core/problems.ts';
import { inboundOf, testSettings, twilioCall } from '../../support/calls.ts';
import { knock } from '../../support/who-calls.ts';

const TOKEN = testSettings.TWILIO_AUTH_TOKEN;
const BASE = 'https://handover.example.com';
const URL_OF = `${BASE}/receive-call`;
const FORM = 'application/x-www-form-urlencoded';
const bytes = (text: string) => new TextEncoder().encode(text);
const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');

interface Delivery {
  readonly url: string;
  readonly query: string;
  readonly body: string;
  readonly type: string;
  readonly signature: string | undefined;
}

const inboundFor = ({ query, body, type, signature }: Delivery): Inbound =>
  inboundOf(body, {
    query,
    headers: { 'content-type': type, ...(signature === undefined ? {} : { 'x-twilio-signature': signature }) },
  });

/** Whether our check lets it in; anything thrown but a `Problem` fails the test. */
async function letsIn(inbound: Inbound, base: string, token = TOKEN, secondary?: string): Promise<boolean> {
  const url = base + (inbound.query === '' ? '' : `?${inbound.query}`);
  const settings = {
    STAGE: 'local' as const,
    urls: { of: () => base },
    TWILIO_AUTH_TOKEN: token,
    TWILIO_AUTH_TOKEN_SECONDARY: secondary,
  };
  const content = { value: undefined, repeated: new Set<string>(), problem: undefined };
  try {
    return (await twilioCaller.check({ inbound, content, settings, url, nowMs: 0 })) === 'twilio';
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** What Twilio's own package says of the same delivery, read the way it documents. */
function packageLetsIn({ url, body, type, signature }: Delivery): boolean {
  if (url.includes('bodySHA256')) return webhooks.validateRequestWithBody(TOKEN, signature ?? '', url, body);
  const params = type === 'application/json' ? {} : paramsOf(body);
  return webhooks.validateRequest(TOKEN, signature ?? '', url, params);
}

function paramsOf(body: string): Record<string, string | string[]> {
  const form = [...parseForm(bytes(body))].map(([name, values]) => [name, values.length > 1 ? [...values] : values[0]]);
  return Object.fromEntries(form);
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('', ' ', '+15005550006', 'a b+c%', 'ü', '=&', '"', "'", '\u0000', '日本', '[1,2]'),
);
const name = fc.oneof(
  fc.constantFrom('Called', 'To', 'From', 'CallSid', 'Digits', 'SpeechResult', 'constructor', 'toString', 'a', 'A'),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const form = fc.array(fc.tuple(name, text), { maxLength: 12 });

/** Where functions live: plain, below a path, with ports, on a host of their own, on localhost. */
const base = fc.constantFrom(
  URL_OF,
  `${BASE}/voice/v2/receive-call`,
  'https://abc.lambda-url.us-east-1.on.aws/',
  'https://handover.example.com:8443/receive-call',
  'https://handover.example.com:443/receive-call',
  'http://127.0.0.1:3000/receive-call',
  'http://localhost/receive-call',
  'http://[::1]:3000/receive-call',
  'https://[2001:db8::1]/receive-call',
  'https://Handover.Example.com/Receive%2Fcall',
);
const query = fc.oneof(
  fc.constant(''),
  fc.array(fc.tuple(name, text), { minLength: 1, maxLength: 4 }).map((pairs) => new URLSearchParams(pairs).toString()),
  fc.constantFrom('step=whisper&handover=h7', 'a=%3A&b=%3a', 'a', '=', '&&', 'x=1+2', "q=it's", 'p=a%20b', 'é=ü'),
);

/** How Twilio may spell the URL that it signs. */
const spelling = fc.constantFrom<(url: string) => string>(
  (url) => url,
  (url) => url.replace(/^(https?:\/\/[^/]*?):\d+(?=\/)/, '$1'),
  (url) => url.replace(/^(https:\/\/[^/]*[^/\d:\]]|https:\/\/\[[^\]]*\])(?=\/)/, '$1:443'),
  (url) => url.replace(/^(http:\/\/[^/]*[^/\d:\]])(?=\/)/, '$1:80'),
);

describe('a genuine webhook', () => {
  test('gets in wherever the function lives, whatever it holds, with and without the port', async () => {
    await fc.assert(
      fc.asyncProperty(base, query, form, spelling, async (at, asked, fields, spelled) => {
        const url = at + (asked === '' ? '' : `?${asked}`);
        const body = new URLSearchParams(fields).toString();
        const signature = webhooks.getExpectedTwilioSignature(TOKEN, spelled(url), paramsOf(body));
        const delivery = { url, query: asked, body, type: FORM, signature };
        expect(packageLetsIn(delivery)).toBe(true);
        expect(await letsIn(inboundFor(delivery), at)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test('with JSON gets in by the hash of its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(base, fc.json(), async (at, body) => {
        const asked = `x=1&bodySHA256=${sha256(body)}`;
        const url = `${at}?${asked}`;
        const signature = webhooks.getExpectedTwilioSignature(TOKEN, url, {});
        const delivery = { url, query: asked, body, type: 'application/json', signature };
        expect(packageLetsIn(delivery)).toBe(true);
        expect(await letsIn(inboundFor(delivery), at)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('has the signature that Twilio’s package makes', () => {
    fc.assert(
      fc.property(form, (fields) => {
        const body = new URLSearchParams(fields).toString();
        const expected = webhooks.getExpectedTwilioSignature(TOKEN, URL_OF, paramsOf(body));
        expect(twilioSignature(TOKEN, URL_OF, parseForm(bytes(body)))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('gets in by either token while they are rotated, by neither afterwards', async () => {
    const call = twilioCall('receive-call', { Called: '+15005550006' });
    const env = { TWILIO_AUTH_TOKEN: 'f'.repeat(32) };
    expect((await knock(twilioCaller, call, { media: 'form' })).who).toBe('twilio');
    const rotating = { env: { ...env, TWILIO_AUTH_TOKEN_SECONDARY: TOKEN }, media: 'form' } as const;
    expect((await knock(twilioCaller, call, rotating)).who).toBe('twilio');
    expect((await knock(twilioCaller, call, { env, media: 'form' })).code).toBe('invalid_signature');
  });
});

/** One byte of a text replaced, left out or put in. */
const mutation = fc.record({
  at: fc.nat({ max: 100_000 }),
  how: fc.constantFrom('replace', 'delete', 'insert'),
  to: fc.integer({ min: 33, max: 126 }),
});

function mutated(source: string, { at, how, to }: { at: number; how: string; to: number }): string {
  const place = source.length === 0 ? 0 : at % source.length;
  const character = String.fromCharCode(to);
  if (how === 'insert' || source.length === 0) return source.slice(0, place) + character + source.slice(place);
  return source.slice(0, place) + (how === 'replace' ? character : '') + source.slice(place + 1);
}

const genuineBody = new URLSearchParams({
  AccountSid: 'AC00000000000000000000000000000001',
  CallSid: 'CA00000000000000000000000000000001',
  Called: '+15005550006',
  From: '+15005550001',
  SpeechResult: 'I want to talk to a person, now & here',
}).toString();

describe('a webhook of which one byte is changed', () => {
  const genuine = { url: `${URL_OF}?step=a`, query: 'step=a', body: genuineBody, type: FORM };
  const signature = webhooks.getExpectedTwilioSignature(TOKEN, genuine.url, paramsOf(genuine.body));

  test('is refused, unless the byte only spells the same fields in another way', async () => {
    const part = fc.constantFrom('query', 'body', 'signature', 'base', 'token');
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(part, mutation, async (where, change) => {
        const value = { base: URL_OF, token: TOKEN, query: genuine.query, body: genuine.body, signature };
        const changed = { ...value, [where]: mutated(value[where as keyof typeof value], change) };
        const same =
          where === 'body' &&
          JSON.stringify([...parseForm(bytes(changed.body))]) === JSON.stringify([...parseForm(bytes(value.body))]);
        fc.pre(changed[where as keyof typeof value] !== value[where as keyof typeof value] && !same);
        const delivery = { ...genuine, query: changed.query, body: changed.body, signature: changed.signature };
        expect(await letsIn(inboundFor(delivery), changed.base, changed.token)).toBe(false);
        refused++;
      }),
      { numRuns: 10_000 },
    );
    expect(refused).toBeGreaterThanOrEqual(10_000);
  });

  test('is refused when the byte is one of a JSON body or of its hash', async () => {
    const body = JSON.stringify({ EventType: 'onMessageAdded', Body: 'hi', Author: 'visitor-1' });
    const asked = `bodySHA256=${sha256(body)}`;
    const signed = webhooks.getExpectedTwilioSignature(TOKEN, `${URL_OF}?${asked}`, {});
    await fc.assert(
      fc.asyncProperty(fc.boolean(), mutation, async (inBody, change) => {
        const delivery = {
          url: URL_OF,
          query: inBody ? asked : mutated(asked, change),
          body: inBody ? mutated(body, change) : body,
          type: 'application/json',
          signature: signed,
        };
        fc.pre(delivery.query !== asked || delivery.body !== body);
        expect(await letsIn(inboundFor(delivery), URL_OF)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('beside Twilio’s package', () => {
  /** Everything that can be wrong with a delivery, in any mixture. */
  const damage = fc.constantFrom<(delivery: Delivery) => Delivery>(
    (one) => one,
    (one) => ({ ...one, signature: undefined }),
    (one) => ({ ...one, signature: '' }),
    (one) => ({ ...one, signature: `${one.signature},${one.signature}` }),
    (one) => ({ ...one, signature: one.signature?.toLowerCase() }),
    (one) => ({ ...one, signature: ` ${one.signature}` }),
    (one) => ({ ...one, body: `${one.body}&Digits=1` }),
    (one) => ({ ...one, body: `${one.body}&${one.body}` }),
    (one) => ({ ...one, body: one.body.replaceAll('%20', '+') }),
    (one) => ({ ...one, body: one.body.replace('=', '') }),
    (one) => ({ ...one, type: 'application/json' }),
    (one) => ({ ...one, type: 'text/plain' }),
    (one) => ({ ...one, query: `${one.query}&x`, url: `${one.url}${one.query === '' ? '?' : ''}&x` }),
    (one) => withHash(one, sha256(one.body)),
    (one) => withHash(one, sha256(one.body).toUpperCase()),
    (one) => withHash(one, `${sha256(one.body)}&bodySHA256=${sha256(one.body)}`),
    (one) => withHash(one, sha256('another body')),
    (one) => withHash(one, ''),
  );

  function withHash(one: Delivery, hash: string): Delivery {
    const asked = `${one.query === '' ? '' : `${one.query}&`}bodySHA256=${hash}`;
    const at = one.url.split('?')[0] ?? '';
    return { ...one, url: `${at}?${asked}`, query: asked };
  }

  /** Signed for another spelling of the same URL, or for what it was before it was damaged. */
  const signing = fc.constantFrom<(delivery: Delivery) => string>(
    (one) =>
      webhooks.getExpectedTwilioSignature(TOKEN, one.url, one.url.includes('bodySHA256') ? {} : paramsOf(one.body)),
    (one) => webhooks.getExpectedTwilioSignature(TOKEN, one.url, {}),
    (one) => webhooks.getExpectedTwilioSignature(TOKEN, new URL(one.url).toString(), paramsOf(one.body)),
    (one) => webhooks.getExpectedTwilioSignature(TOKEN, one.url.replace(/:\d+(?=\/)/, ''), paramsOf(one.body)),
    (one) => webhooks.getExpectedTwilioSignature('', one.url, paramsOf(one.body)),
    (one) => webhooks.getExpectedTwilioSignature('another token', one.url, paramsOf(one.body)),
  );

  /** Why we refuse what the package lets in. Each is deliberate; docs/security.md says why. */
  function whyRefused({ url, query: asked, body, type, signature }: Delivery): string | undefined {
    const hashes = new URLSearchParams(asked).getAll('bodySHA256');
    if (hashes.length > 1) return 'two hashes';
    if (hashes.length === 0 && type === 'application/json') return 'JSON without a hash';
    if (hashes.length === 0 && body.split('&').some((pair) => pair !== '' && !pair.includes('=')))
      return 'a name alone';
    const escaped = new URL(url).toString();
    const spelledAnew = [escaped, escaped.replace(/:\d+(?=\/)/, '')].some(
      (one) => one !== url && signature !== undefined,
    );
    return spelledAnew ? 'signed for the URL as somebody else escapes it' : undefined;
  }

  test('we let in nothing that it refuses, and refuse only what is listed of what it lets in', async () => {
    const reasons = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        base,
        query,
        form,
        damage,
        damage,
        signing,
        fc.boolean(),
        async (at, asked, fields, first, second, sign, signLast) => {
          const body = new URLSearchParams(fields).toString();
          const plain = { url: at + (asked === '' ? '' : `?${asked}`), query: asked, body, type: FORM, signature: '' };
          const signed = signLast
            ? { ...first(plain), signature: sign(first(plain)) }
            : { ...plain, signature: sign(plain) };
          const delivery = second(signLast ? signed : first(signed));
          const ours = await letsIn(inboundFor(delivery), at);
          const theirs = packageLetsIn(delivery);
          if (ours) expect(theirs).toBe(true);
          if (theirs && !ours) {
            const why = whyRefused(delivery);
            expect(why).toBeDefined();
            reasons.set(why ?? '', (reasons.get(why ?? '') ?? 0) + 1);
          }
        },
      ),
      { numRuns: 20_000 },
    );
    expect([...reasons.keys()].sort()).toEqual([
      'JSON without a hash',
      'a name alone',
      'signed for the URL as somebody else escapes it',
      'two hashes',
    ]);
  }, 60_000);

  test('an empty token is a fault of the settings, not a key that anybody has', async () => {
    const fields = { Called: '+15005550006' };
    const signature = webhooks.getExpectedTwilioSignature('', URL_OF, fields);
    expect(webhooks.validateRequest('', signature, URL_OF, fields)).toBe(true);
    const call = inboundOf('Called=%2B15005550006', {
      headers: { 'content-type': FORM, 'x-twilio-signature': signature },
    });
    for (const TWILIO_AUTH_TOKEN of ['', ' ', undefined]) {
      const { code, lines } = await knock(twilioCaller, call, { env: { TWILIO_AUTH_TOKEN }, media: 'form' });
      expect(code).toBe('misconfigured');
      expect(lines[0]).toContain('TWILIO_AUTH_TOKEN');
    }
    const env = { TWILIO_AUTH_TOKEN_SECONDARY: '' };
    expect((await knock(twilioCaller, call, { env, media: 'form' })).code).toBe('invalid_signature');
  });
});

describe('nothing in a request switches the check off', () => {
  const fields = { AccountSid: 'AC00000000000000000000000000000001', Called: '+15005550006' };
  const genuine = twilioCall('receive-call', fields);
  const signature = genuine.headers['x-twilio-signature'] ?? '';
  const asks = (inbound: Inbound, env = {}) => knock(twilioCaller, inbound, { env, media: 'form' });

  test.for<[string, Inbound]>([
    ['no signature', { ...genuine, headers: { 'content-type': FORM } }],
    ['switches in the query', { ...genuine, query: 'skipSignatureVerification=true&validate=false' }],
    ['switches in the headers', { ...genuine, headers: { 'content-type': FORM, 'x-skip-validation': '1' } }],
    [
      'the signature twice',
      { ...genuine, headers: { ...genuine.headers, 'x-twilio-signature': `${signature},${signature}` } },
    ],
    [
      'the signature in the query',
      { ...genuine, query: `x-twilio-signature=${encodeURIComponent(signature)}`, headers: { 'content-type': FORM } },
    ],
    ['no body', { ...genuine, body: undefined }],
    ['fields instead of a body', { ...genuine, body: undefined, fields }],
    ['fields from somebody with the platform’s key', { ...genuine, body: undefined, fields, trust: 'platform-key' }],
    [
      'a signature for the host of the request',
      {
        ...twilioCall('receive-call', fields),
        headers: {
          ...genuine.headers,
          host: 'evil.example.net',
          'x-forwarded-host': 'evil.example.net',
          'x-twilio-signature': twilioSignature(
            TOKEN,
            'https://evil.example.net/receive-call',
            parseForm(genuine.body ?? bytes('')),
          ),
        },
      },
    ],
  ])('%s', async ([, inbound]) => {
    const { code, reply, lines } = await asks(inbound);
    expect([code, reply.status]).toEqual(['invalid_signature', 403]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(signature);
  });

  test('but the gateway of the platform that has checked it before us', async () => {
    const checked: Inbound = { ...genuine, body: undefined, fields, trust: 'twilio-gateway', headers: {} };
    expect((await asks(checked)).who).toBe('twilio');
  });

  test('and settings do not either', async () => {
    const unsigned = { ...genuine, headers: { 'content-type': FORM } };
    const switches = {
      STAGE: 'local',
      NODE_ENV: 'test',
      DEBUG: '*',
      SKIP_SIGNATURE: 'true',
      VALIDATE: 'false',
      CI: 'true',
    };
    expect((await asks(unsigned, switches)).code).toBe('invalid_signature');
  });
});

test('no input makes the check throw anything but a refusal', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('\uD800', 'http://[', '%', 'é'.repeat(5_000)),
  );
  const body = fc.oneof(
    fc.constant(undefined),
    fc.uint8Array({ maxLength: 300 }),
    fc.constant(new Uint8Array(900_000).fill(65)),
  );
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, anyText, body, async (at, asked, type, signature, raw) => {
      const headers = { 'content-type': type, 'x-twilio-signature': signature };
      const inbound = { ...inboundOf('', { query: asked, headers }), body: raw };
      expect(await letsIn(inbound, at)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
