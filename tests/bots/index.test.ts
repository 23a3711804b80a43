import { expect, test } from 'vitest';
import { botCall, botSettings, openBots } from '../../shared/bots/index.ts';
import { decode } from '../../shared/core/decode.ts';
import message from '../fixtures/botcopy/message.json' with { type: 'json' };
import userTyping from '../fixtures/botcopy/user-typing.json' with { type: 'json' };
import preMessage from '../fixtures/watson/pre-message.json' with { type: 'json' };
import { testClock } from '../support/clock.ts';

const secret = 'whsec_Ym90LXB1c2gtc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=';

test('who asks is told by the shape of the question', () => {
  expect(decode(botCall, message.request).bot).toBe('botcopy');
  expect(decode(botCall, userTyping.request).bot).toBe('botcopy');
  expect(decode(botCall, preMessage.request).bot).toBe('watson');
  expect(decode(botCall, { conversationId: 'c-1' }).bot).toBe('plain');
});

test.for([
  [{}, 'invalid_conversation_id'],
  [{ botId: 'bot-1', queryInput: {} }, 'invalid_user_id'],
  [{ conversationId: 'c-1', userId: 'user-1' }, 'unknown_field'],
  [{ event: 'x', payload: 'y' }, 'invalid_request'],
] as const)('%j is refused: %s', ([body, code]) => {
  expect(() => decode(botCall, body)).toThrow(expect.objectContaining({ code }));
});

test('a platform that is not set up is absent, and a Watson channel is reached like a plain bot', () => {
  const clock = testClock();
  const none = openBots({ settings: botSettings.read({}, []), clock });
  expect([none('botcopy'), none('plain'), none('watson')]).toEqual([undefined, undefined, undefined]);
  const env = { BOTCOPY_API_KEY: 'key', BOT_PUSH_URL: 'https://bot.example.com/', BOT_PUSH_SECRET: secret };
  const all = openBots({ settings: botSettings.read(env, []), clock });
  expect(all('botcopy')).toBeDefined();
  expect(all('plain')).toBeDefined();
  expect(all('watson')).toBe(all('plain'));
});
