import { describe, expect, test } from 'vitest';
import type { StageEvent } from '../../stage/events.ts';
import type { TwinRequest } from '../../stage/twin.ts';
import type { ChatLine } from '../../stage/twins/botcopy/chat.ts';
import { cloudApi } from '../../stage/twins/genesys/cloud-api.ts';
import { cloudConversations } from '../../stage/twins/genesys/cloud-conversations.ts';
import { testClock } from '../support/clock.ts';
import { stageOfFile } from './stage-of-file.ts';

interface Conversation {
  readonly id: string;
  readonly fromId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly by: string; readonly text: string }[];
  readonly participants: readonly { readonly purpose: string; readonly state: string }[];
  readonly customerTypes: boolean;
}
interface Chat {
  readonly start: Readonly<Record<string, string>>;
  readonly messages: readonly { readonly value?: unknown }[];
  readonly isOver: boolean;
  readonly customerTypes: boolean;
}
interface Genesys {
  readonly conversations: readonly Conversation[];
  readonly chats: readonly Chat[];
}

function actors(stage: ReturnType<typeof stageOfFile>) {
  const say = async (text: string) =>
    (await stage.ask<{ answers: string }>('POST', '/_stage/botcopy/say', { text })).answers;
  const seen = async () => {
    const [chat] = await stage.ask<{ lines: readonly ChatLine[] }[]>('GET', '/_stage/botcopy');
    return (chat?.lines ?? []).map(({ by, text }) => `${by}: ${text}`);
  };
  const genesys = () => stage.ask<Genesys>('GET', '/_stage/genesys');
  const does = (what: string, more: object = {}) =>
    stage.ask<{ status: number }>('POST', `/_stage/genesys/${what}`, more);
  const requests = async (direction: StageEvent['direction']) =>
    (await stage.events()).filter((event) => event.vendor === 'genesys' && event.direction === direction);
  return { say, seen, genesys, does, requests };
}

