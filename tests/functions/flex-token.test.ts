import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import AccessToken from 'twilio/lib/jwt/AccessToken.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import flexToken from '../../functions/flex-token.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import type { Reply } from '../../shared/core/reply.ts';
import type { Table } from '../../shared/core/table.ts';
import { connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { read as readAnswer } from '../support/call-scene.ts';
import { inboundOf, jsonCall, sessionToken, testSettings } from '../support/calls.ts';
import { testClock } from '../support/clock.ts';
import { startDynalite } from '../support/dynalite.ts';
import { failingAt } from '../support/failing-table.ts';
import { fakeTwilio, type Treatment } from '../support/fake-twilio.ts';
import { memoryTable } from '../support/memory-table.ts';
import { patient } from '../support/patient-table.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { startFunction } from '../support/start-function.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';

const ORIGIN = 'https://shop.example.com';
const SERVICE = 'IS00000000000000000000000000000001';
const flexSettings = {
  FLEX_ADDRESS_SID: 'IG00000000000000000000000000000001',
  FLEX_CONVERSATIONS_SERVICE_SID: SERVICE,
};
const nowSec = testClock().nowMs() / 1_000;

interface Visit {
  readonly sub?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const visit = (body: unknown, { sub = 'user-1', claims = {}, from, headers = {} }: Visit = {}): Inbound => ({
  ...jsonCall(body, { origin: ORIGIN, authorization: `Bearer ${sessionToken({ sub, ...claims })}`, ...headers }),
  sourceAddress: from,
});

const stranger = (body: unknown, session?: string): Inbound =>
  jsonCall(body, { origin: ORIGIN, ...(session === undefined ? {} : { authorization: `Bearer ${session}` }) });

/** An answer, which nobody may store. */
function read(reply: Reply) {
  expect(reply.headers['cache-control']).toBe('no-store');
  return readAnswer(reply);
}

function claimsOf(token: string) {
  const [header = '', claims = '', signature] = token.split('.');
  const expected = createHmac('sha256', testSettings.TWILIO_API_SECRET)
    .update(`${header}.${claims}`)
    .digest('base64url');
  expect(signature).toBe(expected);
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: decoded(header), claims: decoded(claims) };
}

async function scene(env: Record<string, string | undefined> = {}, table: Table = memoryTable()) {
  const twilio = await fakeTwilio();
  const wall = testClock();
  const instance = (over: Table = table) =>
    startFunction(
      { ...flexToken, ports: { ...flexToken.ports, table: () => over } },
      { ...flexSettings, TWILIO_API_BASE_URL: twilio.url, ...env },
      { ...steadyClock, nowMs: wall.nowMs },
    );
  const { call, lines } = instance();
  return { twilio, wall, lines, instance, table, ask: async (inbound: Inbound) => read(await call(inbound)) };
}

describe('starting a chat', () => {
  test('opens one in Flex and gives a token for it', async () => {
    const { ask, twilio } = await scene();
    const answer = await ask(
      visit({ friendlyName: 'Jane Doe', topic: 'billing', language: 'de-AT', conversationId: 'c-1' }),
    );
    expect(answer).toEqual({
      http: 200,
      token: expect.any(String),
      identity: expect.stringMatching(/^visitor-[0-9a-f]{32}$/),
      conversationSid: 'CH00000000000000000000000000000001',
      expiresAt: '2026-01-01T01:05:00.000Z',
    });
    expect(twilio.requests).toHaveLength(1);
    const [request] = twilio.requests;
    expect([request?.method, request?.host, request?.path]).toEqual(['POST', 'flex-api.twilio.com', '/v2/WebChats']);
    const { PreEngagementData, ...form } = Object.fromEntries(new URLSearchParams(request?.body));
    expect(form).toEqual({
      AddressSid: flexSettings.FLEX_ADDRESS_SID,
      Identity: answer.identity,
      ChatFriendlyName: 'Jane Doe',
      CustomerFriendlyName: 'Jane Doe',
    });
    expect(JSON.parse(PreEngagementData ?? '')).toEqual({
      handoverId: expect.stringMatching(/^h[a-z2-7]{16}$/),
      conversationId: 'c-1',
      friendlyName: 'Jane Doe',
      topic: 'billing',
      language: 'de-AT',
    });
  });

  test('is about a conversation of the visitor only, where their session lists those', async () => {
    const { ask, twilio } = await scene();
    const claims = { conversations: ['c-1'] };
    expect(await ask(visit({ conversationId: 'c-2' }, { claims }))).toEqual({ http: 403, code: 'forbidden' });
    expect(twilio.requests).toEqual([]);
    expect((await ask(visit({ conversationId: 'c-1' }, { claims }))).http).toBe(200);
    expect((await ask(visit({}, { sub: 'user-2', claims }))).http).toBe(200);
    expect((await ask(visit({ conversationId: 'c-2' }, { sub: 'user-3' }))).http).toBe(200);
  });

  test('tells Flex no card number that the visitor or the assistant named', async () => {
    const { ask, twilio } = await scene({ REDACT: 'cards' });
    const card = '4111111111111111';
    const connect = { message_to_human_agent: card, transfer_info: { additional_data: { paid: card } } };
    await ask(visit({ friendlyName: `Jane ${card}`, topic: card, connect }));
    const form = new URLSearchParams(twilio.requests[0]?.body);
    expect(form.get('CustomerFriendlyName')).toBe('Jane •••• 1111');
    expect(JSON.parse(form.get('PreEngagementData') ?? '')).toMatchObject({
      ...{ topic: '•••• 1111', message: '•••• 1111', fields: { paid: '•••• 1111' } },
    });
  });

  test('sends Twilio only what its published API takes', async () => {
    const { ask, twilio } = await scene();
    await ask(visit({}));
    await ask(visit({ friendlyName: 'x'.repeat(5_000), connect: { message_to_human_agent: 'y' } }, { sub: 'user-2' }));
    expect(twilio.requests.map(openApiFaults)).toEqual([[], []]);
  });

  test('needs nothing of the body, but its media type', async () => {
    const { ask, twilio } = await scene();
    expect((await ask(visit({}))).http).toBe(200);
    const headers = { origin: ORIGIN, authorization: `Bearer ${sessionToken({ sub: 'user-1' })}` };
    for (const type of [{}, { 'content-type': 'text/plain' }])
      expect((await ask(inboundOf('{}', { headers: { ...headers, ...type } }))).code).toBe('unsupported_media_type');
    expect(twilio.requests).toHaveLength(1);
  });

  test('again gives another token for the same conversation', async () => {
    const { ask, twilio } = await scene();
    const first = await ask(visit({}));
    const again = await ask(visit({}, { headers: { 'idempotency-key': '22222222-2222-4222-8222-222222222222' } }));
    expect(again).toEqual({ ...first, token: expect.any(String) });
    expect(again.token).not.toBe(first.token);
    expect(twilio.requests).toHaveLength(1);
  });

  test('gives every visitor a conversation and a name of their own, which say nothing about them', async () => {
    const { ask } = await scene();
    const subs = ['jane@example.com', '+15005550001', 'user-1', 'user-2'];
    const answers = [];
    for (const sub of subs) answers.push(await ask(visit({}, { sub })));
    expect(new Set(answers.map(({ identity }) => identity)).size).toBe(4);
    expect(new Set(answers.map(({ conversationSid }) => conversationSid)).size).toBe(4);
    for (const { identity } of answers) for (const sub of subs) expect(identity).not.toContain(sub);
  });

  test('hands on what the assistant collected, and leaves out what is malformed', async () => {
    const { ask, twilio } = await scene();
    const connect = {
      response_type: 'connect_to_agent',
      topic: 'claims',
      message_to_human_agent: 'The customer had an accident.',
      agent_available: { message: 'x' },
      transfer_info: {
        session_history_key: 'dev::latest::893499::a::b::c::d',
        additional_data: { vin: 'WVW1', plate: 'B AB 1' },
        target: {},
      },
    };
    await ask(visit({ connect }));
    await ask(
      visit(
        { connect: { topic: 7, transfer_info: { session_history_key: 'a b', additional_data: [1] } } },
        { sub: 'user-2' },
      ),
    );
    const told = twilio.requests.map(({ body }) =>
      JSON.parse(new URLSearchParams(body).get('PreEngagementData') ?? ''),
    );
    expect(told[0]).toMatchObject({
      topic: 'claims',
      message: 'The customer had an accident.',
      sessionHistoryKey: 'dev::latest::893499::a::b::c::d',
      fields: { vin: 'WVW1', plate: 'B AB 1' },
    });
    expect(Object.keys(told[1]).sort()).toEqual(['conversationId', 'handoverId']);
  });

  test('leaves out the collected fields when they are too long, then the message', async () => {
    const { ask, twilio } = await scene();
    const additional_data = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`field-${at}`, 'x'.repeat(200)]));
    const told = async (sub: string, message: string) => {
      const connect = { topic: 'claims', message_to_human_agent: message, transfer_info: { additional_data } };
      await ask(visit({ connect }, { sub }));
      return Object.keys(JSON.parse(new URLSearchParams(twilio.requests.at(-1)?.body).get('PreEngagementData') ?? ''));
    };
    expect(await told('user-1', 'Help')).toEqual(['handoverId', 'conversationId', 'topic', 'message']);
    expect(await told('user-2', '😀'.repeat(800))).toEqual(['handoverId', 'conversationId', 'topic']);
  });

  test('never tells Flex more than it can hold', async () => {
    const { ask, twilio } = await scene({ CHAT_LIMITS: '{"perVisitor":1000}' });
    const text = fc.string({ unit: 'grapheme', maxLength: 1_500 });
    const connect = fc.record({
      topic: text,
      message_to_human_agent: text,
      transfer_info: fc.record({
        additional_data: fc.dictionary(fc.stringMatching(/^[a-z]{1,200}$/), text, { maxKeys: 30 }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(connect, text, text, async (item, friendlyName, topic) => {
        const { http } = await ask(visit({ connect: item, friendlyName, topic }));
        expect(http).toBe(200);
        await ask(visit({ action: 'end' }));
        const form = new URLSearchParams(twilio.requests.at(-1)?.body);
        const told = form.get('PreEngagementData') ?? '';
        expect(Buffer.byteLength(told)).toBeLessThanOrEqual(3_000);
        expect(JSON.parse(told)).toHaveProperty('handoverId');
        for (const name of ['ChatFriendlyName', 'CustomerFriendlyName'])
          expect(form.get(name)).toMatch(/^[^<>\p{Cc}]+$/u);
      }),
      { numRuns: 60 },
    );
  });

  test.for([
    ['<script>alert(1)</script>', 'scriptalert(1)/script'],
    ['Ja\u202Ene\u0000\n Doe\u200B', 'Jane Doe'],
    ['  ', undefined],
    ['Anaïs 😀', 'Anaïs 😀'],
    ['\u202E', undefined],
  ] as const)('a name is plain text: %j', async ([friendlyName, shown]) => {
    const { ask, twilio } = await scene();
    const answer = await ask(visit({ friendlyName }));
    expect(JSON.stringify(answer)).not.toContain('<script');
    const form = new URLSearchParams(twilio.requests[0]?.body);
    expect(form.get('CustomerFriendlyName')).toBe(shown ?? 'Customer');
    expect(form.get('ChatFriendlyName')).toBe(shown ?? 'Web chat');
  });
});

describe('the token', () => {
  test('is what Twilio’s package makes, but for its own number', async () => {
    const { ask } = await scene();
    const { token, identity } = await ask(visit({}));
    const { header, claims } = claimsOf(token);
    const { TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET } = testSettings;
    const theirs = new AccessToken(TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET, { identity, ttl: 3_600 });
    theirs.addGrant(new AccessToken.ChatGrant({ serviceSid: SERVICE }));
    const oracle = claimsOf(theirs.toJwt());
    expect(header).toEqual(oracle.header);
    const untimed = {
      ...oracle.claims,
      jti: expect.stringMatching(new RegExp(`^${TWILIO_API_KEY}-[0-9a-f-]{36}$`)),
      iat: nowSec,
      exp: nowSec + 3_600,
    };
    expect(claims).toEqual(untimed);
  });

  test('is short, narrow and ends with the session, however long the session is', async () => {
    const { ask } = await scene();
    const sec = fc.integer({ min: 1, max: 200_000 });
    const numbers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        sec,
        fc.integer({ min: 0, max: 86_399 }),
        fc.integer({ min: 1, max: 5 }),
        async (ends, age, user) => {
          const claims = { exp: nowSec + ends, iat: nowSec - age };
          const { token, identity, expiresAt } = await ask(visit({}, { sub: `user-${user}`, claims }));
          const minted = claimsOf(token).claims;
          expect(minted.exp - minted.iat).toBe(Math.min(3_600, ends, 86_400 - age));
          expect(minted.grants).toEqual({ identity, chat: { service_sid: SERVICE } });
          expect(Date.parse(expiresAt)).toBe(minted.exp * 1_000);
          numbers.add(minted.jti);
        },
      ),
      { numRuns: 500 },
    );
    expect(numbers.size).toBe(500);
  });

  test.for([
    { ttl: 31_536_000 },
    { identity: 'admin' },
    { grants: { voice: {}, video: {} } },
    { serviceSid: 'IS00000000000000000000000000000009' },
    { conversationSid: 'CH00000000000000000000000000000009' },
    { formData: { constructor: { prototype: { x: 1 } } } },
    { action: 'start', extra: 1 },
  ])('cannot be asked to be anything else: %j', async (body) => {
    const { ask, twilio } = await scene();
    expect(await ask(visit(body))).toMatchObject({ http: 400, code: 'unknown_field' });
    expect(twilio.requests).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.for([
    { action: 'mint' },
    { action: null },
    { topic: 7 },
    { language: 'de; DROP' },
    { conversationId: 'a b' },
    { connect: 'yes' },
    { friendlyName: ['x'] },
  ])('a malformed field begins nothing: %j', async (body) => {
    const { ask, twilio } = await scene();
    expect((await ask(visit(body))).http).toBe(400);
    expect(twilio.requests).toEqual([]);
  });

  test('stands in no log line, nor does whom it is for', async () => {
    const { ask, lines } = await scene();
    const { identity, conversationSid } = await ask(
      visit({ friendlyName: 'Jane', topic: 'billing', conversationId: 'conversation-1' }, { sub: 'jane' }),
    );
    await ask(visit({ action: 'refresh' }, { sub: 'jane' }));
    expect(lines).toHaveLength(2);
    for (const word of ['eyJ', 'jane', 'Jane', 'billing', 'conversation-1', identity, conversationSid])
      expect(lines.join()).not.toContain(word);
  });
});

describe('who may have one', () => {
  test('nobody by GET, without a session, from another page', async () => {
    const { ask, twilio } = await scene();
    expect(await ask({ ...visit({}), method: 'GET' })).toMatchObject({ http: 405 });
    expect(await ask(stranger({}))).toMatchObject({ http: 401, code: 'unauthorized' });
    expect(await ask(visit({}, { headers: { origin: 'null' } }))).toMatchObject({
      http: 403,
      code: 'origin_not_allowed',
    });
    expect(await ask(visit({}, { claims: { exp: nowSec } }))).toMatchObject({ http: 401, code: 'unauthorized' });
    expect(await ask(visit({}, { claims: { iat: 1e9, auth_time: 1e9 } }))).toMatchObject({
      http: 401,
      code: 'session_too_old',
    });
    expect(twilio.requests).toEqual([]);
  });

  test('a page may ask first', async () => {
    const { instance } = await scene();
    const preflight = inboundOf('', { method: 'OPTIONS', headers: { origin: ORIGIN } });
    expect(await instance().call(preflight)).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': ORIGIN, 'cache-control': 'no-store' },
    });
  });
});

