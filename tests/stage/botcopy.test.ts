import { describe, expect, test } from 'vitest';
import { stageClock } from '../../stage/clock.ts';
import { eventLog } from '../../stage/events.ts';
import { plannedFaults } from '../../stage/faults.ts';
import type { ChatLine } from '../../stage/twins/botcopy/chat.ts';
import { pushFault } from '../../stage/twins/botcopy/push.ts';
import { openBotcopyTwin } from '../../stage/twins/botcopy/twin.ts';
import { testSettings } from '../support/calls.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

interface Chat {
  readonly lines: readonly ChatLine[];
  readonly pausedUntilMs: number;
}

const say = (text: string, more = {}) =>
  stage.ask<{ answers: string }>('POST', '/_stage/botcopy/say', { text, ...more });
const chat = async () => (await stage.ask<Chat[]>('GET', '/_stage/botcopy'))[0];
const seen = async () => (await chat())?.lines.map(({ by, text }) => `${by}: ${text}`) ?? [];
const desk = (does: string, more = {}) => stage.ask<{ status: number }>('POST', `/_stage/desk/${does}`, more);
const webhooks = async () =>
  (await stage.events()).filter(({ vendor, direction }) => vendor === 'botcopy' && direction === 'in');

describe('the chat window', () => {
  test('the bot answers by itself and asks nobody', async () => {
    expect(await say('Hello')).toEqual({ answers: 'bot' });
    expect((await seen())[1]).toMatch(/^bot: Hello/);
    expect(await webhooks()).toEqual([]);
  });

  test.for([['today'], ['2021']] as const)(
    'asking for a person in the form of %s opens a ticket',
    async ([vintage]) => {
      await say('Where is my order?', { vintage });
      expect(await say('I want a person', { vintage })).toEqual({ answers: 'person' });
      const [asked] = await webhooks();
      const body = JSON.parse(asked?.body ?? '');
      expect(body.dialogflowResponse.queryResult.queryText).toBe('I want a person');
      expect(body.messageHistory?.length).toBe(vintage === 'today' ? 4 : undefined);
      expect(asked?.headers.authorization).toBe(vintage === 'today' ? body.accessToken : undefined);
      expect(await stage.ask('GET', '/_stage/desk')).toMatchObject([
        { userId: 'user-1', botId: 'bot-1', state: 'waiting' },
      ]);
    },
  );

  test('while a person has it, words and typing go to the desk and the bot is silent', async () => {
    await say('I want a person');
    const before = (await seen()).length;
    expect(await say('Are you there?')).toEqual({ answers: 'person' });
    await stage.ask('POST', '/_stage/botcopy/typing', {});
    expect((await seen()).slice(before)).toEqual(['customer: Are you there?']);
    const [ticket] = await stage.ask<{ customerTypes: boolean; lines: { text: string }[] }[]>('GET', '/_stage/desk');
    expect(ticket?.lines.at(-1)?.text).toBe('Are you there?');
    expect(ticket?.customerTypes).toBe(true);
  });

  test('what the agent does is seen by the customer', async () => {
    await say('I want a person');
    const before = (await seen()).length;
    for (const [does, more] of [['take'], ['typing'], ['say', { text: 'Hi, how can I help?' }], ['end']] as const) {
      expect((await desk(does, more)).status).toBe(200);
    }
    expect((await seen()).slice(before)).toEqual([
      'system: You are now chatting with an Agent.',
      'agent: Hi, how can I help?',
      'system: Ada has left the conversation. You are now chatting with the bot.',
    ]);
    expect(await say('Hello')).toEqual({ answers: 'bot' });
  });

  test('after an idle time the bot speaks again on both sides', async () => {
    await say('I want a person');
    await stage.ask('POST', '/_stage/clock', { advanceMs: 11 * 60_000 });
    expect(await say('Hello')).toEqual({ answers: 'bot' });
    expect(await webhooks()).toHaveLength(1);
  });

  test('a desk that does not take it leaves the bot in charge', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'desk', mode: '503' });
    expect(await say('I want a person')).toEqual({ answers: 'bot' });
    expect((await chat())?.pausedUntilMs).toBe(0);
  });

  test('a desk that hangs leaves the bot in charge in time', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'desk', mode: 'hang' });
    const took = stopwatch();
    expect(await say('I want a person')).toEqual({ answers: 'bot' });
    expect(took()).toBeLessThan(5_000);
  });

  test('it waits 5 s for an answer; one that is late or senseless does not count', async () => {
    const answers = [undefined, 'later', '{"paused":"yes"}', '{"paused":true}'];
    const waited: number[] = [];
    const twin = await openBotcopyTwin({
      ...{ clock: stageClock(), faults: plannedFaults(), log: eventLog(() => ({})), env: () => testSettings },
      async sendWebhook({ waitMs }) {
        waited.push(waitMs);
        const body = answers.shift();
        return body === undefined ? undefined : { status: 200, headers: {}, body };
      },
    });
    const answered = [];
    for (const vintage of ['today', '2021', 'today', 'today'] as const) {
      answered.push(await twin.say({ userId: 'u', botId: 'b', text: 'I want a person', vintage }));
    }
    await twin.listener.close();
    expect(answered).toEqual(['bot', 'bot', 'bot', 'person']);
    expect(new Set(waited)).toEqual(new Set([5_000]));
  });
});

describe('a push', () => {
  const key = 'botcopy-api-key-0123456789abcdef';
  const headers = { authorization: key, 'content-type': 'application/json' };
  const message = { eventType: 'message', userId: 'u', botId: 'b', text: 'Hi', paused: true, minutesPaused: 10 };
  const pause = { eventType: 'channel_update', userId: 'u', botId: 'b', paused: true, minutesPaused: 10 };
  const resume = { eventType: 'channel_update', userId: 'u', botId: 'b', paused: false };
  const fault = (body: object, more = {}) =>
    pushFault({ headers: { ...headers, ...more }, body: JSON.stringify(body) }, key)?.status;

  test.for([
    [message],
    [{ ...message, agentProfile: { name: 'Ada', avatarUrl: 'https://a.example/a.png' } }],
    [pause],
    [resume],
    [{ ...resume, unpauseChatEvent: 'none' }],
    [{ eventType: 'user_typing', userId: 'u', botId: 'b', paused: true, minutesPaused: 10 }],
  ])('is taken when it is as documented: %o', ([body = {}]) => {
    expect(fault(body)).toBeUndefined();
  });

  test.for([
    ['another key', message, { authorization: 'x' }, 401],
    ['a scheme before the key', message, { authorization: `Bearer ${key}` }, 401],
    ['another type', message, { 'content-type': 'text/plain' }, 400],
    ['a message that does not pause', { ...message, paused: false }, {}, 400],
    ['a message without minutes', { ...message, minutesPaused: undefined }, {}, 400],
    ['half a minute', { ...message, minutesPaused: 0.5 }, {}, 400],
    ['an empty text', { ...message, text: '' }, {}, 400],
    ['an empty picture', { ...message, agentProfile: { name: 'Ada', avatarUrl: '' } }, {}, 400],
    ['a field that Botcopy does not know', { ...message, handoverId: 'h1' }, {}, 400],
    ['a resume with minutes', { ...resume, minutesPaused: 10 }, {}, 400],
    ['an event that there is not', { ...message, eventType: 'agent_typing' }, {}, 400],
  ] as const)('is refused with %s', ([, body, more, status]) => {
    expect(fault(body, more)).toBe(status);
  });
});
