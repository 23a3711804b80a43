import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visitorCaller, visitorOrAnonymousCaller, visitorOrBotCaller } from '../../../shared/core/callers/session.ts';
import { jsonCall, sessionToken, testSettings } from '../../support/calls.ts';
import { watsonJwt } from '../../support/watson-jwt.ts';
import { knock, NOW_MS } from '../../support/who-calls.ts';

const ORIGIN = 'https://shop.example.com';
const nowSec = NOW_MS / 1_000;
const HOUR_SEC = 3_600;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (signed: string, key: string, hash = 'sha256') => createHmac(hash, key).update(signed).digest('base64url');

const withSession = (jwt: string, headers: Readonly<Record<string, string>> = { origin: ORIGIN }) =>
  jsonCall({}, { authorization: `Bearer ${jwt}`, ...headers });
const visits = (claims: Readonly<Record<string, unknown>>) =>
  knock(visitorCaller, withSession(sessionToken({ sub: 'user-1', ...claims })));

describe('the session of a visitor', () => {
  test('tells who they are, by a name that others may see too, and until when', async () => {
    const { who } = await visits({ exp: nowSec + HOUR_SEC });
    expect(who).toEqual({
      kind: 'visitor',
      sub: 'user-1',
      pseudonym: expect.stringMatching(/^[0-9a-f]{32}$/),
      endsAtMs: NOW_MS + HOUR_SEC * 1_000,
      conversations: undefined,
    });
    expect((await visits({ exp: nowSec + 60, jti: 'another' })).who.pseudonym).toBe(who.pseudonym);
    expect((await visits({ sub: 'user-2' })).who.pseudonym).not.toBe(who.pseudonym);
  });

  test('ends at its greatest age even if its own end is later', async () => {
    expect((await visits({ iat: nowSec })).who.endsAtMs).toBe(NOW_MS + 24 * HOUR_SEC * 1_000);
    const { who } = await visits({ iat: nowSec, auth_time: nowSec - HOUR_SEC });
    expect(who.endsAtMs).toBe(NOW_MS + 23 * HOUR_SEC * 1_000);
  });

  test('may be one of several audiences', async () => {
    expect((await visits({ aud: ['shop', 'handover'] })).who.sub).toBe('user-1');
  });

  test.for([
    ['a subject outside the grammar', { sub: 'user 1' }],
    ['an empty subject', { sub: '' }],
    ['a subject that is no text', { sub: 7 }],
    ['no subject', { sub: undefined }],
    ['another audience', { aud: 'shop' }],
    ['no audience', { aud: undefined }],
    ['other audiences', { aud: ['shop'] }],
    ['no end', { exp: undefined }],
    ['an end that is no number', { exp: '4102444800' }],
    ['an end in the past', { exp: nowSec - 1 }],
    ['an end now', { exp: nowSec }],
    ['no beginning', { iat: undefined }],
    ['a beginning in the future', { iat: nowSec + 61 }],
    ['a signing-in in the future', { auth_time: nowSec + 61 }],
    ['a time before which it is not good', { nbf: nowSec + 61 }],
    ['a signing-in that is no number', { auth_time: null }],
    ['a role that is no text', { role: ['agent'] }],
    ['conversations that are no list', { conversations: 'c-1' }],
    ['a conversation outside the grammar', { conversations: ['c 1'] }],
    ['more conversations than anybody has', { conversations: Array.from({ length: 51 }, (_, nth) => `c-${nth}`) }],
  ] as const)('with %s is refused', async ([, claims]) => {
    const { code, reply } = await visits(claims);
    expect([code, reply.status]).toEqual(['unauthorized', 401]);
  });

  test('of a site whose clock is a minute ahead is taken', async () => {
    expect((await visits({ iat: nowSec + 60, nbf: nowSec + 60 })).who.sub).toBe('user-1');
  });

  test('that began too long ago gets nothing more, to the second', async () => {
    const day = 24 * HOUR_SEC;
    expect((await visits({ iat: 1_000_000_000, auth_time: 1_000_000_000 })).code).toBe('session_too_old');
    expect((await visits({ iat: nowSec - day })).code).toBe('session_too_old');
    expect((await visits({ iat: nowSec - day + 1 })).who.sub).toBe('user-1');
    expect((await visits({ iat: nowSec, auth_time: nowSec - day })).code).toBe('session_too_old');
    const week = { env: { SESSION_MAX_HOURS: '168' } };
    const old = withSession(sessionToken({ sub: 'user-1', iat: nowSec - day }));
    expect((await knock(visitorCaller, old, week)).who.sub).toBe('user-1');
  });

  test('never lasts a second longer than its own end and its greatest age', async () => {
    const sec = fc.integer({ min: -200_000, max: 200_000 });
    await fc.assert(
      fc.asyncProperty(sec, sec, fc.option(sec, { nil: undefined }), async (iat, exp, auth) => {
        const auth_time = auth === undefined ? undefined : nowSec + auth;
        const { who, code } = await visits({ iat: nowSec + iat, exp: nowSec + exp, auth_time });
        const oldest = (auth ?? iat) + 24 * HOUR_SEC;
        const isGood = exp > 0 && iat <= 60 && (auth ?? 0) <= 60 && oldest > 0;
        expect(who !== undefined).toBe(isGood);
        if (isGood) expect(who.endsAtMs).toBe(NOW_MS + Math.min(exp, oldest) * 1_000);
        else expect(['unauthorized', 'session_too_old']).toContain(code);
      }),
    );
  });
});

