import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sessionToken, testSettings } from '../support/calls.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile({ CHAT_LIMITS: '{"perVisitor":2}' });

const ORIGIN = 'https://shop.example.com';
const nowSec = () => Math.floor(Date.now() / 1_000);
const sessionOf = (sub: string, claims = {}, secret?: string) =>
  sessionToken({ sub, iat: nowSec() - 60, exp: nowSec() + 7_200, ...claims }, secret);

/** An answer to the page: its status, headers and JSON. */
async function ask(body: object, session: string, init: RequestInit = {}) {
  const headers = { origin: ORIGIN, authorization: `Bearer ${session}`, 'content-type': 'application/json' };
  const answer = await stage.send('/flex-token', {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { ...headers, ...Object(init.headers) },
  });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

function claimsOf(token: string) {
  const [header = '', claims = '', signature] = token.split('.');
  const signed = createHmac('sha256', testSettings.TWILIO_API_SECRET).update(`${header}.${claims}`).digest('base64url');
  expect(signature).toBe(signed);
  return JSON.parse(Buffer.from(claims, 'base64url').toString());
}

/** What was asked of Twilio. */
const askedOfTwilio = async () =>
  (await stage.events()).filter(({ vendor, direction }) => vendor === 'twilio' && direction === 'out');

test('row 11: a chat is opened in Flex for the visitor, with a token for an hour at most', async () => {
  const { status, body } = await ask({ friendlyName: 'Jane Doe', topic: 'billing' }, sessionOf('user-1'));
  expect(status).toBe(200);
  const [request] = await askedOfTwilio();
  expect([request?.method, request?.url]).toEqual(['POST', 'https://flex-api.twilio.com/v2/WebChats']);
  const form = new URLSearchParams(String(request?.body));
  expect(form.get('Identity')).toBe(body.identity);
  expect(openApiFaults({ method: 'POST', host: 'flex-api.twilio.com', path: '/v2/WebChats', body: `${form}` })).toEqual(
    [],
  );
  const claims = claimsOf(body.token);
  expect(claims).toMatchObject({ iss: testSettings.TWILIO_API_KEY, sub: testSettings.TWILIO_ACCOUNT_SID });
  expect(claims.grants).toEqual({
    identity: body.identity,
    chat: { service_sid: 'IS00000000000000000000000000000001' },
  });
  expect(claims.exp - claims.iat).toBeLessThanOrEqual(3_600);
  expect(Date.parse(body.expiresAt)).toBe(claims.exp * 1_000);
  const other = await ask({}, sessionOf('user-2'));
  expect(other.body.identity).not.toBe(body.identity);
  expect(other.body.conversationSid).not.toBe(body.conversationSid);
});

test('row 12: a session that holds gets a new token for the same chat, any other gets none', async () => {
  const first = await ask({}, sessionOf('user-1'));
  const again = await ask({ action: 'refresh' }, sessionOf('user-1'));
  expect(again).toMatchObject({ status: 200, body: { identity: first.body.identity } });
  expect(again.body.conversationSid).toBe(first.body.conversationSid);
  expect(again.body.token).not.toBe(first.body.token);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'none', typ: 'JWT' })}.${sessionOf('user-1').split('.')[1]}.`;
  const refused = {
    'another secret': sessionOf('user-1', {}, 'another-secret-0123456789abcdef-0123456789'),
    'no signature': unsigned,
    'for somebody else': sessionOf('user-1', { aud: 'shop' }),
    expired: sessionOf('user-1', { exp: nowSec() - 1 }),
    'the token itself': first.body.token,
  };
  for (const [why, session] of Object.entries(refused))
    expect([why, (await ask({ action: 'refresh' }, session)).status]).toEqual([why, 401]);
  expect((await ask({ action: 'refresh' }, sessionOf('user-2'))).body.error.code).toBe('chat_not_open');
});

describe('row 13', () => {
  test('row 13: only a page of the list may ask, by POST', async () => {
    const session = sessionOf('user-1');
    const preflight = await stage.send('/flex-token', { method: 'OPTIONS', headers: { origin: ORIGIN } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
    const foreign = { headers: { origin: 'https://evil.example.net' } };
    expect((await stage.send('/flex-token', { method: 'OPTIONS', ...foreign })).status).toBe(403);
    const answer = await ask({}, session, foreign);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'origin_not_allowed' } } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await stage.send('/flex-token', { headers: { origin: ORIGIN } })).status).toBe(405);
    expect(await askedOfTwilio()).toEqual([]);
  });

  test('row 13: who begins one chat after the other is stopped, and told for how long', async () => {
    const session = sessionOf('user-1');
    for (const _ of [1, 2]) {
      expect((await ask({}, session)).status).toBe(200);
      expect((await ask({ action: 'end' }, session)).status).toBe(200);
    }
    const { status, headers, body } = await ask({}, session);
    expect([status, body.error.code]).toEqual([429, 'rate_limited']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask({}, sessionOf('user-2'))).status).toBe(200);
    expect((await askedOfTwilio()).filter(({ url }) => url.endsWith('/v2/WebChats')).length).toBe(3);
  });
});

describe('row 17', () => {
  const availability = async () => {
    const took = stopwatch();
    const { body } = await ask({ action: 'availability' }, sessionOf('user-1'));
    expect(took()).toBeLessThan(1_500);
    return body;
  };
  const later = (advanceMs: number) => stage.ask('POST', '/_stage/clock', { advanceMs });
  const online = (count: number) => stage.ask('POST', '/_stage/flex/agents', { online: count });
  const statisticsRead = async () => (await askedOfTwilio()).filter(({ url }) => url.endsWith('/RealTimeStatistics'));

  test('row 17: somebody in Flex is true, nobody is false, and one look serves for seconds', async () => {
    await later(60_000);
    await online(2);
    expect(await availability()).toEqual({ online: true });
    await online(0);
    expect(await availability()).toEqual({ online: true });
    await later(5_000);
    expect(await availability()).toEqual({ online: false });
    expect(await statisticsRead()).toMatchObject([{ method: 'GET', status: 200 }, { status: 200 }]);
  });

  const modes = ['500', '503', '429', 'hang', 'reset-after-send', 'truncated-201'];

  test.for(modes.map((mode, at) => [mode, at] as const))(
    'row 17: Flex that does not say is null, within a second: %s',
    async ([mode, at]) => {
      await later(120_000 + 10_000 * at);
      await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode });
      expect(await availability()).toEqual({ online: null });
    },
  );

  test('row 17: who waits is told the place in line, and how long the first in it has waited', async () => {
    await stage.ask('POST', '/_stage/call-in', { says: ['I want to talk to a person'] });
    await expect.poll(async () => (await stage.ask('GET', '/_stage/flex')).tasks).toHaveLength(1);
    await later(300_000);
    const { waitSeconds, ...others } = await availability();
    expect(others).toEqual({ online: true, positionInQueue: 2 });
    expect(waitSeconds).toBeGreaterThanOrEqual(300);
  });
});
