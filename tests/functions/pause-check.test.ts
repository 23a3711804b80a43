import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import pauseCheck from '../../functions/pause-check.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import messageFixture from '../fixtures/botcopy/message.json' with { type: 'json' };
import startEs from '../fixtures/botcopy/start-es.json' with { type: 'json' };
import startFirstVintage from '../fixtures/botcopy/start-first-vintage.json' with { type: 'json' };
import userTyping from '../fixtures/botcopy/user-typing.json' with { type: 'json' };
import inSession from '../fixtures/watson/pre-message-in-session.json' with { type: 'json' };
import { inboundOf, testSettings } from '../support/calls.ts';
import { answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { patient } from '../support/patient-table.ts';
import { startStandIn } from '../support/stand-in.ts';
import { startFunction } from '../support/start-function.ts';
import { slowed } from '../support/steady-clock.ts';

const token = { authorization: testSettings.BOT_ACCESS_TOKEN };

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

/** The fixture as another customer would send it. */
const from = <T extends object>(request: T, userId: string): T & { userId: string } => ({ ...request, userId });

const typesAtDesk = () => chat.desk.bodies().map(({ type }) => type);

describe('Botcopy', () => {
  test.for([
    ['the first vintage', startFirstVintage.request],
    ['today', startEs.request],
  ] as const)('of %s is paused when the desk has taken the handover', async ([, request]) => {
    const userId = randomUUID();
    const { status, body } = await chat.ask(from(request, userId));
    expect([status, body]).toEqual([200, { paused: true, minutesPaused: 10 }]);
    expect(chat.desk.bodies()).toMatchObject([{ type: 'handover.requested', data: { userId, botId: 'bot-1' } }]);
    expect((await chat.ask(from(messageFixture.request, userId))).body).toEqual({ paused: true, minutesPaused: 10 });
    expect(typesAtDesk()).toEqual(['handover.requested', 'handover.message']);
  });

  test('hands on that the customer types, whether or not the body brings the token', async () => {
    const userId = randomUUID();
    await chat.ask(from(startEs.request, userId));
    const { status, body } = await chat.ask(from(userTyping.request, userId));
    expect([status, body]).toEqual([200, { paused: true, minutesPaused: 10 }]);
    expect(typesAtDesk()).toEqual(['handover.requested', 'handover.typing']);
  });

  test('is not paused while nobody was asked for', async () => {
    expect((await chat.ask(from(messageFixture.request, randomUUID()))).body).toEqual({ paused: false });
    expect(chat.desk.seen).toEqual([]);
  });

  test('is told that the chat is over when somebody ended it', async () => {
    const userId = randomUUID();
    await chat.ask(from(startEs.request, userId));
    await chat.push({ eventType: 'channel_update', userId, botId: 'bot-1', paused: false });
    expect((await chat.ask(from(messageFixture.request, userId))).body).toEqual({ paused: false, minutesPaused: 0 });
  });

  test('of another bot is refused', async () => {
    const { status, body } = await chat.ask({ ...from(startEs.request, randomUUID()), botId: 'bot-2' });
    expect([status, body]).toMatchObject([403, { paused: false, error: { code: 'bot_not_allowed' } }]);
    expect(chat.desk.seen).toEqual([]);
  });

  test('keeps its history and its words in the transcript', async () => {
    const userId = randomUUID();
    await chat.ask(from(startEs.request, userId));
    const lines = await chat.table.transcripts.lines(`bot-1:${userId}`, 10);
    expect(lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'customer: Where is my order?',
      'bot: It is on its way.\nAnything else?',
      'customer: I want to talk to somebody',
    ]);
  });
});

describe('the plain form', () => {
  test('from first word to end', async () => {
    const conversationId = randomUUID();
    expect((await chat.ask({ conversationId, text: 'Hello' })).body).toEqual({
      paused: false,
      minutesPaused: 0,
      untilMs: 0,
    });
    const taken = await chat.ask({ conversationId, text: 'A person', handover: { topic: 'billing' } });
    expect(taken.body).toEqual({ paused: true, minutesPaused: 10, untilMs: expect.any(Number) });
    expect((await chat.ask({ conversationId, text: 'Hello?' })).body).toMatchObject({ paused: true });
    expect((await chat.ask({ conversationId, end: true })).body).toMatchObject({ paused: false });
    expect((await chat.ask({ conversationId, text: 'Bot?' })).body).toMatchObject({ paused: false });
    expect(typesAtDesk()).toEqual(['handover.requested', 'handover.message', 'handover.ended']);
  });

  test('hears why nobody came', async () => {
    chat.desk.behave(400);
    const { body } = await chat.ask({ conversationId: randomUUID(), handover: {} });
    expect(body).toEqual({ paused: false, minutesPaused: 0, untilMs: 0, reason: 'desk_unavailable' });
  });
});