describe('what only looks like a session', () => {
  const claims = { sub: 'user-1', aud: 'handover', iat: nowSec, exp: nowSec + 60 };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const made = (header: unknown, signature: (signed: string) => string) => {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${signature(signed)}`;
  };
  const good = sessionToken(claims);

  test.for([
    ['signed by nobody', made({ alg: 'none' }, () => '')],
    ['signed by NONE', made({ alg: 'NONE' }, () => '')],
    [
      'signed by nobody, with our signature',
      made({ alg: 'none' }, (signed) => hmac(signed, testSettings.SESSION_SECRET)),
    ],
    ['signed with another secret', sessionToken(claims, 'another-secret-0123456789abcdef-0123456789')],
    ['signed with an empty secret', sessionToken(claims, '')],
    [
      'signed by RS256',
      made({ alg: 'RS256' }, (signed) => sign('sha256', Buffer.from(signed), privateKey).toString('base64url')),
    ],
    [
      'that says RS256 and is signed by HMAC',
      made({ alg: 'RS256' }, (signed) => hmac(signed, testSettings.SESSION_SECRET)),
    ],
    ['signed by HMAC with a public key', made({ alg: 'HS256' }, (signed) => hmac(signed, pem))],
    ['signed by HS512', made({ alg: 'HS512' }, (signed) => hmac(signed, testSettings.SESSION_SECRET, 'sha512'))],
    ['that brings its own key', made({ alg: 'HS256', jwk: { kty: 'oct', k: 'QQ' } }, (signed) => hmac(signed, 'A'))],
    [
      'with a critical header',
      made({ alg: 'HS256', crit: ['x'], x: 1 }, (signed) => hmac(signed, testSettings.SESSION_SECRET)),
    ],
    ['of two parts', 'a.b'],
    ['of four parts', `${good}.x`],
    ['of five parts', 'a.b.c.d.e'],
    ['cut by one letter', good.slice(0, -1)],
    ['that is empty', ''],
    ['that is not ASCII', 'é.é.é'],
    ['that is long', 'A'.repeat(10_000)],
    ['that is there twice', `${good}, Bearer ${good}`],
  ] as const)('one %s is refused', async ([, jwt]) => {
    expect((await knock(visitorCaller, withSession(jwt))).code).toBe('unauthorized');
  });

  test('whatever letter of a session is changed, it is refused', async () => {
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), letters, async (at, letter) => {
        const changed = good.slice(0, at) + letter + good.slice(at + 1);
        // The last letter holds two bits that no byte has: base64url may spell one signature in four ways.
        fc.pre(changed !== good && at < good.length - 1);
        expect((await knock(visitorCaller, withSession(changed))).code).toBe('unauthorized');
      }),
    );
  });

  test('the session of another header or of the body is none', async () => {
    expect((await knock(visitorCaller, jsonCall({}, { origin: ORIGIN, cookie: `session=${good}` }))).code).toBe(
      'unauthorized',
    );
    expect((await knock(visitorCaller, jsonCall({ accessToken: good }, { origin: ORIGIN }))).code).toBe('unauthorized');
  });
});

describe('the page that asks', () => {
  const good = sessionToken({ sub: 'user-1' });

  test.for([
    'null',
    'https://shop.example.com.evil.example',
    'https://evil.example/https://shop.example.com',
    'https://shopXexample.com',
    'http://shop.example.com',
    'https://shop.example.com/',
    'https://shop.example.com:443',
    'https://shop.example.com:8443',
    'https://SHOP.example.com',
    'https://sub.shop.example.com',
    'https://shop.example.co',
    'shop.example.com',
    '//shop.example.com',
    'https://shop.example.com, https://evil.example',
    'https://shop.example.com https://evil.example',
    'https://user@shop.example.com',
    'https://shop.example.com#',
    'file://',
    '*',
    '',
  ])('may not have the origin %j', async (origin) => {
    const { code, reply } = await knock(visitorCaller, withSession(good, { origin }));
    expect([code, reply.status]).toEqual(['origin_not_allowed', 403]);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('must name its origin', async () => {
    const { code } = await knock(visitorCaller, withSession(good, { referer: `${ORIGIN}/page` }));
    expect(code).toBe('origin_not_allowed');
  });

  test('is asked for its session before its origin', async () => {
    expect((await knock(visitorCaller, jsonCall({}, { origin: 'https://evil.example' }))).code).toBe('unauthorized');
    expect((await knock(visitorCaller, jsonCall({}, { origin: ORIGIN }))).code).toBe('unauthorized');
  });

  test('may be one of several', async () => {
    const env = { ALLOWED_ORIGINS: 'https://a.example  http://localhost:5173' };
    for (const origin of ['https://a.example', 'http://localhost:5173'])
      expect((await knock(visitorCaller, withSession(good, { origin }), { env })).who.sub).toBe('user-1');
    expect((await knock(visitorCaller, withSession(good), { env })).code).toBe('origin_not_allowed');
  });

  test('none may ask while none is allowed', async () => {
    expect((await knock(visitorCaller, withSession(good), { env: { ALLOWED_ORIGINS: '' } })).code).toBe(
      'origin_not_allowed',
    );
  });

  test.for([
    '*',
    'null',
    'https://shop.example.com/',
    'https://Shop.example.com',
    'https://a.example:443',
    'a.example',
    'https://a.example https://b.example/x',
  ])('an origin that no browser sends is a fault of the setting: %s', async (ALLOWED_ORIGINS) => {
    const { code, lines } = await knock(visitorCaller, withSession(good), { env: { ALLOWED_ORIGINS } });
    expect(code).toBe('misconfigured');
    expect(lines[0]).toContain('ALLOWED_ORIGINS is malformed');
  });
});

describe('the secret of the sessions', () => {
  test('must have 32 bytes', async () => {
    for (const SESSION_SECRET of ['x'.repeat(31), '', undefined]) {
      const { code, lines } = await knock(visitorCaller, withSession('x'), { env: { SESSION_SECRET } });
      expect(code).toBe('misconfigured');
      expect(lines[0]).toContain('SESSION_SECRET');
      expect(lines[0]).not.toContain('xxx');
    }
    const env = { SESSION_SECRET: 'é'.repeat(16) };
    const jwt = sessionToken({ sub: 'user-1' }, env.SESSION_SECRET);
    expect((await knock(visitorCaller, withSession(jwt), { env })).who.sub).toBe('user-1');
  });

  test('may be rotated: sessions of the other one verify, and their visitors keep their name', async () => {
    const [old, fresh] = ['o'.repeat(32), 'f'.repeat(32)];
    const before = await knock(visitorCaller, withSession(sessionToken({ sub: 'user-1' }, old)), {
      env: { SESSION_SECRET: old },
    });
    const during = { env: { SESSION_SECRET: fresh, SESSION_SECRET_SECONDARY: old } };
    const ofOld = await knock(visitorCaller, withSession(sessionToken({ sub: 'user-1' }, old)), during);
    expect(ofOld.who).toEqual(before.who);
    expect((await knock(visitorCaller, withSession(sessionToken({ sub: 'user-1' }, fresh)), during)).who.sub).toBe(
      'user-1',
    );
    const after = { env: { SESSION_SECRET: fresh } };
    expect((await knock(visitorCaller, withSession(sessionToken({ sub: 'user-1' }, old)), after)).code).toBe(
      'unauthorized',
    );
  });
});

describe('a visitor or a bot', () => {
  const token = testSettings.BOT_ACCESS_TOKEN;

  test('a bot needs its token and no origin, a visitor both of theirs', async () => {
    expect((await knock(visitorOrBotCaller, jsonCall({}, { authorization: token }))).who).toEqual({
      kind: 'bot',
      by: 'token',
    });
    expect((await knock(visitorOrBotCaller, jsonCall({ accessToken: token }))).who).toEqual({
      kind: 'bot',
      by: 'token',
    });
    const jwt = sessionToken({ sub: 'user-1' });
    expect((await knock(visitorOrBotCaller, withSession(jwt))).who.sub).toBe('user-1');
    expect((await knock(visitorOrBotCaller, withSession(jwt, {}))).code).toBe('origin_not_allowed');
    expect((await knock(visitorOrBotCaller, jsonCall({}, { origin: ORIGIN }))).code).toBe('unauthorized');
    expect((await knock(visitorOrBotCaller, jsonCall({}, { authorization: `${token}x`, origin: ORIGIN }))).code).toBe(
      'unauthorized',
    );
  });

  test('Watson is a bot by its JWT, which no session is, whatever it is signed with', async () => {
    const secret = testSettings.SESSION_SECRET;
    const known = { env: { WATSON_WEBHOOK_SECRET: secret } };
    const watson = await knock(visitorOrBotCaller, jsonCall({}, { authorization: watsonJwt(secret) }), known);
    expect(watson.who).toEqual({ kind: 'bot', by: 'watson' });
    expect((await knock(visitorOrBotCaller, jsonCall({}, { authorization: watsonJwt(secret) }))).code).toBe(
      'unauthorized',
    );
    for (const aud of ['handover', ['shop', 'handover']]) {
      const jwt = sessionToken({ sub: 'user-1', aud });
      expect((await knock(visitorOrBotCaller, jsonCall({}, { authorization: jwt }), known)).code).toBe(
        'origin_not_allowed',
      );
    }
  });

  test('without a token set, nobody is a bot', async () => {
    const env = { BOT_ACCESS_TOKEN: '' };
    for (const authorization of ['', 'Bearer ', 'undefined', 'null'])
      expect((await knock(visitorOrBotCaller, jsonCall({ accessToken: '' }, { authorization }), { env })).code).toBe(
        'unauthorized',
      );
  });
});

describe('a stranger', () => {
  const welcome = { env: { ANONYMOUS_VISITORS: 'on' } };
  const comes = () => knock(visitorOrAnonymousCaller, jsonCall({}, { origin: ORIGIN }), welcome);

  test('is refused unless they are welcome', async () => {
    for (const env of [{}, { ANONYMOUS_VISITORS: 'off' }])
      expect((await knock(visitorOrAnonymousCaller, jsonCall({}, { origin: ORIGIN }), { env })).code).toBe(
        'unauthorized',
      );
    const { code } = await knock(visitorOrAnonymousCaller, jsonCall({}), { env: { ANONYMOUS_VISITORS: 'yes' } });
    expect(code).toBe('misconfigured');
  });

  test('must come from an allowed page too', async () => {
    expect((await knock(visitorOrAnonymousCaller, jsonCall({}), welcome)).code).toBe('origin_not_allowed');
    expect((await knock(visitorOrAnonymousCaller, jsonCall({}, { origin: 'null' }), welcome)).code).toBe(
      'origin_not_allowed',
    );
  });

  test('gets a session with which they are the same the next time', async () => {
    const first = await comes();
    expect(first.who.endsAtMs).toBe(NOW_MS + 24 * HOUR_SEC * 1_000);
    const again = await knock(visitorOrAnonymousCaller, withSession(first.who.newSession), welcome);
    expect(again.who).toEqual({ ...first.who, newSession: undefined });
  });

  test('is never somebody else, however many come at once', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, comes));
    expect(new Set(all.map(({ who }) => who.sub)).size).toBe(200);
    expect(new Set(all.map(({ who }) => who.pseudonym)).size).toBe(200);
  });

  test('opens nothing else with that session, and nothing at all when strangers are welcome no more', async () => {
    const { newSession } = (await comes()).who;
    expect((await knock(visitorCaller, withSession(newSession), welcome)).code).toBe('unauthorized');
    expect((await knock(visitorOrBotCaller, withSession(newSession), welcome)).code).toBe('unauthorized');
    expect((await knock(visitorOrAnonymousCaller, withSession(newSession))).code).toBe('unauthorized');
  });

  test('with a broken session is refused instead of taken for new', async () => {
    for (const authorization of ['', 'Bearer x', `Bearer ${sessionToken({ sub: 'user-1', exp: nowSec - 1 })}`])
      expect(
        (await knock(visitorOrAnonymousCaller, jsonCall({}, { origin: ORIGIN, authorization }), welcome)).code,
      ).toBe('unauthorized');
  });

  test('a visitor of the site is who the site says', async () => {
    const { who } = await knock(visitorOrAnonymousCaller, withSession(sessionToken({ sub: 'user-1' })), welcome);
    expect([who.sub, who.newSession]).toEqual(['user-1', undefined]);
  });
});
