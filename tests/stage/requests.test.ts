import { createHash } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { testSettings, twilioCall } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const NOW_MS = 1_767_225_900_000;

const stage = stageOfFile({ PUBLIC_BASE_URL: 'https://handover.example.com' });

const askPaused = (conversation: object) =>
  stage.send('/pause-check', {
    method: 'POST',
    headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ queryInput: { text: { text: 'Hello?' } }, ...conversation }),
  });

async function paused(conversation: object): Promise<unknown> {
  const { paused: is } = (await (await askPaused(conversation)).json()) as { paused: unknown };
  return is;
}

describe('clock', () => {
  test('it is where it was put, and goes on from there', async () => {
    await stage.ask('POST', '/_stage/clock', { nowMs: NOW_MS });
    const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
    expect(nowMs - NOW_MS).toBeGreaterThanOrEqual(0);
    expect(nowMs - NOW_MS).toBeLessThan(5_000);
  });

  test('a pause ends when the clock is moved past it', async () => {
    const who = { userId: 'user-1', botId: 'bot-1' };
    await stage.ask('POST', '/_stage/state', { ...who, mode: 'human', pausedForMs: 600_000 });
    expect(await paused(who)).toBe(true);
    await stage.ask('POST', '/_stage/clock', { advanceMs: 20 * 60_000 });
    expect(await paused(who)).toBe(false);
  });

  test('a change without a number is refused', async () => {
    expect((await stage.send('/_stage/clock', { method: 'POST', body: '{"nowMs":"soon"}' })).status).toBe(400);
  });

  test('it cannot be put where no calendar reaches', async () => {
    expect((await stage.send('/_stage/clock', { method: 'POST', body: '{"advanceMs":1e999}' })).status).toBe(400);
    const { nowMs } = await stage.ask<{ nowMs: unknown }>('GET', '/_stage/clock');
    expect(nowMs).toBeTypeOf('number');
  });
});

describe('state', () => {
  test('a conversation can be put by its id, and its lines reach the desk', async () => {
    await stage.ask('POST', '/_stage/state', {
      conversationId: 'c-9',
      mode: 'human',
      pausedForMs: 60_000,
      handoverId: 'h-9',
    });
    await stage.send('/pause-check', {
      method: 'POST',
      headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ conversationId: 'c-9', text: 'Are you there?' }),
    });
    const [ticket] = await stage.ask<{ handoverId: string; lines: { text: string }[] }[]>('GET', '/_stage/desk');
    expect(ticket?.handoverId).toBe('h-9');
    expect(ticket?.lines.map(({ text }) => text)).toEqual(['Are you there?']);
  });

  test.for([
    ['a text for a time', { pausedUntilMs: 'abc' }],
    ['an attribute of another kind', { pausedUntilMs: { BOOL: true } }],
    ['a mode that there is not', { mode: 'angry' }],
    ['a missing id', { handoverId: null }],
  ] as const)('a broken value goes in as it is, and counts as no state: %s', async ([, broken]) => {
    const who = { userId: 'user-1', botId: 'bot-1' };
    await stage.ask('POST', '/_stage/state', { ...who, mode: 'human', pausedForMs: 600_000, ...broken });
    expect((await askPaused(who)).status).toBe(200);
    expect(await paused(who)).toBe(false);
  });

  test('a call that is over stays over', async () => {
    await stage.ask('POST', '/_stage/state', {
      callSid: 'CA00000000000000000000000000000001',
      status: 'completed',
      sequence: 3,
    });
    const fields = { CallSid: 'CA00000000000000000000000000000001', CallStatus: 'ringing', SequenceNumber: '4' };
    const { headers, body } = twilioCall('call-events', fields);
    const answer = await stage.send('/call-events', { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> });
    expect(answer.status).toBe(204);
  });

  test('putting a state is neither an event nor meets a fault', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: '500' });
    await stage.ask('POST', '/_stage/state', { conversationId: 'c-1', mode: 'human' });
    expect(await stage.events()).toEqual([]);
  });

  test('it says what it has put; a conversation without a name is the one of the Botcopy twin', async () => {
    expect(await stage.ask('POST', '/_stage/state', { pausedForMs: 60_000, epoch: 7, colour: 'blue' })).toMatchObject({
      ...{ conversationId: 'bot-1:user-1', mode: 'human', bot: 'botcopy', epoch: 7, colour: 'blue' },
      handoverId: expect.stringMatching(/^h[a-z2-7]{16}$/),
    });
  });

  test.for([
    [{ conversationId: 7 }],
    [{ conversationId: 'c', pausedForMs: 'long' }],
    [{ conversationId: 'c', lines: 'none' }],
  ])('where it goes must be right: %o', async ([state]) => {
    const answer = await stage.send('/_stage/state', { method: 'POST', body: JSON.stringify(state) });
    expect(answer.status).toBe(400);
  });
});

