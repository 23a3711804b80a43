import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../shared/bots/botcopy/history.ts';
import { botcopyCall, botcopyPlatform } from '../../shared/bots/botcopy/index.ts';
import { pushBody } from '../../shared/bots/botcopy/translate.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { decode } from '../../shared/core/decode.ts';
import type { ToBot } from '../../shared/core/handover/bot.ts';
import { Problem } from '../../shared/core/problems.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { botContract } from '../contracts/bot.ts';
import history from '../fixtures/botcopy/history.json' with { type: 'json' };
import message from '../fixtures/botcopy/message.json' with { type: 'json' };
import messageFirstVintage from '../fixtures/botcopy/message-first-vintage.json' with { type: 'json' };
import push from '../fixtures/botcopy/push.json' with { type: 'json' };
import startCx from '../fixtures/botcopy/start-cx.json' with { type: 'json' };
import startEs from '../fixtures/botcopy/start-es.json' with { type: 'json' };
import startFirstVintage from '../fixtures/botcopy/start-first-vintage.json' with { type: 'json' };
import userTyping from '../fixtures/botcopy/user-typing.json' with { type: 'json' };
import { startStandIn } from '../support/stand-in.ts';

const apiKey = 'botcopy-api-key-0123456789abcdef';
const nowMs = Date.UTC(2026, 0, 1);

const platformAt = (url: string) => botcopyPlatform({ url, apiKey, send: sendHttp });

botContract({ name: 'Botcopy', conversationId: 'bot-1:user-1', secrets: [apiKey], make: platformAt });