describe('renewing the token', () => {
  test('gives the same visitor a later one while the chat is open', async () => {
    const { ask, wall, twilio } = await scene();
    const first = await ask(visit({}));
    wall.advance(50 * 60_000);
    const renewed = await ask(visit({ action: 'refresh' }));
    expect(renewed).toEqual({ ...first, token: expect.any(String), expiresAt: '2026-01-01T01:55:00.000Z' });
    expect(claimsOf(renewed.token).claims.exp).toBe(nowSec + 50 * 60 + 3_600);
    expect(twilio.requests).toHaveLength(1);
  });

  test('is refused where no chat is open: none begun, ended, or somebody else’s', async () => {
    const { ask, twilio } = await scene();
    const refused = { http: 409, code: 'chat_not_open' };
    expect(await ask(visit({ action: 'refresh' }))).toEqual(refused);
    await ask(visit({}));
    expect(await ask(visit({ action: 'refresh' }, { sub: 'user-2' }))).toEqual(refused);
    await ask(visit({ action: 'end' }));
    expect(await ask(visit({ action: 'refresh' }))).toEqual(refused);
    expect(twilio.requests).toHaveLength(1);
  });

  test('comes to an end when the session has lasted its longest', async () => {
    const { ask, wall } = await scene();
    const first = nowSec - 60;
    await ask(visit({}));
    // The site renews its own session for ever; the sign-in is what counts.
    let renewed = 0;
    for (;;) {
      wall.advance(55 * 60_000);
      const iat = wall.nowMs() / 1_000;
      const answer = await ask(visit({ action: 'refresh' }, { claims: { auth_time: first, iat, exp: iat + 3_600 } }));
      if (answer.http !== 200) {
        expect(answer).toEqual({ http: 401, code: 'session_too_old' });
        break;
      }
      expect(Date.parse(answer.expiresAt) / 1_000).toBeLessThanOrEqual(first + 86_400);
      renewed++;
    }
    expect(renewed).toBe(26);
  });
});