describe('sign', () => {
  test('a form that it signed is taken by the function', async () => {
    const params = {
      CallSid: 'CA00000000000000000000000000000001',
      AccountSid: testSettings.TWILIO_ACCOUNT_SID,
      Called: '+15005550006',
    };
    const { signature, url } = await stage.ask<{ signature: string; url: string }>('POST', '/_stage/sign', {
      url: '/receive-call',
      params,
    });
    expect(url).toBe('https://handover.example.com/receive-call');
    const answer = await stage.send('/receive-call', {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(params),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<Sip>');
  });

  test('a body is signed by its hash in the URL', async () => {
    const body = '{"EventType":"onMessageAdded"}';
    const { url } = await stage.ask<{ url: string }>('POST', '/_stage/sign', { url: 'https://a.example/b?c=d', body });
    expect(url).toBe(`https://a.example/b?c=d&bodySHA256=${createHash('sha256').update(body).digest('hex')}`);
  });

  test('a URL that names a hash already is signed as it is', async () => {
    const given = 'https://a.example/b?bodySHA256=0123';
    const plain = await stage.ask<{ signature: string }>('POST', '/_stage/sign', { url: given, params: {} });
    const { url, signature } = await stage.ask<{ url: string; signature: string }>('POST', '/_stage/sign', {
      url: given,
      body: '{}',
    });
    expect({ url, signature }).toEqual({ url: given, signature: plain.signature });
  });
});

describe('session', () => {
  test("a session is one of the functions' own, by their clock", async () => {
    await stage.ask('POST', '/_stage/clock', { nowMs: NOW_MS });
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'ada', role: 'agent' });
    const secret = new TextEncoder().encode(testSettings.SESSION_SECRET);
    const { payload } = await jwtVerify(token, secret, { audience: 'handover', currentDate: new Date(NOW_MS + 1_000) });
    expect(payload).toMatchObject({ sub: 'ada', role: 'agent', iat: NOW_MS / 1_000, exp: NOW_MS / 1_000 + 3_600 });
  });

  test('claims that are given are taken as they are', async () => {
    const claims = { sub: 'ada', exp: 1, aud: 'others' };
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', claims);
    expect(decodeJwt(token)).toMatchObject(claims);
  });
});

describe('events', () => {
  test('a request to a twin is noted with where it belongs, oldest first', async () => {
    await stage.send('/pause-check', {
      method: 'POST',
      headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ conversationId: 'c-1', handover: { topic: 'claims' } }),
    });
    const events = await stage.events();
    const [asked] = events.filter(({ vendor }) => vendor === 'desk');
    expect(asked).toMatchObject({ direction: 'out', method: 'POST', status: 200, conversationId: 'c-1' });
    expect(asked?.handoverId).toBe(JSON.parse(asked?.body ?? '').data.handoverId);
    expect(events.some(({ vendor }) => vendor === 'dynamodb')).toBe(true);
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  test('a push to Botcopy belongs to a handover too, though its body cannot say so', async () => {
    const who = { userId: 'user-1', botId: 'bot-1' };
    await stage.ask('POST', '/_stage/state', { ...who, mode: 'human', pausedForMs: 600_000, handoverId: 'h-1' });
    await stage.send('/handover-push', {
      method: 'POST',
      headers: { authorization: testSettings.DESK_API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ ...who, eventType: 'message', text: 'Hi' }),
    });
    const pushed = (await stage.events()).filter(({ vendor }) => vendor === 'botcopy');
    expect(pushed).toHaveLength(1);
    expect(pushed[0]).toMatchObject({
      direction: 'out',
      status: 200,
      handoverId: 'h-1',
      conversationId: 'bot-1:user-1',
    });
  });

  test('they are forgotten when asked', async () => {
    await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
    expect(await stage.events()).not.toEqual([]);
    await stage.ask('DELETE', '/_stage/events');
    expect(await stage.events()).toEqual([]);
  });
});

describe('reset', () => {
  test('table, twins, clock, faults and events are as at the start', async () => {
    await stage.ask('POST', '/_stage/clock', { nowMs: NOW_MS });
    await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: '500' });
    await stage.ask('POST', '/_stage/reset');
    expect(await stage.events()).toEqual([]);
    expect(await stage.ask('GET', '/_stage/desk')).toEqual([]);
    expect(await stage.ask('GET', '/_stage/botcopy')).toEqual([]);
    const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
    expect(Math.abs(nowMs - Date.now())).toBeLessThan(5_000);
    expect(await paused({ userId: 'user-1', botId: 'bot-1' })).toBe(false);
  });

  test('a call that is under way asks nobody any more', async () => {
    await stage.ask('POST', '/_stage/call-in', {});
    await stage.ask('POST', '/_stage/reset');
    await stage.ask('POST', '/_stage/reset');
    expect(await stage.events()).toEqual([]);
    expect(await stage.ask('GET', '/_stage/calls')).toEqual([]);
  });
});
