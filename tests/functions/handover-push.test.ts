import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import handoverPush from '../../functions/handover-push.ts';
import { jsonCall, testSettings } from '../support/calls.ts';
import { answered, botSecret, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { patient } from '../support/patient-table.ts';
import { startStandIn } from '../support/stand-in.ts';
import { startFunction } from '../support/start-function.ts';

const deskKey = { authorization: testSettings.DESK_API_KEY };

let chat: ChatFunctions;
beforeAll(async () => {
  chat = await startChatFunctions();
});
afterAll(() => chat.close());
beforeEach(() => {
  for (const standIn of [chat.desk, chat.botcopy, chat.bot]) {
    standIn.seen.length = 0;
    standIn.behave('ok');
  }
});

/** A customer of Botcopy whom a person has. */
async function botcopyCustomer(): Promise<{ readonly userId: string; readonly botId: string }> {
  const ids = { userId: randomUUID(), botId: 'bot-1' };
  await chat.push({ eventType: 'channel_update', ...ids, paused: true });
  chat.botcopy.seen.length = 0;
  return ids;
}

/** A conversation of a plain bot that a person has. */
async function plainConversation(): Promise<string> {
  const conversationId = randomUUID();
  await chat.ask({ conversationId, handover: {} });
  return conversationId;
}

const said = {
  eventType: 'message',
  text: 'Hi, how may I help?',
  minutesPaused: 5,
  agentProfile: { name: 'Jane', avatarUrl: '' },
};

describe('to a customer of Botcopy', () => {
  test('the agent takes over, speaks, types and leaves', async () => {
    const ids = { userId: randomUUID(), botId: 'bot-1' };
    const steps = [
      { eventType: 'channel_update', ...ids, paused: true, minutesPaused: 10, agentProfile: { name: 'Jane' } },
      { ...said, ...ids, paused: true },
      { eventType: 'user_typing', ...ids },
      { eventType: 'channel_update', ...ids, paused: false, unpauseChatEvent: 'SURVEY' },
    ];
    const replies = [];
    for (const step of steps) replies.push(await chat.push(step));
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [200, { delivered: true, untilMs: expect.any(Number) }],
      [200, { delivered: true, untilMs: expect.any(Number) }],
      [200, { delivered: true, untilMs: expect.any(Number) }],
      [200, { delivered: true }],
    ]);
    expect(chat.botcopy.bodies()).toEqual([
      { eventType: 'channel_update', ...ids, paused: true, minutesPaused: 10, agentProfile: { name: 'Jane' } },
      {
        eventType: 'message',
        ...ids,
        text: said.text,
        paused: true,
        minutesPaused: 10,
        agentProfile: { name: 'Jane' },
      },
      { eventType: 'user_typing', ...ids, paused: true, minutesPaused: 10 },
      { eventType: 'channel_update', ...ids, paused: false, unpauseChatEvent: 'SURVEY' },
    ]);
  });

  test('a bot that is not served is refused', async () => {
    const { status, body } = await chat.push({ ...said, userId: 'user-1', botId: 'bot-2' });
    expect([status, body]).toMatchObject([403, { error: { code: 'bot_not_allowed' } }]);
  });
});

describe('to a plain bot', () => {
  test('everything goes signed, and says which handover', async () => {
    const conversationId = await plainConversation();
    await chat.push({ ...said, conversationId });
    await chat.push({ eventType: 'user_typing', conversationId });
    await chat.push({ eventType: 'channel_update', conversationId, paused: false });
    const { handoverId } = (await chat.table.states.read(conversationId)) ?? {};
    const events = chat.bot.seen.map(({ headers, body }) => new Webhook(botSecret).verify(body, headers));
    expect(events).toMatchObject([
      { type: 'handover.message', data: { conversationId, handoverId, text: said.text, agent: { name: 'Jane' } } },
      { type: 'handover.typing', data: { conversationId, handoverId } },
      { type: 'handover.ended', data: { conversationId, handoverId } },
    ]);
  });

  test('without an address the agent is told that the customer cannot be reached', async () => {
    const conversationId = await plainConversation();
    const mute = startFunction(handoverPush, { ...chat.env, BOT_PUSH_URL: undefined, BOT_PUSH_SECRET: undefined });
    const { status, body } = await chat.push({ ...said, conversationId }, mute);
    expect([status, body]).toMatchObject([409, { error: { code: 'customer_unreachable' } }]);
    expect((await chat.push({ eventType: 'channel_update', conversationId, paused: false }, mute)).status).toBe(200);
    expect((await chat.ask({ conversationId })).body).toMatchObject({ paused: false });
  });
});

test('the key may stand in the header, with Bearer, or in the body', async () => {
  const event = { eventType: 'channel_update', conversationId: randomUUID(), paused: false };
  const key = testSettings.DESK_API_KEY;
  for (const [headers, more] of [
    [{ authorization: key }, {}],
    [{ authorization: `Bearer ${key}` }, {}],
    [{}, { accessToken: key }],
  ] as const)
    expect((await answered(chat.handoverPush, { ...event, ...more }, headers)).status).toBe(200);
  for (const headers of [{}, { authorization: 'desk' }, { authorization: `${key}x` }])
    expect(await answered(chat.handoverPush, event, headers)).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized' } },
    });
});