describe('ending', () => {
  test('closes the chat, as often as it is asked, and the next start begins another', async () => {
    const { ask, twilio } = await scene();
    const first = await ask(visit({}));
    for (const _ of [1, 2]) expect(await ask(visit({ action: 'end' }))).toEqual({ http: 200, ended: true });
    const second = await ask(visit({}));
    expect(second.conversationSid).not.toBe(first.conversationSid);
    expect(second.identity).toBe(first.identity);
    const handovers = twilio.requests.map(
      ({ body }) => JSON.parse(new URLSearchParams(body).get('PreEngagementData') ?? '').handoverId,
    );
    expect(new Set(handovers).size).toBe(2);
  });
});

test('whether somebody is there is not known until a desk can tell', async () => {
  const { ask, twilio } = await scene();
  expect(await ask(visit({ action: 'availability', topic: 'billing' }))).toEqual({ http: 200, online: null });
  expect(twilio.requests).toEqual([]);
});

describe('the same visitor many times at once', () => {
  test('gets one conversation, whichever instances are asked', async () => {
    const { twilio, instance } = await scene();
    const instances = Array.from({ length: 20 }, () => instance());
    const asks = Array.from({ length: 1_000 }, (_, at) => instances[at % 20]?.call(visit({ topic: `t${at % 20}` })));
    const answers = (await Promise.all(asks)).map((reply) => read(reply as Reply));
    expect(twilio.placed()).toBe(1);
    const opened = answers.filter(({ http }) => http === 200);
    expect(new Set(opened.map(({ conversationSid }) => conversationSid)).size).toBe(1);
    expect(answers.filter(({ http, code }) => http !== 200 && code !== 'in_progress')).toEqual([]);
    expect(opened.length).toBeGreaterThan(0);
  });
});

