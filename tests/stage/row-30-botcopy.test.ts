import { describe, expect, test } from 'vitest';
import type { Chat } from '../../stage/twins/botcopy/chat.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();
const MINUTE_MS = 60_000;
const CONVERSATION = 'bot-1:user-1';

interface Ticket {
  readonly handoverId: string;
  readonly state: string;
  readonly topic?: string;
  readonly lines: readonly { readonly by: string; readonly text: string }[];
}

const say = async (text: string, more = {}) =>
  (await stage.ask<{ answers: string }>('POST', '/_stage/botcopy/say', { text, ...more })).answers;
const chat = async (): Promise<Chat> => {
  const [first] = await stage.ask<Chat[]>('GET', '/_stage/botcopy');
  if (!first) throw new Error('no chat');
  return first;
};
const tickets = () => stage.ask<Ticket[]>('GET', '/_stage/desk');
const desk = (does: string, more = {}) => stage.ask<{ status: number }>('POST', `/_stage/desk/${does}`, more);
const faults = (vendor: string, mode: unknown) => stage.ask('POST', '/_stage/faults', { vendor, mode });
const passes = (advanceMs: number) => stage.ask('POST', '/_stage/clock', { advanceMs });
const seenBy = async (by: string) => (await chat()).lines.filter((line) => line.by === by).map(({ text }) => text);
const pushes = async () =>
  (await stage.events())
    .filter(({ vendor, direction }) => vendor === 'botcopy' && direction === 'out')
    .map(({ headers, body, status }) => ({ headers, status, ...JSON.parse(body) }));

describe('row 30: a start', () => {
  test.for([
    ['ES', 'today'],
    ['ES', '2021'],
    ['CX', 'today'],
  ] as const)(
    'of %s in the form of %s is taken, with what was said where the form has it',
    async ([platform, vintage]) => {
      await say('Where is my order?', { platform, vintage });
      expect(await say('I want a person', { platform, vintage })).toBe('person');
      const [ticket] = await tickets();
      const before = ['customer: Where is my order?', 'bot: Order 4711 left our house this morning.'];
      const after = vintage === 'today' ? ['bot: I will get a person for you.'] : [];
      expect(ticket?.lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
        ...(vintage === 'today' ? before : []),
        'customer: I want a person',
        ...after,
      ]);
      expect((await chat()).pausedUntilMs).toBeGreaterThan(0);
    },
  );

  test('at a desk that is slow is refused in time, and leaves no ticket that waits', async () => {
    await faults('desk', 'hang');
    const took = stopwatch();
    expect(await say('I want a person')).toBe('bot');
    expect(took()).toBeLessThan(4_000);
    await faults('desk', 'ok');
    expect(await say('A person, please')).toBe('person');
    expect((await tickets()).filter(({ state }) => state !== 'ended')).toHaveLength(1);
  });
});

describe('row 31: a message', () => {
  test('of a session that has changed meanwhile is still of the same handover', async () => {
    await say('I want a person');
    expect(await say('Are you there?', { isSessionNew: true })).toBe('person');
    const [ticket, ...others] = await tickets();
    expect(others).toEqual([]);
    expect(ticket?.lines.at(-1)?.text).toBe('Are you there?');
  });

  test('pushes the pause on, on both sides', async () => {
    await say('I want a person');
    for (const text of ['one', 'two', 'three']) {
      await passes(9 * MINUTE_MS);
      expect(await say(text)).toBe('person');
    }
    expect((await tickets())[0]?.lines.map(({ text }) => text).slice(-3)).toEqual(['one', 'two', 'three']);
  });

  test('after the end is told that the chat is over, though the push of it never came', async () => {
    await say('I want a person');
    await faults('botcopy', '500');
    await desk('end');
    await faults('botcopy', 'ok');
    expect(await say('Hello?')).toBe('bot');
    expect((await seenBy('system')).at(-1)).toContain('has left');
  });
});

describe('row 31: a start whose answer came too late', () => {
  const startsLate = async () => {
    expect(await say('I want a person', { isAnswerLate: true })).toBe('bot');
    expect((await chat()).pausedUntilMs).toBe(0);
  };

  test('is repaired by the next start, at the same desk and under the same handover', async () => {
    await startsLate();
    expect(await say('A person, please')).toBe('person');
    const [ticket, ...others] = await tickets();
    expect(others).toEqual([]);
    expect(ticket?.lines.at(-1)?.text).toBe('A person, please');
    expect(await say('Are you there?')).toBe('person');
  });

  test('is repaired by the agent’s next word, which pauses the bot as well', async () => {
    await startsLate();
    expect(await say('Where is my order?')).toBe('bot');
    await desk('say', { text: 'Hello, this is Ada' });
    expect(await seenBy('agent')).toEqual(['Hello, this is Ada']);
    expect(await say('At last')).toBe('person');
  });

  test.for([['take'], ['typing']])('is repaired by an agent who does no more than %s', async ([does = '']) => {
    await startsLate();
    await desk(does);
    expect(await say('Hello')).toBe('person');
  });

  test('and that nobody repairs ends by itself on both sides', async () => {
    await startsLate();
    await passes(11 * MINUTE_MS);
    expect(await say('Another person, please')).toBe('person');
    // What the desk is still to hear goes with the next word.
    await say('Are you there?');
    const all = await tickets();
    expect(all.map(({ state }) => state).sort()).toEqual(['ended', 'waiting']);
  });

  test('a message whose answer came too late is answered by the bot, and the next one is the person’s again', async () => {
    await say('I want a person');
    expect(await say('Where is my order?', { isAnswerLate: true })).toBe('bot');
    expect((await tickets())[0]?.lines.at(-1)?.text).toBe('Where is my order?');
    await desk('say', { text: 'I am still here' });
    expect(await say('Good')).toBe('person');
  });
});

