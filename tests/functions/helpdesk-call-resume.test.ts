import { describe, expect, test } from 'vitest';
import { helpdeskBot } from '../../shared/bots/helpdesk/index.ts';
import { understanding } from '../../shared/bots/helpdesk/understand/index.ts';
import { words } from '../../shared/bots/helpdesk/words-en.ts';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import { helpdeskParts } from '../support/helpdesk-call.ts';
import { wrapTable } from '../support/jittery-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { ACCOUNT_SID, callSidOf, type HelpdeskCaller, helpdesk, scriptedBot } from '../support/voice-calls.ts';

const SECRET = 'ada@example.com';
const handoverOf = (nth: number) => handoverOfCall({ AccountSid: ACCOUNT_SID, CallSid: callSidOf(nth) }) ?? '';

/** Asks for an address, then reads it back; resumed it asks anew without it. */
const asking = () =>
  scriptedBot(({ heard, isResumed, state }) => {
    if (isResumed) return { says: [{ text: 'Let us go on. Which priority?' }], state };
    if (heard.is === 'start') return { says: [{ text: 'Hello! Your address?' }] };
    if (heard.is === 'words' && heard.text === 'brrr') return { says: [{ text: 'What?' }], isUnderstood: false };
    if (heard.is === 'words' && heard.text === 'bye now') return { says: [{ text: 'Bye.' }], next: 'hang-up' };
    return { says: [{ text: `Your address is ${SECRET}. Which priority?` }], state: { email: SECRET } };
  });

/** A first call that got somewhere and was cut off, and what is there for the next. */
async function cutOff(from?: Record<string, string>) {
  const bot = asking();
  const desk = helpdesk({ bot });
  const first = desk.caller(callSidOf(1), from);
  await first.calls();
  await first.says('ada at example dot com');
  return { ...desk, bot, first };
}

const minutes = (count: number) => count * 60_000;

const asksToResume = async (call: HelpdeskCaller) => (await call.calls()).said.startsWith('Welcome back.');