test.for([
  ['no token', {}, userTyping.request, 401, 'unauthorized'],
  ['a wrong token', { authorization: 'wrong' }, userTyping.request, 401, 'unauthorized'],
  ['no user', token, { ...messageFixture.request, userId: undefined }, 400, 'invalid_user_id'],
  ['an unknown name', token, { conversationId: 'c-1', more: 1 }, 400, 'unknown_field'],
  ['too much', token, { conversationId: 'c-1', text: 'x'.repeat(1_100_000) }, 413, 'too_large'],
] as const)('with %s no bot is paused', async ([, headers, request, status, code]) => {
  const reply = await answered(chat.pauseCheck, request, headers);
  expect([reply.status, reply.body]).toMatchObject([status, { paused: false, error: { code } }]);
});

test('another method and another body than JSON are refused, not paused', async () => {
  const get = await chat.pauseCheck.call(inboundOf('', { method: 'GET', headers: token }));
  expect([get.status, JSON.parse(get.body)]).toMatchObject([405, { paused: false }]);
  const list = await chat.pauseCheck.call(
    inboundOf('[]', { headers: { ...token, 'content-type': 'application/json' } }),
  );
  expect([list.status, JSON.parse(list.body)]).toMatchObject([400, { paused: false }]);
});

test('a name that stands twice is refused where it says who', async () => {
  const body = '{"userId":"user-1","userId":"user-2","botId":"bot-1","queryInput":{"text":{"text":"Hi"}}}';
  const reply = await chat.pauseCheck.call(
    inboundOf(body, { headers: { ...token, 'content-type': 'application/json' } }),
  );
  expect([reply.status, JSON.parse(reply.body)]).toMatchObject([
    400,
    { paused: false, error: { code: 'invalid_json' } },
  ]);
});

describe('a desk that fails', () => {
  test.for(['hang', 500, 429, 503, 'reset-after-send', 'truncated-201', 'success-false', 'html'] as const)(
    'with %s leaves the bot with the conversation, in time',
    async (manner) => {
      chat.desk.behave([manner]);
      const userId = randomUUID();
      const { status, body, ms } = await chat.ask(from(startEs.request, userId));
      expect([status, body]).toEqual([200, { paused: false }]);
      expect(ms).toBeLessThan(3_500);
      expect((await chat.table.states.read(`bot-1:${userId}`))?.mode).toBe('bot');
    },
  );

  test.for(['hang', 500, 429, 'reset-after-send', 'truncated-201', 'success-false'] as const)(
    'with %s during the pause gets the words later, once and in order',
    async (manner) => {
      const userId = randomUUID();
      await chat.ask(from(startEs.request, userId));
      chat.desk.behave([manner]);
      const first = await chat.ask(from(messageFixture.request, userId));
      expect(first.body).toMatchObject({ paused: true });
      expect(first.ms).toBeLessThan(3_500);
      // 429 asked for a second.
      const second = { ...messageFixture.request, queryInput: { text: { text: 'second' } } };
      while (chat.desk.bodies().every(({ data }) => (data as { line?: { text: string } }).line?.text !== 'second')) {
        expect((await chat.ask(from(second, userId))).body).toMatchObject({ paused: true });
      }
      const ids = chat.desk.seen.map(({ headers }) => headers['webhook-id']);
      const texts = new Map(
        chat.desk.bodies().map(({ data }, n) => [ids[n], (data as { line?: { text: string } }).line?.text]),
      );
      expect([...texts.values()].filter((text) => text !== undefined)).toEqual(['Are you there?', 'second']);
    },
  );
});