test('row 32: typing, whose body has no token, reaches the agent and is answered with 200', async () => {
  await say('I want a person');
  const answer = await stage.ask('POST', '/_stage/botcopy/typing', {});
  expect(answer).toEqual({ paused: true, minutesPaused: 10 });
  const typed = (await stage.events()).findLast(({ vendor, direction }) => vendor === 'botcopy' && direction === 'in');
  expect(typed?.body).not.toContain('accessToken');
  expect(typed?.status).toBe(200);
});

test('row 33: the history of a chat that had a person before says who said what', async () => {
  await say('I want a person');
  await desk('say', { text: 'Hello, this is Ada' });
  await say('Thank you');
  await desk('end');
  await say('A person again, please', { platform: 'CX' });
  const ticket = (await tickets()).find(({ state }) => state === 'waiting');
  const said = ticket?.lines.filter(({ by }) => by !== 'system').map(({ by, text }) => `${by}: ${text}`);
  expect(new Set(said)).toEqual(
    new Set([
      'customer: I want a person',
      'bot: I will get a person for you.',
      'agent: Hello, this is Ada',
      'customer: Thank you',
      'customer: A person again, please',
    ]),
  );
});

describe('row 34: what the agent does', () => {
  test('is pushed to the letter: words, taking it, typing, giving it back', async () => {
    await say('I want a person');
    await desk('take');
    await desk('typing');
    await desk('say', { text: 'Hello' });
    await desk('end');
    const ids = { userId: 'user-1', botId: 'bot-1', agentProfile: { name: 'Ada' } };
    const paused = { paused: true, minutesPaused: 10 };
    expect((await pushes()).map(({ headers, status, ...body }) => body)).toEqual([
      { eventType: 'channel_update', ...ids, ...paused },
      { eventType: 'user_typing', ...ids, ...paused },
      { eventType: 'message', ...ids, ...paused, text: 'Hello' },
      { eventType: 'channel_update', ...ids, paused: false, unpauseChatEvent: 'default' },
    ]);
    for (const { headers } of await pushes()) {
      expect(headers.authorization).toBe('botcopy-api-key-0123456789abcdef');
      expect(headers['content-type']).toBe('application/json');
    }
  });

  test('shows as typing without a gap while the desk repeats its signals, renewed at the latest after 9 s', async () => {
    await say('I want a person');
    await desk('take');
    for (let n = 0; n < 16; n += 1) {
      await desk('typing');
      await passes(2_000);
    }
    const { typingShown } = await chat();
    expect(typingShown).toHaveLength(1);
    const signs = (await pushes()).filter(({ eventType }) => eventType === 'user_typing');
    expect(signs.length).toBeLessThanOrEqual(9);
    const [shown] = typingShown;
    expect((shown?.untilMs ?? 0) - (shown?.fromMs ?? 0)).toBeGreaterThanOrEqual(15 * 2_000);
  });

  test.for([['500'], ['429'], ['reset-after-send'], ['truncated-201']] as const)(
    'while Botcopy answers %s comes later, in order, and each word at least once',
    async ([mode]) => {
      await say('I want a person');
      await faults('botcopy', [mode]);
      await desk('say', { text: 'one' });
      await passes(2_000);
      await desk('say', { text: 'two' });
      const words = await seenBy('agent');
      expect([...new Set(words)]).toEqual(['one', 'two']);
      expect(words.length).toBeLessThanOrEqual(3);
    },
  );
});

describe('row 36: the pause', () => {
  test.for([
    [-1_000, 'person'],
    [1_000, 'bot'],
  ] as const)('%d ms from its end a word is of the %s', async ([offsetMs, who]) => {
    await say('I want a person');
    await passes(10 * MINUTE_MS + offsetMs);
    expect(await say('Hello')).toBe(who);
  });

  test('is over here when Botcopy, whose minutes are whole, still waits: the bot has the word', async () => {
    await say('I want a person');
    await stage.ask('POST', '/_stage/state', {
      conversationId: CONVERSATION,
      bot: 'botcopy',
      mode: 'human',
      pausedForMs: 30_000,
      handoverId: (await tickets())[0]?.handoverId,
    });
    await passes(31_000);
    expect(await say('Hello')).toBe('bot');
  });

  test('is ended by the agent and by the customer’s bot', async () => {
    await say('I want a person');
    await desk('end');
    expect((await chat()).pausedUntilMs).toBe(0);
    expect(await say('Hello')).toBe('bot');
  });
});

test.for([
  ['ES', 'Billing', 'Billing'],
  ['CX', 'Returns', 'Returns'],
  ['CX', 'A department that nobody has heard of', 'A department that nobody has heard of'],
  ['ES', undefined, undefined],
] as const)('row 37: the department of %s %j is the topic at the desk', async ([platform, department, topic]) => {
  await say('I want a person', { platform, department });
  const [asked] = (await stage.events()).filter(({ vendor, direction }) => vendor === 'desk' && direction === 'out');
  expect(JSON.parse(asked?.body ?? '{}').data.topic).toBe(topic);
});