test('one conversation for one visitor, over the real table too', async () => {
  const engine = await startDynalite();
  onTestFinished(() => engine.stop());
  const access = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const connection = connect({
    region: 'us-east-1',
    endpoint: engine.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  onTestFinished(() => connection.client.destroy());
  await createTable(connection.client, testSettings.HANDOVER_TABLE);
  const twilio = await fakeTwilio();
  const env = {
    ...flexSettings,
    ...access,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    TWILIO_API_BASE_URL: twilio.url,
  };
  const clock = { ...steadyClock, nowMs: testClock().nowMs };
  const instances = Array.from({ length: 10 }, () => startFunction(patient(flexToken), env, clock));
  const answers = (await Promise.all(instances.map(({ call }) => call(visit({}))))).map(read);
  expect(twilio.placed()).toBe(1);
  expect(answers.map(({ http }) => http)).toEqual(answers.map(() => 200));
  expect(new Set(answers.map(({ conversationSid }) => conversationSid)).size).toBe(1);
  expect(
    (await Promise.all(instances.map(({ call }) => call(visit({ action: 'end' }))))).map(({ status }) => status),
  ).toEqual(answers.map(() => 200));
  expect(read((await instances[0]?.call(visit({ action: 'refresh' }))) as Reply).code).toBe('chat_not_open');
});

describe('when Twilio fails', () => {
  const unknown: readonly Treatment[] = [
    'placed, then reset',
    'placed, answer cut off',
    'placed, answer empty',
    'placed, answer html',
    'placed, then 500',
    'reset',
    '503',
  ];

  test.for(unknown)('a chat of which nobody knows is not begun twice while it may still be: %s', async (treatment) => {
    const { ask, twilio, wall } = await scene();
    twilio.next(treatment);
    expect(await ask(visit({}))).toEqual({ http: 503, code: 'chat_unavailable', retryAfter: 30 });
    wall.advance(29_999);
    expect((await ask(visit({ action: 'refresh' }))).code).toBe('chat_not_open');
    expect(twilio.requests).toHaveLength(1);
    wall.advance(1);
    expect((await ask(visit({}))).http).toBe(200);
    expect(twilio.requests).toHaveLength(2);
  });

  test('one that was surely not begun may be begun at once', async () => {
    const { ask, twilio } = await scene();
    twilio.next('refused');
    expect(await ask(visit({}))).toEqual({ http: 503, code: 'chat_unavailable', retryAfter: 60 });
    expect((await ask(visit({}))).http).toBe(200);
    expect(twilio.placed()).toBe(1);
  });

  test('a busy Twilio is asked again within the time', async () => {
    const { ask, twilio } = await scene();
    twilio.next({ busy: '0' }, { busy: undefined });
    expect((await ask(visit({}))).http).toBe(200);
    expect(twilio.placed()).toBe(1);
  });

  test('one that cannot be reached leaves nothing behind', async () => {
    const table = memoryTable();
    const away = await scene({ TWILIO_API_BASE_URL: 'http://127.0.0.1:9' }, table);
    expect(await away.ask(visit({}))).toEqual({ http: 503, code: 'chat_unavailable', retryAfter: 5 });
    const back = await scene({}, table);
    expect((await back.ask(visit({}))).http).toBe(200);
  });

  test('one that hangs is answered for in time, and nobody ends what may still begin', async () => {
    const { ask, twilio } = await scene();
    twilio.next('placed, then hangs');
    const took = stopwatch();
    const starting = ask(visit({}));
    while (twilio.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask(visit({ action: 'end' }))).toMatchObject({ http: 409, code: 'in_progress' });
    expect(await starting).toMatchObject({ http: 503, code: 'chat_unavailable' });
    expect(took()).toBeLessThan(8_000);
  });

  const sid = 'CH00000000000000000000000000000001';
  test.for<[string, (identity: string | null) => object]>([
    ['for somebody else', () => ({ conversation_sid: sid, identity: 'jane@example.com' })],
    ['without a name', () => ({ conversation_sid: sid })],
    ['of another kind', (identity) => ({ conversation_sid: sid.replace('CH', 'CA'), identity })],
    ['that is a path', (identity) => ({ conversation_sid: `${sid}/../x`, identity })],
  ])('a conversation %s is none', async ([, made]) => {
    const twilio = await startRecordingServer(({ body }) => [201, made(new URLSearchParams(body).get('Identity'))]);
    onTestFinished(() => twilio.close());
    const { ask } = await scene({ TWILIO_API_BASE_URL: twilio.url });
    expect(await ask(visit({}))).toMatchObject({ http: 503, code: 'chat_unavailable' });
    expect(twilio.requests).toHaveLength(1);
  });

  test('a redirect is not followed', async () => {
    const { ask, twilio } = await scene();
    twilio.next('redirected');
    expect((await ask(visit({}))).code).toBe('chat_unavailable');
    expect(twilio.requests).toHaveLength(1);
  });
});

describe('when the process dies', () => {
  test('at any use of the table, a later request still gets the visitor one chat, and at most one is left behind', async () => {
    const used: string[] = [];
    const counted = await scene();
    await counted.instance(failingAt(counted.table, Number.MAX_SAFE_INTEGER, 'before', used)).call(visit({}));
    for (const when of ['before', 'after'] as const)
      for (let at = 0; at < used.length; at++) {
        const { instance, table, twilio, wall } = await scene();
        const dying = read(await instance(failingAt(table, at, when)).call(visit({})));
        expect(dying.http).toBe(500);
        wall.advance(30_000);
        const later = instance();
        const answers = [read(await later.call(visit({}))), read(await later.call(visit({})))];
        expect(answers.map(({ http }) => http)).toEqual([200, 200]);
        expect(answers[0].conversationSid).toBe(answers[1].conversationSid);
        expect(twilio.placed()).toBeLessThanOrEqual(2);
      }
  });
});

describe('how many chats may be begun', () => {
  test('by one visitor: so many, then they wait as long as they are told', async () => {
    const { ask, wall, twilio } = await scene();
    const again = async () => {
      const answer = await ask(visit({}));
      await ask(visit({ action: 'end' }));
      return answer;
    };
    for (let count = 0; count < 5; count++) expect((await again()).http).toBe(200);
    wall.advance(60_000);
    expect(await again()).toEqual({ http: 429, code: 'rate_limited', retryAfter: 540 });
    expect((await ask(visit({}, { sub: 'user-2' }))).http).toBe(200);
    wall.advance(540_000);
    expect((await again()).http).toBe(200);
    expect(twilio.placed()).toBe(7);
  });

  test('coming back to an open one is free', async () => {
    const { ask } = await scene({ CHAT_LIMITS: '{"perVisitor":1}' });
    for (let count = 0; count < 20; count++) expect((await ask(visit({}))).http).toBe(200);
  });

  test('from one address, however many visitors it sends and whatever headers they write', async () => {
    const { ask } = await scene({ CHAT_LIMITS: '{"perSource":3}' });
    const come = (sub: string, from: string, headers = {}) => ask(visit({}, { sub, from, headers }));
    for (const sub of ['a', 'b', 'c']) expect((await come(sub, '192.0.2.1')).http).toBe(200);
    expect((await come('d', '192.0.2.1', { 'x-forwarded-for': '203.0.113.9' })).code).toBe('rate_limited');
    expect((await come('d', '192.0.2.2')).http).toBe(200);
    for (const at of [1, 2, 3]) expect((await come(`six-${at}`, `2001:db8:0:1::${at}`)).http).toBe(200);
    expect((await come('six-4', '2001:db8:0:1:ffff::4')).code).toBe('rate_limited');
    expect((await come('six-4', '2001:db8:0:2::4')).http).toBe(200);
  });

  test('in a day, where the platform tells no address', async () => {
    const { ask } = await scene({ CHAT_LIMITS: '{"perDay":2}' });
    for (const sub of ['a', 'b']) expect((await ask(visit({}, { sub }))).http).toBe(200);
    expect((await ask(visit({}, { sub: 'c' }))).code).toBe('rate_limited');
  });

  test.for(['{', '{"perVisitor":-1}', '{"perHour":1}', '"5"', '{"perDay":1.5}'])(
    'limits cannot be %s',
    async (CHAT_LIMITS) => {
      const { ask, lines } = await scene({ CHAT_LIMITS });
      expect((await ask(visit({}))).code).toBe('misconfigured');
      expect(lines[0]).toContain('CHAT_LIMITS');
    },
  );
});

describe('a stranger, where strangers are welcome', () => {
  const welcome = { ANONYMOUS_VISITORS: 'on' };

  test('gets a chat, and a session to come back to it', async () => {
    const { ask, twilio } = await scene(welcome);
    const first = await ask(stranger({}));
    expect(first).toMatchObject({
      http: 200,
      session: expect.any(String),
      identity: expect.stringMatching(/^visitor-[0-9a-f]{32}$/),
    });
    const again = await ask(stranger({ action: 'refresh' }, first.session));
    expect(again).toEqual({
      http: 200,
      token: expect.any(String),
      identity: first.identity,
      conversationSid: first.conversationSid,
      expiresAt: first.expiresAt,
    });
    expect(await ask(stranger({ action: 'end' }, first.session))).toEqual({ http: 200, ended: true });
    expect(twilio.placed()).toBe(1);
  });

  test('never gets that of another who asks at the same moment in the same words', async () => {
    const { instance } = await scene({ ...welcome, CHAT_LIMITS: '{"perSource":1000}' });
    const { call } = instance();
    const inbound = { ...stranger({}), sourceAddress: '192.0.2.1' };
    const answers = (await Promise.all(Array.from({ length: 50 }, () => call(inbound)))).map(read);
    for (const what of ['identity', 'conversationSid', 'token', 'session'] as const)
      expect(new Set(answers.map((answer) => answer[what])).size).toBe(50);
  });

  test('whose chat may have been begun keeps the session, so that coming back begins no second one', async () => {
    const { ask, twilio } = await scene(welcome);
    twilio.next('placed, then reset');
    const failed = await ask(stranger({}));
    expect(failed).toMatchObject({ http: 503, code: 'chat_unavailable', session: expect.any(String) });
    expect((await ask(stranger({ action: 'end' }, failed.session))).code).toBe('in_progress');
    expect(twilio.requests).toHaveLength(1);
  });

  test('is counted by address and day', async () => {
    const { ask } = await scene({ ...welcome, CHAT_LIMITS: '{"perSource":2}' });
    const from = (inbound: Inbound) => ({ ...inbound, sourceAddress: '192.0.2.1' });
    for (const _ of [1, 2]) expect((await ask(from(stranger({})))).http).toBe(200);
    expect((await ask(from(stranger({})))).code).toBe('rate_limited');
  });
});

describe('settings', () => {
  test('that are missing are named, all of them', async () => {
    const names = [
      'FLEX_ADDRESS_SID',
      'FLEX_CONVERSATIONS_SERVICE_SID',
      'TWILIO_API_KEY',
      'TWILIO_API_SECRET',
      'TWILIO_ACCOUNT_SID',
      'SESSION_SECRET',
      'HANDOVER_TABLE',
    ];
    const { ask, lines } = await scene(Object.fromEntries(names.map((name) => [name, undefined])));
    expect(await ask(visit({}))).toMatchObject({ http: 500, code: 'misconfigured' });
    for (const name of names) expect(lines[0]).toContain(name);
  });

  test('of public addresses are not among them', async () => {
    const { ask } = await scene({ PUBLIC_BASE_URL: undefined });
    expect((await ask(visit({}))).http).toBe(200);
  });
});
