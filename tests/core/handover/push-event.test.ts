import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from '../../../shared/core/decode.ts';
import { pushEvent } from '../../../shared/core/handover/push-event.ts';
import { Problem } from '../../../shared/core/problems.ts';

const ids = { userId: 'user-1', botId: 'bot-1' };
const message = { eventType: 'message', ...ids, text: 'Hi', paused: true, minutesPaused: 5 };

function codeOf(body: unknown): string | undefined {
  try {
    decode(pushEvent, body);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

test('the shapes of Botcopy are understood', () => {
  expect(decode(pushEvent, { ...message, agentProfile: { name: 'Jane', avatarUrl: '' } })).toEqual({
    botId: 'bot-1',
    pushed: {
      conversationId: 'bot-1:user-1',
      bot: 'botcopy',
      does: { kind: 'says', text: 'Hi', minutes: 5 },
      agent: { name: 'Jane' },
      stamp: { handoverId: undefined, seq: undefined },
      eventId: undefined,
    },
  });
  const update = { eventType: 'channel_update', ...ids };
  expect(decode(pushEvent, { ...update, paused: true }).pushed.does).toEqual({ kind: 'takes', minutes: undefined });
  expect(decode(pushEvent, { ...update, paused: false, unpauseChatEvent: 'none' }).pushed.does).toEqual({
    kind: 'leaves',
    botEvent: 'none',
  });
  expect(decode(pushEvent, { eventType: 'user_typing', ...ids }).pushed.does).toEqual({
    kind: 'types',
    minutes: undefined,
  });
});

test('a conversation may stand for user and bot', () => {
  const { botId, pushed } = decode(pushEvent, {
    eventType: 'message',
    conversationId: 'c-1',
    text: 'Hi',
    handoverId: 'h-1',
    seq: 4,
    eventId: 'e-1',
  });
  expect(botId).toBeUndefined();
  expect(pushed).toMatchObject({
    conversationId: 'c-1',
    bot: 'plain',
    stamp: { handoverId: 'h-1', seq: 4 },
    eventId: 'e-1',
  });
});

test.for([
  [{ ...message, eventType: undefined }, 'invalid_event_type'],
  [{ ...message, eventType: '__proto__' }, 'invalid_event_type'],
  [{ ...message, eventType: ['message'] }, 'invalid_event_type'],
  [{ ...message, userId: undefined, botId: undefined }, 'invalid_user_id'],
  [{ ...message, userId: 'user-1#STATE' }, 'invalid_user_id'],
  [{ ...message, userId: { S: 'user-1' } }, 'invalid_user_id'],
  [{ ...message, userId: '' }, 'invalid_user_id'],
  [{ ...message, userId: 'u'.repeat(201) }, 'invalid_user_id'],
  [{ ...message, botId: undefined }, 'invalid_request'],
  [{ ...message, conversationId: 'c-1' }, 'invalid_request'],
  [{ ...message, minutesPaused: -1 }, 'invalid_minutes'],
  [{ ...message, minutesPaused: 1_441 }, 'invalid_minutes'],
  [{ ...message, minutesPaused: 1.5 }, 'invalid_minutes'],
  [{ ...message, minutesPaused: '5' }, 'invalid_minutes'],
  [{ ...message, minutesPaused: null }, 'invalid_minutes'],
  [{ ...message, paused: 'false' }, 'invalid_paused'],
  [{ ...message, paused: false }, 'invalid_paused'],
  [{ eventType: 'channel_update', ...ids }, 'invalid_paused'],
  [{ ...message, text: '' }, 'invalid_text'],
  [{ ...message, text: ' \n' }, 'invalid_text'],
  [{ ...message, text: undefined }, 'invalid_text'],
  [{ ...message, text: 5 }, 'invalid_text'],
  [{ ...message, text: 'ü'.repeat(16_385) }, 'too_large'],
  [{ ...message, agentProfile: { avatarUrl: 'http://cdn.example.com/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://127.0.0.1/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://[::ffff:127.0.0.1]/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://0x7f.1/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://user:pass@cdn.example.com/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'javascript:alert(1)' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: '//cdn.example.com/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: ' https://cdn.example.com/a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://cdn.example.com/a\r\nX-Evil: 1' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https:\\\\cdn.example.com\\a.png' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { avatarUrl: 'https://cdn.example.com/\u202egnp.exe' } }, 'invalid_avatar_url'],
  [{ ...message, agentProfile: { name: 'Jane', title: 'Dr' } }, 'unknown_field'],
  [{ eventType: 'channel_update', ...ids, paused: false, unpauseChatEvent: '../../evil?x=1' }, 'invalid_unpause_event'],
  [{ eventType: 'channel_update', ...ids, paused: false, unpauseChatEvent: '' }, 'invalid_unpause_event'],
  [{ ...message, seq: -1 }, 'invalid_request'],
  [{ ...message, seq: 2 ** 60 }, 'invalid_request'],
  [{ ...message, eventId: 'a b' }, 'invalid_request'],
  [{ ...message, more: 1 }, 'unknown_field'],
] as const)('%j is refused: %s', ([body, code]) => {
  expect(codeOf(JSON.parse(JSON.stringify(body)))).toBe(code);
});

test('the name of an agent loses what cannot be seen', () => {
  const named = (name: string) => decode(pushEvent, { ...message, agentProfile: { name } }).pushed.agent;
  expect(named('Jane\u202egnp.exe\u0007')).toEqual({ name: 'Janegnp.exe' });
  expect(named('\u202e\u0000')).toBeUndefined();
  expect(named('Zoë 😀')).toEqual({ name: 'Zoë 😀' });
});

test('whatever comes, the event is understood or refused by a problem of ours', () => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('message', 'channel_update', 'user_typing', 'user-1', true, 5),
  );
  const names = fc.constantFrom(
    'eventType',
    'userId',
    'botId',
    'conversationId',
    'text',
    'paused',
    'minutesPaused',
    'agentProfile',
    'seq',
  );
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(names, values)), (body) => void codeOf(body)));
});
