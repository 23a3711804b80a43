import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { plainCall, plainPlatform, plainSettings } from '../../shared/bots/plain/index.ts';
import { botEvent } from '../../shared/bots/plain/translate.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { decode } from '../../shared/core/decode.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { botContract, shownEvents } from '../contracts/bot.ts';
import { startStandIn } from '../support/stand-in.ts';

const secret = 'whsec_Ym90LXB1c2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=';
const nowMs = Date.UTC(2026, 0, 1);

const platformAt = (url: string) => plainPlatform({ url, secrets: [secret], send: sendHttp, clock: systemClock });

botContract({ name: 'plain', conversationId: 'session-1', secrets: [secret], make: platformAt });

describe('a question in the plain form', () => {
  test('may be no more than the conversation', () => {
    expect(decode(plainCall, { conversationId: 'c-1' })).toMatchObject({
      bot: 'plain',
      botId: undefined,
      conversationId: 'c-1',
      inDoubt: 'bot',
      asked: { kind: 'said', text: '' },
    });
  });

  test('asks for a person', () => {
    const handover = { topic: 'billing', fields: { plan: 'gold' }, lines: [{ by: 'bot', text: 'Hello' }] };
    expect(decode(plainCall, { conversationId: 'c-1', text: ' Help ', handover }).asked).toEqual({
      kind: 'person',
      text: 'Help',
      wish: {
        topic: 'billing',
        reason: undefined,
        name: undefined,
        language: undefined,
        fields: { plan: 'gold' },
        lines: handover.lines,
      },
    });
    expect(decode(plainCall, { conversationId: 'c-1', handover: {} }).asked).toMatchObject({ kind: 'person' });
  });

  test('ends the handover, perhaps with a last word', () => {
    expect(decode(plainCall, { conversationId: 'c-1', end: true, text: 'Bye' }).asked).toEqual({
      kind: 'end',
      text: 'Bye',
    });
  });

  test.for([
    [{}, 'invalid_conversation_id'],
    [{ conversationId: 'a b' }, 'invalid_conversation_id'],
    [{ conversationId: 'c-1', text: 5 }, 'invalid_text'],
    [{ conversationId: 'c-1', text: 'x'.repeat(40_000) }, 'too_large'],
    [{ conversationId: 'c-1', end: false }, 'invalid_request'],
    [{ conversationId: 'c-1', end: true, handover: {} }, 'invalid_request'],
    [{ conversationId: 'c-1', handover: true }, 'invalid_request'],
    [{ conversationId: 'c-1', handover: { queue: 'x' } }, 'unknown_field'],
    [{ conversationId: 'c-1', handover: { fields: { plan: 5 } } }, 'invalid_request'],
    [{ conversationId: 'c-1', handover: { lines: [{ by: 'robot', text: 'x' }] } }, 'invalid_request'],
    [
      { conversationId: 'c-1', handover: { lines: Array.from({ length: 1_001 }, () => ({ by: 'bot', text: 'x' })) } },
      'invalid_request',
    ],
    [{ conversationId: 'c-1', id: 'x' }, 'unknown_field'],
    [{ conversationId: 'c-1', userId: 'u' }, 'unknown_field'],
  ] as const)('%# is refused: %s', ([body, code]) => {
    expect(() => decode(plainCall, body)).toThrow(expect.objectContaining({ code }));
  });
});

test.for([
  [
    { paused: true, untilMs: nowMs + 90_000 },
    { paused: true, minutesPaused: 2, untilMs: nowMs + 90_000 },
  ],
  [
    { paused: false, ended: true },
    { paused: false, minutesPaused: 0, untilMs: 0 },
  ],
  [
    { paused: false, ended: false, reason: 'desk_unavailable' },
    { paused: false, minutesPaused: 0, untilMs: 0, reason: 'desk_unavailable' },
  ],
  [
    { paused: false, ended: false, reason: 'outside_hours', opensAt: '2026-01-02T09:00:00.000Z' },
    { paused: false, minutesPaused: 0, untilMs: 0, reason: 'outside_hours', opensAt: '2026-01-02T09:00:00.000Z' },
  ],
  [
    { paused: true, untilMs: nowMs + 60_000, positionInQueue: 3, waitSeconds: 90 },
    { paused: true, minutesPaused: 1, untilMs: nowMs + 60_000, positionInQueue: 3, waitSeconds: 90 },
  ],
] as const)('the answer to %j is %j', ([standing, body]) => {
  const { answer } = decode(plainCall, { conversationId: 'c-1' });
  expect(JSON.parse(answer(standing, nowMs, undefined).body)).toEqual(body);
});

describe('what the bot is sent', () => {
  test('says which handover, and nothing that is missing', () => {
    expect(
      shownEvents.map((event) => botEvent({ conversationId: 'c-1', handoverId: 'h-1', ticket: '' }, event)),
    ).toEqual([
      {
        type: 'handover.message',
        data: { handoverId: 'h-1', conversationId: 'c-1', agent: { name: 'Jane' }, text: 'Guten Tag' },
      },
      { type: 'handover.typing', data: { handoverId: 'h-1', conversationId: 'c-1' } },
      { type: 'handover.agent', data: { handoverId: 'h-1', conversationId: 'c-1', agent: { name: 'Jane' } } },
      {
        type: 'handover.ended',
        data: {
          handoverId: 'h-1',
          conversationId: 'c-1',
          agent: { name: 'Jane' },
          reason: 'agent',
          botEvent: 'SURVEY',
        },
      },
    ]);
  });

  test('says how a call ended', () => {
    const event = { kind: 'call', requestId: 'r-1', status: 'failed', reason: 'busy' } as const;
    const ids = { handoverId: 'h-1', conversationId: 'c-1', requestId: 'r-1' };
    expect(botEvent({ conversationId: 'c-1', handoverId: 'h-1', ticket: '' }, event)).toEqual({
      type: 'handover.call',
      data: { ...ids, status: 'failed', reason: 'busy' },
    });
    expect(
      botEvent(
        { conversationId: 'c-1', handoverId: 'h-1', ticket: '' },
        { ...event, status: 'ended', reason: undefined },
      ).data,
    ).toEqual({
      ...ids,
      status: 'ended',
    });
  });

  test('is signed', async () => {
    const standIn = await startStandIn();
    const deadline = startDeadline(systemClock, 4_000);
    await platformAt(standIn.url).show(
      { conversationId: 'c-1', handoverId: 'h-1', ticket: '' },
      { kind: 'typing', agent: undefined, minutesPaused: 1 },
      'a-1',
      deadline,
    );
    const [{ headers, body } = { headers: {}, body: '' }] = standIn.seen;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'handover.typing' });
    deadline.close();
    await standIn.close();
  });
});

test('an address without a secret is a fault; neither is none', () => {
  const faults: string[] = [];
  plainSettings.read({ BOT_PUSH_URL: 'https://bot.example.com/' }, faults);
  expect(faults).toEqual(['BOT_PUSH_SECRET is missing (signs what goes to BOT_PUSH_URL)']);
  expect(plainSettings.read({}, faults)).toEqual({ BOT_PUSH_URL: undefined, BOT_PUSH_SECRET: undefined });
  expect(faults).toHaveLength(1);
});