describe('a table that hangs', () => {
  async function withHangingTable(does: (ask: (body: unknown) => ReturnType<ChatFunctions['ask']>) => Promise<void>) {
    const hanging = await startStandIn();
    hanging.behave('hang');
    const instance = startFunction(pauseCheck, { ...chat.env, AWS_ENDPOINT_URL_DYNAMODB: new URL(hanging.url).origin });
    await does((body) => chat.ask(body, instance));
    await hanging.close();
  }

  test('lets the bot go on when a person is asked for', () =>
    withHangingTable(async (ask) => {
      const botcopy = await ask(from(startEs.request, randomUUID()));
      expect([botcopy.status, botcopy.body]).toEqual([200, { paused: false }]);
      const plain = await ask({ conversationId: randomUUID(), handover: {} });
      expect(plain.body).toMatchObject({ paused: false, reason: 'state_unavailable' });
      expect(Math.max(botcopy.ms, plain.ms)).toBeLessThan(3_500);
      expect(chat.desk.seen).toEqual([]);
    }));

  test("gives Botcopy's message to the desk, and one minute", () =>
    withHangingTable(async (ask) => {
      const { body, ms } = await ask(from(messageFixture.request, randomUUID()));
      expect(body).toEqual({ paused: true, minutesPaused: 1 });
      expect(ms).toBeLessThan(3_500);
      expect(chat.desk.bodies()).toMatchObject([
        { type: 'handover.message', data: { line: { text: 'Are you there?' } } },
      ]);
    }));

  test('lets a plain bot and Watson answer', () =>
    withHangingTable(async (ask) => {
      const plain = await ask({ conversationId: randomUUID(), text: 'Hello' });
      expect(plain.body).toMatchObject({ paused: false });
      const watson = await ask(inSession.request);
      expect([watson.status, watson.body]).toEqual([200, { payload: inSession.request.payload }]);
      expect(Math.max(plain.ms, watson.ms)).toBeLessThan(3_500);
    }));
});

test('row 17 outside the hours every platform learns it in its own form, and no desk is asked', async () => {
  const mondays = '{"timeZone":"Etc/UTC","weekly":{"mon":["00:00-00:01"]},"holidays":[]}';
  const instance = startFunction(
    pauseCheck,
    { ...chat.env, BUSINESS_HOURS: mondays },
    { ...systemClock, nowMs: () => Date.UTC(2026, 0, 1) },
  );
  const plain = await chat.ask({ conversationId: randomUUID(), handover: {} }, instance);
  const opensAt = '2026-01-05T00:00:00.000Z';
  expect(plain.body).toEqual({ paused: false, minutesPaused: 0, untilMs: 0, reason: 'outside_hours', opensAt });
  expect((await chat.ask(from(startEs.request, randomUUID()), instance)).body).toEqual({ paused: false });
  expect(chat.desk.seen).toEqual([]);
});

describe('many at once', () => {
  const instances = (count: number) =>
    Array.from({ length: count }, () => startFunction(patient(pauseCheck), chat.env));

  test('1,000 deliveries of one start over several instances open one handover', async () => {
    const request = from(startEs.request, randomUUID());
    const started = instances(8);
    const replies = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => chat.ask(request, started[n % started.length])),
    );
    expect(typesAtDesk().filter((type) => type === 'handover.requested')).toHaveLength(1);
    expect(new Set(replies.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(replies[0]?.body).toEqual({ paused: true, minutesPaused: 10 });
  });

  test('30 instances that are asked at once open one handover', async () => {
    const request = from(startEs.request, randomUUID());
    const replies = await Promise.all(instances(30).map((instance) => chat.ask(request, instance)));
    expect(typesAtDesk().filter((type) => type === 'handover.requested')).toHaveLength(1);
    expect(replies.every(({ status, ms }) => status === 200 && ms < 3_500)).toBe(true);
    expect(replies.filter(({ body }) => body.paused)).not.toEqual([]);
  });

  test('200 lines of one conversation are all kept and all reach the desk, each once', async () => {
    const conversationId = randomUUID();
    await chat.ask({ conversationId, handover: {} });
    const texts = Array.from({ length: 200 }, (_, n) => `line ${n}`);
    // Table, desk and all calls share one process, which does in three seconds what they would do in one.
    const instance = startFunction(patient(pauseCheck), chat.env, slowed(3));
    const replies = await Promise.all(texts.map((text) => chat.ask({ conversationId, text }, instance)));
    expect(replies.every(({ status, body, ms }) => status === 200 && body.paused && ms / 3 < 3_500)).toBe(true);
    const atDesk = chat.desk.bodies().flatMap(({ data }) => (data as { line?: { text: string } }).line?.text ?? []);
    const waiting = await chat.table.outbox.waiting(conversationId, 'desk');
    const onItsWay = waiting.map(({ payload }) => JSON.parse(payload).event.line.text);
    expect([...atDesk, ...onItsWay].sort()).toEqual([...texts].sort());
    // What is on its way may still have to be stored, by whoever delivers it.
    const stored = (await chat.table.transcripts.lines(conversationId, 1_000)).map(({ text }) => text);
    expect([...new Set([...stored, ...onItsWay])].sort()).toEqual([...texts].sort());
  });
});
