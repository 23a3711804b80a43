import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { botOrWatsonCaller } from '../../../shared/core/callers/bot.ts';
import { jsonCall, testSettings } from '../../support/calls.ts';
import { knock, NOW_MS } from '../../support/who-calls.ts';

const secret = 'watson-secret';
const env = { WATSON_WEBHOOK_SECRET: secret };

/** Computed elsewhere: secret `watson-secret`, claims `{"iat":1795219200}`. */
const vector =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUyMTkyMDB9.r23yd37Z-tWOjsibKWkLzlRt0a3BIhKMtp7PYdBHd6c';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: unknown, alg = 'HS256', key = secret): string {
  const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg] ?? 'sha256';
  const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${alg === 'none' ? '' : createHmac(hash, key).update(signed).digest('base64url')}`;
}

const nowSec = NOW_MS / 1_000;
const inHeader = (authorization: string) => jsonCall({}, { authorization });

test.for([
  ['in Authorization', inHeader(vector)],
  ['after Bearer', inHeader(`Bearer ${vector}`)],
  ['in the header `authentication`', jsonCall({}, { authentication: vector })],
  [
    'in `authentication` beside an Authorization of the operator',
    jsonCall({}, { authorization: 'x', authentication: vector }),
  ],
  ['by HS384', inHeader(jwt({}, 'HS384'))],
  ['by HS512', inHeader(jwt({}, 'HS512'))],
  ['that has not expired', inHeader(jwt({ exp: nowSec + 60, nbf: nowSec - 60 }))],
] as const)('Watson gets in by its JWT %s', async ([, inbound]) => {
  expect((await knock(botOrWatsonCaller, inbound, { env })).who).toEqual({ kind: 'bot', by: 'watson' });
});

test.for([
  ['another secret', jwt({}, 'HS256', 'another')],
  ['no algorithm', jwt({}, 'none')],
  ['an algorithm that is not HMAC', jwt({}, 'RS256')],
  ['an expired one', jwt({ exp: nowSec - 120 })],
  ['one that is not good yet', jwt({ nbf: nowSec + 120 })],
  ['a time that is no number', jwt({ exp: 'tomorrow' })],
  ['claims that are no object', jwt('x')],
  ['the audience of our sessions', jwt({ aud: 'handover' })],
  ['our audience among others', jwt({ aud: ['watson', 'handover'] })],
  ['a changed payload', vector.replace('eyJpYXQiOjE3OTUyMTkyMDB9', part({ iat: 1 }))],
  ['a cut one', vector.slice(0, -2)],
  ['three dots', `${vector}.`],
  ['the secret itself', secret],
  ['nothing', ''],
] as const)('a JWT with %s is nobody’s', async ([, authorization]) => {
  expect((await knock(botOrWatsonCaller, inHeader(authorization), { env })).code).toBe('unauthorized');
});

test('without a secret no JWT verifies, not even one signed with nothing', async () => {
  for (const authorization of [vector, jwt({}, 'HS256', ''), jwt({}, 'none'), jwt({}, 'HS256', 'undefined')])
    expect((await knock(botOrWatsonCaller, inHeader(authorization))).code).toBe('unauthorized');
});

test('a bot gets in by its token, in the body and as a Basic password too', async () => {
  const token = testSettings.BOT_ACCESS_TOKEN;
  const basic = `Basic ${Buffer.from(`watson:${token}`).toString('base64')}`;
  for (const inbound of [inHeader(token), inHeader(basic), jsonCall({ accessToken: token })])
    expect((await knock(botOrWatsonCaller, inbound, { env })).who).toEqual({ kind: 'bot', by: 'token' });
});

test('whoever invokes a plain action has shown the platform’s key', async () => {
  const invoked = { ...jsonCall({}), body: undefined, fields: {}, trust: 'platform-key' } as const;
  expect((await knock(botOrWatsonCaller, invoked, { env })).who).toEqual({ kind: 'bot', by: 'platform-key' });
  for (const trust of ['none', 'twilio-gateway'] as const)
    expect((await knock(botOrWatsonCaller, { ...invoked, ...jsonCall({}), trust }, { env })).code).toBe('unauthorized');
});

test('one of the two secrets is enough to start, neither is not', async () => {
  const alone = { BOT_ACCESS_TOKEN: '', WATSON_WEBHOOK_SECRET: secret };
  expect((await knock(botOrWatsonCaller, inHeader(vector), { env: alone })).who).toEqual({ kind: 'bot', by: 'watson' });
  expect((await knock(botOrWatsonCaller, inHeader(''), { env: alone })).code).toBe('unauthorized');
  const neither = await knock(botOrWatsonCaller, inHeader(vector), { env: { BOT_ACCESS_TOKEN: undefined } });
  expect(neither.code).toBe('misconfigured');
  expect(neither.lines[0]).toContain('BOT_ACCESS_TOKEN');
});
