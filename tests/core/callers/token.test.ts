import { expect, test } from 'vitest';
import { botCaller, deskCaller } from '../../../shared/core/callers/token.ts';
import { inboundOf, jsonCall, testSettings } from '../../support/calls.ts';
import { knock } from '../../support/who-calls.ts';

const token = testSettings.BOT_ACCESS_TOKEN;
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

test.for([
  ['as it is', { authorization: token }, {}],
  ['after Bearer', { authorization: `Bearer ${token}` }, {}],
  ['after bearer in small letters', { authorization: `bearer ${token}` }, {}],
  ['as the password of Basic', { authorization: basic('anybody', token) }, {}],
  ['in the body', {}, { accessToken: token }],
  ['in the body while the header is somebody else’s', { authorization: 'Bearer gateway' }, { accessToken: token }],
] as const)('a bot gets in by its token %s', async ([, headers, body]) => {
  expect((await knock(botCaller, jsonCall(body, headers))).who).toBe('bot');
});

test.for([
  ['nothing', {}, {}],
  ['an empty header', { authorization: '' }, {}],
  ['Bearer alone', { authorization: 'Bearer ' }, {}],
  ['a wrong token', { authorization: `${token}x` }, {}],
  ['a prefix of the token', { authorization: token.slice(0, -1) }, {}],
  ['the token in another case', { authorization: token.toUpperCase() }, {}],
  ['the token twice', { authorization: `${token}, ${token}` }, {}],
  ['the token as the user of Basic', { authorization: basic(token, '') }, {}],
  ['Basic without a colon', { authorization: `Basic ${Buffer.from(token).toString('base64')}` }, {}],
  ['Basic that is no base64', { authorization: 'Basic ***' }, {}],
  ['another header', { 'x-access-token': token }, {}],
  ['a list in the body', {}, { accessToken: [token] }],
  ['an object in the body', {}, { accessToken: { toString: token } }],
  ['true in the body', {}, { accessToken: true }],
  ['the key of the desk', { authorization: testSettings.DESK_API_KEY }, {}],
] as const)('%s lets no bot in', async ([, headers, body]) => {
  const { code, reply } = await knock(botCaller, jsonCall(body, headers));
  expect([code, reply.status]).toEqual(['unauthorized', 401]);
});

test('both tokens verify while they are rotated, then only the new one', async () => {
  const asks = (env: string, authorization: string) =>
    knock(deskCaller, jsonCall({}, { authorization }), { env: { DESK_API_KEY: env } });
  expect((await asks('new-key old-key', 'old-key')).who).toBe('desk');
  expect((await asks('new-key old-key', 'new-key')).who).toBe('desk');
  expect((await asks('new-key old-key', 'new-key old-key')).code).toBe('unauthorized');
  expect((await asks('new-key', 'old-key')).code).toBe('unauthorized');
});

test.for(['', '   ', undefined])('a function without its token does not start: %j', async (value) => {
  const { code, lines } = await knock(deskCaller, jsonCall({}, { authorization: '' }), {
    env: { DESK_API_KEY: value },
  });
  expect(code).toBe('misconfigured');
  expect(lines[0]).toContain('DESK_API_KEY');
});

test('a body that cannot be read is nobody’s', async () => {
  const broken = inboundOf(`{"accessToken":"${token}"`, { headers: { 'content-type': 'application/json' } });
  expect((await knock(botCaller, broken)).code).toBe('unauthorized');
});