describe('a webhook', () => {
  test('row 30: of the first vintage asks for a person', () => {
    const call = decode(botcopyCall, startFirstVintage.request);
    expect(call).toMatchObject({ bot: 'botcopy', botId: 'bot-1', conversationId: 'bot-1:user-1', inDoubt: 'person' });
    expect(call.asked).toEqual({
      kind: 'person',
      text: 'handover',
      wish: {
        topic: undefined,
        reason: 'Wants a person',
        name: undefined,
        language: 'en',
        fields: {
          tz: 'Europe/Vienna',
          order: '4711',
          urgent: 'true',
          session: startFirstVintage.request.session,
        },
        lines: [],
      },
    });
  });

  test('row 30: of today for ES asks for a person, with department, page and history', () => {
    const { asked } = decode(botcopyCall, startEs.request);
    expect(asked).toMatchObject({
      kind: 'person',
      text: 'I want to talk to somebody',
      wish: { topic: 'Billing', language: 'de', fields: { currentUrl: 'https://shop.example.com/orders' } },
    });
    expect(asked.kind === 'person' && asked.wish.lines).toEqual([
      {
        by: 'customer',
        text: 'Where is my order?',
        atMs: Date.UTC(2025, 11, 31, 23, 50),
        id: '64b0000000000000000000a1',
      },
      {
        by: 'bot',
        text: 'It is on its way.\nAnything else?',
        atMs: Date.UTC(2025, 11, 31, 23, 50, 1),
        id: '64b0000000000000000000a2',
      },
    ]);
  });

  test('row 30: of today for CX asks for a person, with department and history', () => {
    const { asked } = decode(botcopyCall, startCx.request);
    expect(asked).toMatchObject({
      kind: 'person',
      text: 'agent please',
      wish: {
        topic: 'Returns',
        reason: 'human.wanted',
        language: 'en',
        fields: { bcTimeZone: 'Europe/Vienna', bcHumanHandover: 'true' },
      },
    });
    expect(asked.kind === 'person' && asked.wish.lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'customer: hello',
      'bot: Hello!',
    ]);
  });

  test.for([
    ['the first vintage', messageFirstVintage.request, 'help me please'],
    ['today', message.request, 'Are you there?'],
  ] as const)('row 31: of %s with a message is what the customer said', ([, request, text]) => {
    expect(decode(botcopyCall, request).asked).toEqual({ kind: 'said', text });
  });

  test('row 32: of typing names no token in its body', () => {
    expect(decode(botcopyCall, userTyping.request).asked).toEqual({ kind: 'typing' });
  });

  test('whose session changed is still the same conversation', () => {
    const other = { ...message.request, sessionId: 's-10', session: 'projects/x/agent/sessions/y' };
    expect(decode(botcopyCall, other).conversationId).toBe(decode(botcopyCall, message.request).conversationId);
  });

  test('without words, or without what they would stand in, says nothing', () => {
    for (const queryInput of [undefined, null, {}, { text: null }, { text: {} }, { event: { name: 'WELCOME' } }])
      expect(decode(botcopyCall, { ...message.request, queryInput }).asked).toEqual({ kind: 'said', text: '' });
  });

  test.for([
    [{ userId: undefined }, 'invalid_user_id'],
    [{ userId: 'user-1#EVT#1' }, 'invalid_user_id'],
    [{ userId: 5 }, 'invalid_user_id'],
    [{ botId: undefined }, 'invalid_request'],
    [{ queryInput: { text: { text: { $ne: '' } } } }, 'invalid_text'],
    [{ queryInput: { text: { text: 'x'.repeat(40_000) } } }, 'too_large'],
  ] as const)('with %j is refused: %s', ([change, code]) => {
    expect(() => decode(botcopyCall, { ...message.request, ...change })).toThrow(expect.objectContaining({ code }));
  });

  test.for([
    ['a parameter of CX', { queryResult: { parameters: { bcDepartment: 'Returns' } } }, {}, 'Returns'],
    ['a parameter of ES', { queryResult: { parameters: { 'bc-department': 'Returns' } } }, {}, 'Returns'],
    [
      'a context of ES',
      { queryResult: { outputContexts: [{ name: 'x', parameters: { 'bc-department': 'Returns' } }] } },
      {},
      'Returns',
    ],
    ['a session of CX', { queryResult: {} }, { parameters: { bcDepartment: ' Returns ' } }, 'Returns'],
    ['an answer as a list', [{ queryResult: { parameters: { bcDepartment: 'Returns' } } }], {}, 'Returns'],
    [
      'both, of which CX is the newer',
      { queryResult: { parameters: { bcDepartment: 'A', 'bc-department': 'B' } } },
      {},
      'A',
    ],
    ['none', { queryResult: {} }, {}, undefined],
    ['a blank one', { queryResult: { parameters: { bcDepartment: '' } } }, {}, undefined],
    ['what is no text', { queryResult: { parameters: { bcDepartment: ['Returns'] } } }, {}, undefined],
    [
      'one that is too long',
      { queryResult: { parameters: { bcDepartment: 'x'.repeat(900) } } },
      {},
      `${'x'.repeat(192)} …`,
    ],
  ] as const)('row 37: a department from %s is the topic', ([, dialogflowResponse, queryParams, topic]) => {
    const { asked } = decode(botcopyCall, { ...message.request, dialogflowResponse, queryParams });
    expect(asked.kind === 'person' && asked.wish.topic).toBe(topic);
  });

  test('names a language only by a tag that a language can have', () => {
    const languageOf = (languageCode: unknown) => {
      const { asked } = decode(botcopyCall, {
        ...message.request,
        dialogflowResponse: { queryResult: { languageCode } },
        queryInput: {},
      });
      return asked.kind === 'person' ? asked.wish.language : 'nobody was asked for';
    };
    expect(['de', 'pt-BR', 'zh-Hant-TW'].map(languageOf)).toEqual(['de', 'pt-BR', 'zh-Hant-TW']);
    for (const other of ['', 'german', 'de_AT', `de${'-abc'.repeat(100_000)}`, 5, null])
      expect(languageOf(other)).toBeUndefined();
  });

  test('of whatever shape is understood or refused by a problem of ours', () => {
    const ids = { userId: 'user-1', botId: 'bot-1' };
    const body = fc.record({
      queryInput: fc.jsonValue(),
      queryParams: fc.jsonValue(),
      dialogflowResponse: fc.jsonValue(),
      messageHistory: fc.jsonValue(),
    });
    fc.assert(
      fc.property(body, (given) => {
        try {
          decode(botcopyCall, { ...ids, ...given });
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
      }),
    );
  });

  test('with names of prototypes leaves them alone', () => {
    const parameters = JSON.parse('{"constructor":"x","toString":"y","__proto__":{"polluted":"z"}}');
    const request = { ...startFirstVintage.request, dialogflowResponse: { queryResult: { parameters } } };
    decode(botcopyCall, request);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('its answer', () => {
  const { answer } = decode(botcopyCall, message.request);
  test.for([
    [
      { paused: true, untilMs: nowMs + 600_000 },
      { paused: true, minutesPaused: 10 },
    ],
    [
      { paused: true, untilMs: nowMs + 1 },
      { paused: true, minutesPaused: 1 },
    ],
    [{ paused: false, ended: false }, { paused: false }],
    [{ paused: false, ended: false, reason: 'desk_unavailable' }, { paused: false }],
    [
      { paused: false, ended: true },
      { paused: false, minutesPaused: 0 },
    ],
  ] as const)('to %j is %j', ([standing, body]) => {
    const reply = answer(standing, nowMs, undefined);
    expect([reply.status, JSON.parse(reply.body)]).toEqual([200, body]);
  });
});

describe('row 33: a history', () => {
  test.for(history.items)('of $name', ({ item, lines }) => {
    expect(linesOf([item]).map(({ by, text }) => [by, text])).toEqual(lines);
  });

  test('keeps its order of arrival, and times that cannot be are none', () => {
    const items = ['2025-12-31T23:50:00.000Z', 'not-a-date', '+275760-09-13T00:00:00.000Z', -1].map((createdAt, n) => ({
      _id: String(n),
      payload: { query: `line ${n}` },
      createdAt,
    }));
    const lines = linesOf(items);
    expect(lines.map(({ text }) => text)).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
    expect([lines[1]?.atMs, lines[3]?.atMs]).toEqual([undefined, undefined]);
  });

  test.for([undefined, null, {}, 'x', 5, { length: 3 }])('that is %j has no lines', (given) => {
    expect(linesOf(given)).toEqual([]);
  });
});

describe('row 34: a push', () => {
  test.for(push.bodies)('of $event has the body that Botcopy documents', ({ event, body }) => {
    const whole = { agent: undefined, botEvent: undefined, ...event } as Parameters<typeof pushBody>[1];
    expect(pushBody({ userId: 'user-1', botId: 'bot-1' }, whole)).toEqual(body);
  });

  test('carries the key alone in Authorization', async () => {
    const standIn = await startStandIn();
    const deadline = startDeadline(systemClock, 4_000);
    const event: ToBot = { kind: 'typing', agent: undefined, minutesPaused: 1 };
    await platformAt(standIn.url).show(
      { conversationId: 'b+3A1:u:2', handoverId: 'h-1', ticket: '' },
      event,
      'a-1',
      deadline,
    );
    expect(standIn.seen[0]?.headers).toMatchObject(push.headers);
    expect(standIn.bodies()[0]).toMatchObject({ botId: 'b:1', userId: 'u:2' });
    deadline.close();
    await standIn.close();
  });

  test('of the end of a call cannot be: Botcopy has no such event', async () => {
    const deadline = startDeadline(systemClock, 4_000);
    const event: ToBot = { kind: 'call', requestId: 'raaaaaaaaaaaaaaaa', status: 'ended', reason: undefined };
    const showing = platformAt('http://127.0.0.1:1/').show(
      { conversationId: 'b:u', handoverId: 'h-1', ticket: '' },
      event,
      'a-1',
      deadline,
    );
    await expect(showing).rejects.toMatchObject({ kind: 'refused' });
    deadline.close();
  });

  test('to a conversation that names no bot and no user cannot be', async () => {
    const deadline = startDeadline(systemClock, 4_000);
    const event: ToBot = { kind: 'typing', agent: undefined, minutesPaused: 1 };
    const showing = platformAt('http://127.0.0.1:1/').show(
      { conversationId: 'session-1', handoverId: 'h-1', ticket: '' },
      event,
      'a-1',
      deadline,
    );
    await expect(showing).rejects.toMatchObject({ kind: 'refused' });
    deadline.close();
  });
});