describe('Genesys Cloud', () => {
  const stage = stageOfFile({ DESK: 'genesys' });
  const { say, seen, genesys, does, requests } = actors(stage);
  const messages = async () => (await genesys()).conversations[0]?.messages ?? [];

  test('row 35: a Botcopy chat goes to an agent of Genesys and back to the bot', async () => {
    await say('Where is my order?');
    expect(await say('I want a person')).toBe('person');
    const [conversation] = (await genesys()).conversations;
    expect(conversation?.attributes).toMatchObject({
      conversationId: conversation?.fromId,
      handoverId: expect.stringMatching(/^h/),
      handoverUrl: expect.stringContaining('/agent-view?handoverId='),
    });
    expect(conversation?.messages[0]?.text).toContain('customer: Where is my order?');

    expect((await does('typing', { agent: 'Ada' })).status).toBe(204);
    expect((await does('say', { agent: 'Ada', text: 'Hello, this is Ada' })).status).toBe(204);
    expect((await seen()).slice(-2)).toEqual([expect.stringContaining('system: '), 'agent: Hello, this is Ada']);
    expect(await say('My parcel is blue')).toBe('person');
    expect((await messages()).at(-1)).toMatchObject({ by: 'customer', text: 'My parcel is blue' });
    await stage.ask('POST', '/_stage/botcopy/typing', {});
    expect((await genesys()).conversations[0]?.customerTypes).toBe(true);

    expect((await does('end')).status).toBe(204);
    expect((await seen()).at(-1)).toMatch(/^system: .*left the conversation/);
    expect(await say('Thank you')).toBe('bot');
    expect((await messages()).map(({ text }) => text)).not.toContain('Thank you');
  });

  test('a transfer ends nothing: the next agent has it', async () => {
    await say('I want a person');
    await does('say', { agent: 'Ada', text: 'One moment' });
    expect((await does('leave')).status).toBe(204);
    await does('say', { agent: 'Bo', text: 'Hello, this is Bo' });
    expect((await seen()).at(-1)).toBe('agent: Hello, this is Bo');
    expect(await say('Hello Bo')).toBe('person');
  });

  test('an end that nobody tells is noticed by the next words, and no second conversation is left over', async () => {
    await say('I want a person');
    await does('end', { isTold: false });
    expect(await say('Anybody there?')).toBe('bot');
    const { conversations } = await genesys();
    expect(
      conversations.map(({ participants }) => participants.every(({ state }) => state === 'disconnected')),
    ).toEqual([true, true]);
    await say('I want a person again');
    expect((await genesys()).conversations).toHaveLength(3);
  });

  test('an end that nobody tells is found by the sweep, and the customer hears of it', async () => {
    await say('I want a person');
    await does('say', { agent: 'Ada', text: 'Hello' });
    await does('end', { isTold: false });
    await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
    expect((await seen()).at(-1)).toMatch(/^system: .*left the conversation/);
    expect(await say('Thank you')).toBe('bot');
  });

  test("the customer's end is the end at Genesys", async () => {
    const ask = (question: object) => stage.ask('POST', '/_stage/bot/ask', { conversationId: 'c-1', ...question });
    await ask({ handover: { topic: 'claims' } });
    await ask({ end: true });
    const [conversation] = (await genesys()).conversations;
    expect(conversation?.participants.map(({ state }) => state)).toEqual(['disconnected', 'disconnected']);
  });

  test('what the flow says in the queue is said by nobody', async () => {
    await say('I want a person');
    await does('say', { by: 'Bot', text: 'You are next in line' });
    expect((await seen()).at(-1)).toMatch(/You are next in line$/);
    expect(
      (await requests('out')).filter(({ method, url }) => method === 'GET' && url.includes('/conversations/')),
    ).toEqual([]);
  });

  test('where nobody is online the bot goes on', async () => {
    await does('agents', { online: 0 });
    expect(await say('I want a person')).toBe('bot');
    expect((await genesys()).conversations).toEqual([]);
  });

  test('a Genesys that is away leaves the customer with the bot', async () => {
    for (const mode of ['500', '503', 'reset-after-send']) {
      await stage.ask('POST', '/_stage/faults', { vendor: 'genesys', mode });
      expect(await say('I want a person')).toBe('bot');
    }
  });

  test('what Genesys calls a refusal stands in the log, for their support', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'genesys', mode: ['ok', 'ok', 'ok', '500'] });
    expect(await say('I want a person')).toBe('bot');
    const line = stage.lines.find((one) => one.includes('desk_unavailable')) ?? '';
    expect(JSON.parse(line).desk).toMatch(/^unknown, status 500, contextId [0-9a-f-]{36}$/);
  });

  test('every request says which handover it is of, and none shows a token or a secret', async () => {
    await say('I want a person');
    await does('say', { text: 'Hello' });
    const [conversation] = (await genesys()).conversations;
    const { handoverId } = conversation?.attributes ?? {};
    const all = [...(await requests('out')), ...(await requests('in'))];
    const about = all.filter(({ url }) => /inbound|desk-events/.test(url));
    expect(about.length).toBeGreaterThan(1);
    for (const event of about) expect(event).toMatchObject({ handoverId, conversationId: conversation?.fromId });
    for (const { headers } of await requests('out')) expect(JSON.stringify(headers)).not.toMatch(/Bearer|Basic/);
    expect(stage.lines.join('')).not.toContain('genesys-client-secret');
  });
});

