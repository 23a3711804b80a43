import { describe, expect, test } from 'vitest';
import type { Env } from '../../shared/core/settings.ts';
import type { BotAnswer, Listens } from '../../shared/core/voice-bot/voice-bot.ts';
import { runningClock } from '../support/running-clock.ts';
import { helpdesk, scriptedBot } from '../support/voice-calls.ts';

const rasa: Env = { VOICE_BOT: 'rasa', RASA_URL: 'https://rasa.example.com' };

/** A call to a bot that asks for something and is then slow for ever; how long it is waited for in the turn after that. */
async function asked(env: Env, listens: Listens = { for: 'words' }) {
  const clock = runningClock();
  const bot = scriptedBot(({ heard }) =>
    heard.is === 'start' ? { says: [{ text: 'Yes?' }], listens } : new Promise<Partial<BotAnswer>>(() => {}),
  );
  const caller = helpdesk({ bot, env, clock }).caller();
  const { gather } = await caller.calls();
  async function waited(turn: Promise<unknown>): Promise<number> {
    const beganMs = clock.nowMs();
    await turn;
    return clock.nowMs() - beganMs;
  }
  return { caller, bot, gather, waited };
}

describe('how long a bot is waited for', () => {
  test.for<[string, Env, Listens['for'], string, number]>([
    ['a bot over the network', rasa, 'words', '1', 1_900],
    ['a bot over the network that wants a key', rasa, 'key', '1', 1_900],
    ['the built-in helpdesk, in which addresses are spelled', {}, 'words', '2', 900],
    ['the built-in helpdesk that wants a code', {}, 'keys', '1', 1_900],
    ['whoever is set to wait longer', { ...rasa, SPEECH_TIMEOUT_SEC: '2' }, 'words', '2', 900],
    ['whoever is set to wait longer, and wants a code', { ...rasa, SPEECH_TIMEOUT_SEC: '3' }, 'keys', '1', 1_900],
    ['whoever is set to wait too long', { ...rasa, SPEECH_TIMEOUT_SEC: '5' }, 'words', '5', 500],
    ['whoever is set to `auto`', { SPEECH_TIMEOUT_SEC: 'auto' }, 'words', 'auto', 1_900],
    ['whoever is set to `auto`, and wants a code', { SPEECH_TIMEOUT_SEC: 'auto' }, 'keys', 'auto', 1_900],
  ])('after words, with %s: %j %s', async ([, env, wanted, speechTimeout, leftMs]) => {
    const { caller, gather, waited } = await asked(env, { for: wanted });
    expect(gather.speechTimeout).toBe(speechTimeout);
    expect(await waited(caller.says('a question'))).toBe(leftMs);
  });

  test('after keys is 2.4 s, whatever is set', async () => {
    const { caller, waited } = await asked({ SPEECH_TIMEOUT_SEC: '3' });
    expect(await waited(caller.presses('5'))).toBe(2_400);
    const both = await asked({ SPEECH_TIMEOUT_SEC: '3' });
    expect(await both.waited(both.caller.says('five', { Digits: '5' }))).toBe(2_400);
  });

  test('at the start and after words of its own is 2.4 s', async () => {
    const clock = runningClock();
    const bot = scriptedBot(() => ({ says: [{ text: 'One moment.' }], next: 'go-on' }));
    const caller = helpdesk({ bot, env: rasa, clock }).caller();
    await caller.calls();
    // What Twilio would tell once more is no word of this turn.
    await caller.says('hello');
    expect(bot.turns.map(({ heard, deadline }) => [heard.is, deadline.remainingMs()])).toEqual([
      ['start', 2_400],
      ['go-on', 2_400],
    ]);
  });

  test('is the same with another bot that the built-in helpdesk has given the call to', async () => {
    const bot = scriptedBot(({ heard }, nth) =>
      nth === 1
        ? { next: { bot: { is: 'rasa-host', url: 'https://orders.example.com' } } }
        : { says: [{ text: heard.is }] },
    );
    const { gather } = await helpdesk({ bot }).caller().calls();
    expect(gather.speechTimeout).toBe('1');
  });
});

test('a bot that gets the call in a turn with too little time has a turn of its own, and the caller hears why', async () => {
  const clock = runningClock();
  const first = scriptedBot(async ({ heard }) => {
    if (heard.is === 'start') return {};
    await clock.sleep(1_000);
    return { next: { bot: { is: 'watson' } } };
  });
  const second = scriptedBot(() => ({ says: [{ text: 'Orders.' }] }));
  const caller = helpdesk({ bot: ({ is }) => (is === 'watson' ? second : first), env: rasa, clock }).caller();
  await caller.calls();
  const over = await caller.says('orders');
  expect([over.said, over.ends]).toEqual(['One moment please.', 'Redirect']);
  expect((await caller.waits()).said).toBe('Orders.');
});

test('a bot that asks for a moment before it does not understand has still not understood', async () => {
  const bot = scriptedBot(({ heard }) =>
    heard.is === 'words'
      ? { says: [{ text: 'One moment.' }], next: 'go-on' }
      : heard.is === 'go-on'
        ? { says: [{ text: 'What?' }], isUnderstood: false }
        : {},
  );
  const caller = helpdesk({ bot }).caller();
  await caller.calls();
  let heard = await caller.waits();
  for (let time = 0; time < 3; time++) {
    await caller.says('brrr');
    heard = await caller.waits();
  }
  expect(heard.said).toMatch(/^I am sorry, I do not understand/);
});

test('a bot over the network that says the same again after a moment has not understood either', async () => {
  const bot = scriptedBot(({ heard }) =>
    heard.is === 'words' ? { says: [{ text: 'One moment.' }], next: 'go-on' } : { says: [{ text: 'Which order?' }] },
  );
  const caller = helpdesk({ bot, env: rasa }).caller();
  let heard = await caller.calls();
  for (let time = 0; time < 3; time++) {
    await caller.says('brrr');
    heard = await caller.waits();
  }
  expect(heard.said).toMatch(/^I am sorry, I do not understand/);
});