describe('a call that is cut off', () => {
  test('goes on within the hour after a yes, where the bot asks again, and nothing of before is spoken', async () => {
    const { caller, clock, bot } = await cutOff();
    clock.advance(minutes(59));
    const second = caller(callSidOf(2));
    const asked = await second.calls();
    expect(asked.said).toBe(
      'Welcome back. Would you like to go on where your last call stopped? For yes, press 1. For no, press 2.',
    );
    const on = await second.says('Yes, please.');
    expect(on.said).toBe('Let us go on. Which priority?');
    expect(bot.turns.at(-1)).toMatchObject({
      ...{ heard: { is: 'start' }, isResumed: true, state: { email: SECRET }, conversationId: handoverOf(1) },
    });
    expect((await second.says('repeat')).said).toBe('Let us go on. Which priority?');
    expect((await second.waits()).said).not.toContain(SECRET);
    await second.says('high');
    expect(bot.turns.at(-1)).toMatchObject({ isResumed: false, conversationId: handoverOf(1) });
    const ids = bot.turns.map(({ turnId }) => turnId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.for(['no', '2', '7', 'start over'])('begins anew after "%s"', async (said) => {
    const { caller, bot } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    const anew = /\d/.test(said) ? await second.presses(said) : await second.says(said);
    expect(anew.said).toBe('Hello! Your address?');
    expect(bot.turns.at(-1)).toMatchObject({ state: undefined, isResumed: false, conversationId: handoverOf(2) });
  });

  test.for(['I want to open an incident', 'yes, my printer is broken', 'no, I want to check my tickets'])(
    'leaves the word to who wants something else, and they need not say it twice: %s',
    async (said) => {
      const { caller, bot, table } = await cutOff();
      const second = caller(callSidOf(2));
      await second.calls();
      await second.says(said);
      expect(bot.turns.at(-1)).toMatchObject({
        ...{ heard: { is: 'words', text: said }, state: undefined, isResumed: false, conversationId: handoverOf(2) },
      });
      await second.says('agent');
      const texts = (await table.transcripts.lines(handoverOf(2), 100)).map(({ text }) => text);
      expect(texts).toContain(said);
      expect(texts).not.toContain('ada at example dot com');
    },
  );

  test('is asked about once more after an answer that is both or neither, and begins anew after the second', async () => {
    const { caller, bot } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    expect((await second.says('yes, no, I do not know')).said).toMatch(/^Welcome back\..* For yes, press 1\./);
    expect((await second.says('is that right')).said).toBe('Hello! Your address?');
    expect(bot.turns.at(-1)).toMatchObject({ heard: { is: 'start' }, isResumed: false });
    const third = (await cutOff()).caller(callSidOf(2));
    await third.calls();
    await third.says('um');
    expect((await third.says('yes')).said).toBe('Let us go on. Which priority?');
  });

  test.for(['no', 'brrr', '2', ''])(
    'is not asked about again where the next caller has answered "%s"',
    async (said) => {
      const { caller } = await cutOff();
      const second = caller(callSidOf(2));
      await second.calls();
      if (said === '') await second.waits();
      await (said === '' ? second.waits() : said === '2' ? second.presses(said) : second.says(said));
      expect(await asksToResume(caller(callSidOf(3)))).toBe(false);
    },
  );

  test('gives one answer to words that come twice, and asks the bot once', async () => {
    const { caller, bot } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    const { said } = await second.says('I want to check my tickets');
    const turns = bot.turns.length;
    expect((await second.again()).said).toBe(said);
    expect((await second.again({ SpeechResult: 'yes' })).said).toBe(said);
    expect(bot.turns).toHaveLength(turns);
  });

  test('is asked about once more after a silence, and begins anew after the second', async () => {
    const { caller } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    expect((await second.waits()).said).toMatch(/^Sorry, I did not hear you\. Welcome back\..* For yes, press 1\./);
    expect((await second.waits()).said).toBe('Hello! Your address?');
    expect((await second.waits()).ends).toBe('Gather');
  });

  test('gives help, a person and a goodbye also before the answer, and the person nothing of before', async () => {
    const { caller, table } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    expect((await second.says('help')).said).toMatch(/^You can speak to me.* Welcome back\./);
    expect((await second.says('agent')).ends).toBe('Redirect');
    const texts = (await table.transcripts.lines(handoverOf(2), 100)).map(({ text }) => text);
    expect(texts.join()).toContain('Welcome back');
    expect(texts.join()).not.toContain('ada');
    const other = await cutOff();
    const third = other.caller(callSidOf(2));
    await third.calls();
    const bye = await third.says('goodbye');
    expect([bye.said, bye.ends]).toEqual(['Goodbye.', 'Hangup']);
  });

  test('gives a person nothing of before where the question could not be kept', async () => {
    const whole = memoryTable();
    let isAway = false;
    const table = wrapTable(whole, async (name, does) => {
      if (isAway && name === 'voice.put') throw new Error('away');
      return does();
    });
    const bot = scriptedBot(() => ({ says: [{ text: SECRET }], known: { name: SECRET } }));
    const { caller, clock } = helpdesk({ bot, table });
    const first = caller(callSidOf(1));
    await first.calls();
    await first.says('ada at example dot com');
    clock.advance(minutes(1));
    isAway = true;
    expect((await caller(callSidOf(2)).calls()).ends).toBe('Redirect');
    const told = [await table.contexts.read(handoverOf(2)), await table.transcripts.lines(handoverOf(2), 100)];
    expect(JSON.stringify(told)).toContain('bot_failed');
    expect(JSON.stringify(told)).not.toMatch(/ada/);
  });

  test('gives a person nothing of before where the call comes in once more before the answer', async () => {
    const { caller, table, clock } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    await second.waits();
    clock.advance(minutes(1));
    expect((await second.calls()).said).toBe('Hello! Your address?');
    await second.says('agent');
    const texts = (await table.transcripts.lines(handoverOf(2), 100)).map(({ text }) => text).join();
    expect(texts).toMatch(/Welcome back.*Hello/);
    expect(texts).not.toContain('ada');
  });

  test('comes to a person with the lines of both calls after a yes', async () => {
    const { caller, table, clock } = await cutOff();
    clock.advance(minutes(5));
    const second = caller(callSidOf(2));
    await second.calls();
    await second.presses('1');
    await second.says('agent');
    expect((await table.contexts.read(handoverOf(2)))?.facts.talk).toEqual({ bots: ['helpdesk'], id: handoverOf(1) });
    const texts = (await table.transcripts.lines(handoverOf(2), 100)).map(({ by, text }) => `${by}: ${text}`);
    expect(texts).toEqual([
      'bot: Hello! Your address?',
      'customer: ada at example dot com',
      `bot: Your address is ${SECRET}. Which priority?`,
      'bot: Welcome back. Would you like to go on where your last call stopped?',
      'customer: yes',
      'bot: Let us go on. Which priority?',
      'customer: agent',
      'bot: All right. I am connecting you with a person.',
    ]);
  });

  test('can be cut off again, and again while it is asked about', async () => {
    const { caller, bot } = await cutOff();
    const second = caller(callSidOf(2));
    await second.calls();
    const third = caller(callSidOf(3));
    expect(await asksToResume(third)).toBe(true);
    await third.presses('1');
    const fourth = caller(callSidOf(4));
    expect(await asksToResume(fourth)).toBe(true);
    await fourth.says('yes');
    expect(bot.turns.at(-1)).toMatchObject({
      isResumed: true,
      state: { email: SECRET },
      conversationId: handoverOf(1),
    });
  });
});

test('a call that was cut off again and again is told to a person with the five before it', async () => {
  const { caller, clock, table } = await cutOff();
  for (let nth = 2; nth <= 8; nth++) {
    clock.advance(minutes(1));
    const next = caller(callSidOf(nth));
    await next.calls();
    await next.says('yes');
    await next.says(`this is call ${nth}`);
    if (nth === 8) await next.says('agent');
  }
  const texts = (await table.transcripts.lines(handoverOf(8), 100)).map(({ text }) => text);
  expect(texts.filter((text) => text.startsWith('this is'))).toEqual(
    [3, 4, 5, 6, 7, 8].map((nth) => `this is call ${nth}`),
  );
});

test('a call that goes on and is given to another bot at once is new to that one', async () => {
  const other = scriptedBot(() => ({ says: [{ text: 'Orders.' }] }));
  const bot = scriptedBot(({ isResumed }) => (isResumed ? { next: { bot: { is: 'rasa' } } } : {}));
  const { caller } = helpdesk({ bot: ({ is }) => (is === 'rasa' ? other : bot), env: { SPEECH_TIMEOUT_SEC: '1' } });
  const first = caller(callSidOf(1));
  await first.calls();
  await first.says('hello');
  const second = caller(callSidOf(2));
  await second.calls();
  expect((await second.says('yes')).said).toBe('Orders.');
  expect(other.turns.map(({ isResumed }) => isResumed)).toEqual([false]);
});

test('of a call that goes on, a bot that gets it later keeps nothing of before, and nor does a person', async () => {
  const toFirst = { next: { bot: { is: 'helpdesk' } } } as const;
  const other = scriptedBot(({ heard }) => (heard.is === 'words' && heard.text === 'back' ? toFirst : {}));
  const bot = scriptedBot(({ heard }) =>
    heard.is === 'words'
      ? {
          state: { verified: SECRET },
          known: { name: 'Ada', fields: { verified: 'by code' } },
          next: { bot: { is: 'rasa' } },
        }
      : {},
  );
  const env = { SPEECH_TIMEOUT_SEC: '1' };
  const { caller, table } = helpdesk({ bot: ({ is }) => (is === 'rasa' ? other : bot), env });
  const first = caller(callSidOf(1));
  await first.calls();
  await first.says('other bot');
  await first.says('my order');
  const second = caller(callSidOf(2));
  await second.calls();
  await second.says('yes');
  await second.says('back');
  expect(bot.turns.at(-1)).toMatchObject({ heard: { is: 'start' }, state: undefined });
  await second.says('agent');
  expect(JSON.stringify(await table.contexts.read(handoverOf(2)))).not.toMatch(/Ada|by code/);
});

describe('who wants something else than to go on with a call to the built-in helpdesk', () => {
  /** A second call, which is asked whether to go on with one that had got as far as a description. */
  async function asked() {
    const { caller, table } = helpdesk({ bot: helpdeskBot(helpdeskParts({ understanding })) });
    const first = caller(callSidOf(1));
    await first.calls();
    for (const said of ['open an incident', 'ada at example dot com', 'yes', 'low', 'the printer is on fire'])
      await first.says(said);
    const second = caller(callSidOf(2));
    expect(await asksToResume(second)).toBe(true);
    return { second, caller, table };
  }

  test.for(['I want to check my tickets', 'no, open an incident', 'no thanks, my printer is broken'])(
    'is understood at once: %s',
    async (said) => {
      const { second, caller } = await asked();
      expect((await second.says(said)).said).toBe(words.askEmail);
      await second.says('bob at example dot com');
      expect((await second.says('yes')).said).not.toMatch(/ada|fire/);
      const third = caller(callSidOf(3));
      expect(await asksToResume(third)).toBe(true);
      expect((await third.says('yes')).said).not.toMatch(/ada|bob|fire|What is the title/);
    },
  );

  test.for(['mumble mumble', 'I do not remember', `${'my dog ate it and '.repeat(400)}`, '<Say>ada</Say> & "fire"'])(
    'hears what there is, where nothing can be made of it: %s',
    async (said) => {
      const { second, caller } = await asked();
      const heard = await second.says(said);
      expect(heard.ends).toBe('Gather');
      expect(heard.said).toMatch(/can help|What can I do for you/);
      expect(heard.said).not.toMatch(/ada|fire/);
      expect(await asksToResume(caller(callSidOf(3)))).toBe(false);
    },
  );
});

describe('nothing is asked', () => {
  test('of who calls after more than an hour', async () => {
    const { caller, clock } = await cutOff();
    clock.advance(minutes(60) + 1);
    expect(await asksToResume(caller(callSidOf(2)))).toBe(false);
  });

  test('of who calls from another number', async () => {
    const { caller } = await cutOff();
    expect(await asksToResume(caller(callSidOf(2), { From: '+15005550002' }))).toBe(false);
  });

  test.for(['', 'anonymous', '+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253'])(
    'of who withholds the number, given as "%s"',
    async (From) => {
      const { caller, bot } = await cutOff({ From });
      expect(await asksToResume(caller(callSidOf(2), { From }))).toBe(false);
      expect(bot.turns[0]?.caller).toEqual({ phone: undefined, isAttested: false });
    },
  );

  test('about a call that the bot ended', async () => {
    const { caller, first } = await cutOff();
    await first.says('bye now');
    expect(await asksToResume(caller(callSidOf(2)))).toBe(false);
  });

  test('about a call that went to a person', async () => {
    const { caller, first } = await cutOff();
    await first.says('agent');
    expect(await asksToResume(caller(callSidOf(2)))).toBe(false);
  });

  test('about a call that got nowhere', async () => {
    const bot = asking();
    const { caller } = helpdesk({ bot });
    const first = caller(callSidOf(1));
    await first.calls();
    await first.says('brrr');
    await first.waits();
    expect(await asksToResume(caller(callSidOf(2)))).toBe(false);
  });
});

test('a number that the network vouches for is told from one that it does not', async () => {
  const bot = asking();
  const { caller } = helpdesk({ bot });
  for (const [nth, StirVerstat] of [
    'TN-Validation-Passed-A',
    'TN-Validation-Passed-B',
    'TN-Validation-Passed-A-Diverted',
    '',
  ].entries())
    await caller(callSidOf(nth + 1), { From: `+1500555000${nth}`, StirVerstat }).calls();
  await caller(callSidOf(9), { From: '+266696687', StirVerstat: 'TN-Validation-Passed-A' }).calls();
  expect(bot.turns.map((turn) => turn.caller.isAttested)).toEqual([true, false, false, false, false]);
});