describe('the twin of Genesys Cloud', () => {
  const env = { GENESYS_CLIENT_ID: 'client', GENESYS_CLIENT_SECRET: 'secret', GENESYS_INTEGRATION_ID: 'int-1' };
  const request = (method: string, path: string, headers: TwinRequest['headers'], body = ''): TwinRequest => {
    const query = new URLSearchParams('prefetchConversationId=true');
    return { method, path, query, headers, body };
  };
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = { authorization: `Basic ${Buffer.from('client:secret').toString('base64')}` };
  const body = {
    channel: { from: { id: 'x', idType: 'Opaque' }, time: '2026-01-01T00:00:00.000Z', messageId: 'm' },
    text: 'Hi',
  };

  function open() {
    const clock = testClock();
    const nowMs = () => clock.nowMs();
    const conversations = cloudConversations(nowMs);
    const { answer } = cloudApi({ conversations, env: () => env, nowMs, agentsOnline: () => 1 });
    const login = (headers: TwinRequest['headers'], sent = 'grant_type=client_credentials') =>
      answer(request('POST', '/oauth/token', { ...form, ...headers }, sent));
    const granted = login(basic)?.body as { access_token: string };
    const bearer = { ...json, authorization: `Bearer ${granted.access_token}` };
    const post = (sent: unknown, headers: TwinRequest['headers'] = bearer) =>
      answer(
        request('POST', '/api/v2/conversations/messages/int-1/inbound/open/message', headers, JSON.stringify(sent)),
      );
    return { clock, login, post };
  }

  test('gives tokens to whom it knows, and takes none that is over or foreign', () => {
    const { clock, login, post } = open();
    expect(login({ authorization: 'Basic x' })?.status).toBe(401);
    expect(login(basic, 'grant_type=password')?.status).toBe(400);
    expect(post(body)).toMatchObject({ status: 200, body: { conversationId: expect.any(String) } });
    expect(post(body, { ...json, authorization: 'Bearer none' })?.status).toBe(401);
    clock.advance(86_400_000);
    expect(post(body)?.status).toBe(401);
  });

  test('takes 300 requests in a minute, and more in the next', () => {
    const { clock, post } = open();
    const statuses = Array.from({ length: 301 }, () => post(body)?.status);
    expect([statuses[0], statuses[299], statuses[300]]).toEqual([200, 200, 429]);
    clock.advance(60_000);
    expect(post(body)?.status).toBe(200);
  });

  test.for([
    ['a field that Genesys does not have', { ...body, direction: 'Inbound' }],
    ['nested metadata', { ...body, metadata: { a: { b: 'c' } } }],
    ['an id of no kind', { ...body, channel: { ...body.channel, from: { id: 'x', idType: 'opaque' } } }],
    ['no time', { ...body, channel: { ...body.channel, time: 'now' } }],
    ['no text', { ...body, text: '' }],
  ] as const)('refuses %s', ([, sent]) => {
    expect(open().post(sent)).toMatchObject({ status: 400, body: { contextId: expect.any(String) } });
  });
});

describe('PureConnect', () => {
  const stage = stageOfFile({ DESK: 'genesys', GENESYS_ICWS_URL: 'twin' });
  const { say, seen, genesys, does, requests } = actors(stage);
  const words = async () => ((await genesys()).chats[0]?.messages ?? []).flatMap(({ value }) => value ?? []);

  test('row 38: a Botcopy chat goes into the web chat with its past, and its words and its end arrive there', async () => {
    await say('Where is my order?');
    expect(await say('I want a person')).toBe('person');
    const [chat] = (await genesys()).chats;
    expect(chat?.start).toMatchObject({ targetName: 'Support', targetType: 'Workgroup' });
    expect(chat?.start.notes).toContain('handoverId: h');
    expect((await words())[0]).toContain('customer: Where is my order?');
    expect(await say('My parcel is blue')).toBe('person');
    expect((await words()).at(-1)).toBe('My parcel is blue');
    await stage.ask('POST', '/_stage/botcopy/typing', {});
    expect((await genesys()).chats[0]?.customerTypes).toBe(true);
    expect(await seen()).toContain('customer: My parcel is blue');
  });

  test("the sweep brings an agent's words and the end, each once", async () => {
    const sweep = () => stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
    await say('I want a person');
    await does('say', { agent: 'Bo', text: 'Hello, this is Bo' });
    for (const _ of [1, 2]) await sweep();
    const words = (await seen()).filter((line) => line.startsWith('agent: '));
    expect(words).toEqual(['agent: Hello, this is Bo']);
    await does('end');
    await sweep();
    expect((await seen()).at(-1)).toMatch(/^system: .*left the conversation/);
    expect(await say('Thank you')).toBe('bot');
  });

  test('after a switch-over the participant reconnects and the words arrive once', async () => {
    await say('I want a person');
    await does('switch-over');
    await say('Still there?');
    expect((await words()).filter((word) => word === 'Still there?')).toHaveLength(1);
    const paths = (await requests('out')).map(({ url }) => new URL(url).pathname.split('/')[3]);
    expect(paths.slice(-3)).toEqual(['send-message', 'reconnect', 'send-message']);
  });

  test('a chat that is over takes no words: the bot has the customer again', async () => {
    await say('I want a person');
    await does('end');
    expect(await say('Anybody there?')).toBe('bot');
  });

  test("the customer's end is an exit", async () => {
    const ask = (question: object) => stage.ask('POST', '/_stage/bot/ask', { conversationId: 'c-1', ...question });
    await ask({ handover: {} });
    await ask({ end: true });
    expect((await genesys()).chats[0]?.isOver).toBe(true);
  });
});
