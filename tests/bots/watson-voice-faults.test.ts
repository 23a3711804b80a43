import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watsonVoiceBot } from '../../shared/bots/watson/voice/index.ts';
import { watsonVoiceSettings } from '../../shared/bots/watson/voice/settings.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import type { BotAnswer, Heard } from '../../shared/core/voice-bot/voice-bot.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { type Manner, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock } from '../support/steady-clock.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn(({ path }: { path: string }) =>
    path.includes('/message')
      ? { output: { generic: [{ response_type: 'text', text: 'Hello.' }] } }
      : { session_id: 's-1' },
  );
});
afterEach(() => standIn.close());

const order: Heard = { is: 'words', text: 'my order', confidence: undefined };

function ask(heard: Heard, state: unknown = { session: 's-0' }, url = standIn.url): Promise<BotAnswer> {
  const env = { WATSON_API_KEY: 'key', WATSON_URL: url, WATSON_ENVIRONMENT_ID: 'env-1' };
  const bot = watsonVoiceBot({
    settings: watsonVoiceSettings.read(env, []),
    send: sendHttp,
    language: 'de',
    texts: undefined,
  });
  return bot.turn({
    state,
    heard,
    caller: { phone: undefined, isAttested: false },
    isResumed: false,
    conversationId: 'c-1',
    turnId: 't-1',
    deadline: startDeadline(steadyClock, 2_400),
    nowMs: 0,
    note: () => {},
  });
}

const messages = () => standIn.seen.filter(({ path }) => path.includes('/message')).map(({ body }) => body);

describe('a message that surely was not heard', () => {
  test.for([429, 503, 'html'] as const)('is said once more after a few words: %s', async (manner) => {
    standIn.behave([manner]);
    const answer = await ask(order);
    expect(answer).toMatchObject({ next: 'go-on', says: [{ text: 'Einen Moment bitte.' }] });
    expect(await ask({ is: 'go-on' }, answer.state)).toMatchObject({ next: 'listen', says: [{ text: 'Hello.' }] });
    const [first, second, ...more] = messages();
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  test('is said no third time', async () => {
    standIn.behave(503);
    const { state } = await ask(order);
    await expect(ask({ is: 'go-on' }, state)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(messages()).toHaveLength(2);
  });

  test('may be one that nobody was there for', async () => {
    await standIn.close();
    expect((await ask(order)).next).toBe('go-on');
  });
});

describe('a message that may have been heard', () => {
  test.for(['hang', 'reset-after-send', 'truncated-201', 500, 502, 504] as readonly Manner[])(
    'is not said again: %s',
    async (manner) => {
      standIn.behave(manner);
      await expect(ask(order)).rejects.toMatchObject({ kind: 'unknown' });
      expect(standIn.seen).toHaveLength(1);
    },
  );
});

test.for([400, 401, 403, 'redirect'] as const)('a message that is refused is a fault: %s', async (manner) => {
  standIn.behave(manner);
  await expect(ask(order)).rejects.toMatchObject({ kind: 'refused' });
  expect(standIn.seen).toHaveLength(1);
});

describe('a session that does not come about', () => {
  test.for(['hang', 'reset-after-send', 'truncated-201', 429, 500, 503, 'html'] as readonly Manner[])(
    'is asked for once more, for nothing is said in it yet: %s',
    async (manner) => {
      standIn.behave([manner]);
      const answer = await ask({ is: 'start' }, undefined);
      expect(answer.next).toBe('go-on');
      expect(await ask({ is: 'go-on' }, answer.state)).toMatchObject({ next: 'listen', says: [{ text: 'Hello.' }] });
      expect(messages()).toHaveLength(1);
    },
  );

  test.for([401, 404] as const)('is a fault where it is refused: %s', async (manner) => {
    standIn.behave(manner);
    await expect(ask({ is: 'start' }, undefined)).rejects.toMatchObject({ kind: 'refused' });
  });
});

test.for(['hang', 'reset-after-send', 500] as readonly Manner[])(
  'a session that cannot be deleted keeps nobody from the end of a call: %s',
  async (manner) => {
    standIn.answer = { output: { generic: [{ response_type: 'end_session' }] } };
    standIn.behave(['ok', manner]);
    expect((await ask(order)).next).toBe('hang-up');
    expect(standIn.seen.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  },
);