test.for([
  [{ eventType: 'message', text: 'Hi' }, 409, 'not_paused'],
  [{ eventType: 'user_typing' }, 409, 'not_paused'],
] as const)('%j on a conversation that the bot has is refused', async ([event, status, code]) => {
  const reply = await chat.push({ ...event, conversationId: randomUUID() });
  expect([reply.status, reply.body]).toMatchObject([status, { error: { code } }]);
  expect(chat.bot.seen).toEqual([]);
});

test('the return of an older handover does not end the current one', async () => {
  const conversationId = await plainConversation();
  const reply = await chat.push({
    eventType: 'channel_update',
    conversationId,
    paused: false,
    handoverId: 'old-epoch',
  });
  expect([reply.status, reply.body]).toEqual([200, { delivered: false }]);
  expect((await chat.ask({ conversationId })).body).toMatchObject({ paused: true });
});

test('a log line names no person, no conversation and no word of theirs', async () => {
  const conversationId = await plainConversation();
  const text = 'ok\r\n{"level":"info","msg":"admin login ok"}\u001b[2J';
  await chat.push({ ...said, conversationId, text });
  const line = chat.handoverPush.lines.at(-1) ?? '';
  expect(JSON.parse(line)).toMatchObject({ function: 'handover-push', agent: 'says', delivered: true });
  for (const secret of [conversationId, 'admin', 'Jane', testSettings.DESK_API_KEY]) expect(line).not.toContain(secret);
});

describe('a platform that fails', () => {
  test.for(['hang', 500, 429, 'reset-after-send', 'truncated-201', 'success-false', 'html'] as const)(
    'with %s: the agent is told in time, and the next event brings the words, in order',
    async (manner) => {
      const ids = await botcopyCustomer();
      chat.botcopy.behave([manner]);
      const first = await chat.push({ ...said, ...ids, text: 'one', eventId: 'e-1' });
      expect(first.body).toMatchObject({ delivered: false });
      expect(first.ms).toBeLessThan(4_000);
      let second = await chat.push({ ...said, ...ids, text: 'two', eventId: 'e-2' });
      // 429 asked for a second.
      while (!second.body.delivered) second = await chat.push({ ...said, ...ids, text: 'two', eventId: 'e-2' });
      const shown = new Map(
        chat.botcopy.seen.map(({ headers, body }) => [headers['idempotency-key'], JSON.parse(body).text]),
      );
      expect([...shown.values()]).toEqual(['one', 'two']);
    },
  );
});

test('with a table that hangs the desk is told to try again, in time', async () => {
  const hanging = await startStandIn();
  hanging.behave('hang');
  const instance = startFunction(handoverPush, { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(hanging.url).origin });
  const { status, body, ms } = await chat.push({ ...said, conversationId: 'c-1' }, instance);
  expect([status, body]).toMatchObject([503, { error: { code: 'state_unavailable' } }]);
  expect(ms).toBeLessThan(4_000);
  await hanging.close();
});

describe('many at once', () => {
  test('1,000 deliveries of one event over several instances show it once, and all get its answer', async () => {
    const conversationId = await plainConversation();
    const instances = Array.from({ length: 8 }, () => startFunction(patient(handoverPush), chat.env));
    const event = { ...said, conversationId, eventId: 'e-1' };
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => chat.push(event, instances[n % instances.length])),
    );
    expect(chat.bot.seen).toHaveLength(1);
    const answers = new Set(replies.map(({ status, body }) => JSON.stringify([status, body])));
    expect(answers.size).toBe(1);
    expect(replies[0]).toMatchObject({ status: 200, body: { delivered: true } });
  });

  test('20 instances that get one event at once show it once; who is too late hears that it is in progress', async () => {
    const conversationId = await plainConversation();
    chat.bot.behave('ok');
    const instances = Array.from({ length: 20 }, () => startFunction(patient(handoverPush), chat.env));
    const event = { ...said, conversationId, eventId: 'e-2' };
    const replies = await Promise.all(instances.map((instance) => chat.push(event, instance)));
    expect(chat.bot.seen).toHaveLength(1);
    const codes = replies.map(({ status, body }) => (status === 200 ? 'delivered' : Object(body.error).code));
    expect(
      codes.filter((code) => code !== 'delivered' && code !== 'in_progress' && code !== 'state_unavailable'),
    ).toEqual([]);
    expect(codes).toContain('delivered');
  });

  test('what one agent says in turn is shown in that order', async () => {
    const conversationId = await plainConversation();
    const texts = Array.from({ length: 15 }, (_, n) => `part ${n}`);
    for (const text of texts) await chat.push({ ...said, conversationId, text });
    expect(chat.bot.bodies().map(({ data }) => Object(data).text)).toEqual(texts);
  });
});

test('a name that stands twice is refused', async () => {
  const body = '{"eventType":"message","conversationId":"c-1","conversationId":"c-2","text":"Hi"}';
  const call = { ...jsonCall({}, deskKey), body: new TextEncoder().encode(body) };
  const reply = await chat.handoverPush.call(call);
  expect([reply.status, JSON.parse(reply.body)]).toMatchObject([400, { error: { code: 'invalid_json' } }]);
});
