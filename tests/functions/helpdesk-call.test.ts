import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import type { BotAnswer } from '../../shared/core/voice-bot/voice-bot.ts';
import { testSettings } from '../support/calls.ts';
import { ACCOUNT_SID, callSidOf, helpdesk, scriptedBot } from '../support/voice-calls.ts';

const handoverId = handoverOfCall({ AccountSid: ACCOUNT_SID, CallSid: callSidOf(1) }) ?? '';

const never = (): never => {
  throw new Error('there is no turn');
};

const priorities = ['low', 'medium', 'high'].map((title) => ({ title, value: `/inform{"priority":"${title}"}` }));

/** A bot that speaks like a form: greets in two messages, asks for a priority with buttons, says goodbye. */
const form = () =>
  scriptedBot(({ heard }) => {
    switch (heard.is) {
      case 'start':
        return { says: [{ text: 'Hello!' }, { text: 'How can I help you?' }] };
      case 'words':
        if (heard.text === 'bye') return { says: [{ text: 'See you.' }], next: 'hang-up' };
        return { says: [{ text: 'What is the priority?' }], choices: priorities };
      case 'choice':
        return { says: [{ text: `It is ${heard.title}.` }], known: { fields: { priority: heard.title } } };
      default:
        return { says: [{ text: 'What?' }], isUnderstood: false };
    }
  });

describe('row 39: the voice turn loop', () => {
  test('row 39: all that a bot says is heard in order, its buttons with their keys, and a key or a title picks one', async () => {
    const bot = form();
    const caller = helpdesk({ bot }).caller();
    const hello = await caller.calls();
    expect(hello.said).toBe('Hello! How can I help you?');
    expect(hello.ends).toBe('Gather');
    expect(hello.gather).toMatchObject({ input: 'speech dtmf', method: 'POST', actionOnEmptyResult: 'true' });
    const asked = await caller.says('my mail is broken');
    expect(asked.said).toBe('What is the priority? For low, press 1. For medium, press 2. For high, press 3.');
    expect((await caller.presses('2')).said).toBe('It is medium.');
    await caller.says('my mail is broken');
    expect((await caller.says('High, please.')).said).toBe('It is high.');
    await caller.says('my mail is broken');
    expect((await caller.says('option one')).said).toBe('It is low.');
    const bye = await caller.says('bye');
    expect([bye.said, bye.ends]).toEqual(['See you.', 'Hangup']);
    expect(bot.turns.map(({ heard }) => heard.is)).toEqual([
      ...['start', 'words', 'choice', 'words', 'choice', 'words', 'choice', 'words'],
    ]);
  });

  test('row 39: who says nothing three times is asked in other words each time, and then gets a person', async () => {
    const { caller, table } = helpdesk({ bot: form() });
    const call = caller();
    await call.calls();
    const first = await call.waits();
    const second = await call.waits();
    expect(first.said).toBe('Sorry, I did not hear you. How can I help you?');
    expect(second.said).toMatch(/keys of your phone.*agent.*How can I help you\?$/);
    const third = await call.waits();
    expect(third.ends).toBe('Redirect');
    expect(third.leadsTo).toBe(
      `https://handover.example.com/call-leg?step=person&handover=${handoverId}&reason=assistant_transfer`,
    );
    const known = await table.contexts.read(handoverId);
    expect(known).toMatchObject({ facts: { reason: 'silence', customerPhone: '+15005550001', callSid: callSidOf(1) } });
  });

  test('row 39: whoever asks for a person gets one at once, with all that was said', async () => {
    const { caller, table } = helpdesk({ bot: form() });
    const call = caller();
    await call.calls();
    await call.says('my mail is broken');
    await call.presses('3');
    const person = await call.says('Can I speak to an agent please?');
    expect(person.ends).toBe('Redirect');
    expect((await table.transcripts.lines(handoverId, 100)).map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'bot: Hello!',
      'bot: How can I help you?',
      'customer: my mail is broken',
      'bot: What is the priority?',
      'customer: high',
      'bot: It is high.',
      'customer: Can I speak to an agent please?',
      'bot: All right. I am connecting you with a person.',
    ]);
    expect((await table.contexts.read(handoverId))?.facts).toMatchObject({
      reason: 'asked_for_person',
      fields: { priority: 'high' },
    });
  });

  test('row 39: who says goodbye hears the answer of the bot, and the call ends', async () => {
    const bot = scriptedBot(({ heard }) => ({ says: [{ text: heard.is === 'words' ? 'Take care.' : 'Hello!' }] }));
    const caller = helpdesk({ bot }).caller();
    await caller.calls();
    const bye = await caller.says('OK, bye!');
    expect([bye.said, bye.ends]).toEqual(['Take care.', 'Hangup']);
    expect(bot.turns.at(-1)?.heard).toEqual({ is: 'words', text: 'OK, bye!', confidence: 0.9 });
  });

  test('row 39: a goodbye that the bot has no answer to, or fails at, is one all the same', async () => {
    const deaf = scriptedBot(({ heard }) =>
      heard.is === 'start' ? {} : { says: [{ text: 'What?' }], isUnderstood: false },
    );
    const broken = scriptedBot(({ heard }) => {
      if (heard.is !== 'start') throw new Error('broken');
      return {};
    });
    const working = scriptedBot(({ heard }) =>
      heard.is === 'words' ? { says: [{ text: 'One moment.' }], next: 'go-on' } : { says: [{ text: 'Saved. Bye.' }] },
    );
    const ends: string[] = [];
    for (const bot of [deaf, broken, working]) {
      const caller = helpdesk({ bot }).caller();
      await caller.calls();
      let bye = await caller.says('goodbye');
      if (bye.ends === 'Redirect') bye = await caller.waits();
      ends.push(`${bye.said} ${bye.ends}`);
    }
    expect(ends).toEqual(['Goodbye. Hangup', 'Goodbye. Hangup', 'Saved. Bye. Hangup']);
  });

  test('row 39: who is not understood three times in a row gets a person, and not before', async () => {
    const bot = scriptedBot(({ heard }) => {
      const isClear = heard.is === 'start' || (heard.is === 'words' && heard.text === 'mail');
      return isClear ? { says: [{ text: 'Yes?' }] } : { says: [{ text: 'What?' }], isUnderstood: false };
    });
    const caller = helpdesk({ bot }).caller();
    await caller.calls();
    for (const said of ['brrr', 'brrr', 'mail', 'brrr', 'brrr']) expect((await caller.says(said)).ends).toBe('Gather');
    const person = await caller.says('brrr');
    expect(person.said).toMatch(/^I am sorry, I do not understand/);
    expect(person.ends).toBe('Redirect');
  });

  test('row 39: a bot that answers with the same question again and again has not understood either', async () => {
    const bot = scriptedBot(({ heard }) => ({
      says: [{ text: heard.is === 'words' && heard.text === 'mail' ? 'Which mail?' : 'How can I help you?' }],
    }));
    const caller = helpdesk({ bot }).caller();
    await caller.calls();
    for (const said of ['brrr', 'brrr', 'mail', 'mail', 'mail']) expect((await caller.says(said)).ends).toBe('Gather');
    expect((await caller.says('mail')).ends).toBe('Redirect');
  });

  test('row 39: a silence counts with those right before it only, and can end the call', async () => {
    const caller = helpdesk({ bot: form(), env: { AFTER_SILENCE: 'hangup' } }).caller();
    await caller.calls();
    await caller.waits();
    await caller.waits();
    expect((await caller.says('my mail is broken')).ends).toBe('Gather');
    const [first, second, third] = [await caller.waits(), await caller.waits(), await caller.waits()];
    expect(first.said).toBe(
      'Sorry, I did not hear you. What is the priority? For low, press 1. For medium, press 2. For high, press 3.',
    );
    expect(second.said).not.toBe(first.said);
    expect([third.said, third.ends]).toEqual([expect.stringMatching(/Goodbye\.$/), 'Hangup']);
  });

  test.for([
    [['I have these.', 'Is that right?', 'Name: Ada.', 'Mail: none.'], 'Is that right?'],
    [['Which one?', 'And why?'], 'And why?'],
    [['I look it up.', 'Tell me the number.'], 'Tell me the number.'],
  ] as const)('row 39: who is silent hears the question again, wherever it stood: %j', async ([said, again]) => {
    const bot = scriptedBot(() => ({ says: said.map((text) => ({ text })) }));
    const call = helpdesk({ bot }).caller();
    await call.calls();
    expect((await call.waits()).said).toBe(`Sorry, I did not hear you. ${again}`);
    expect((await call.says('repeat')).said).toBe(said.join(' '));
  });

  test('row 39: what was said last is said again, by word and by key, and no bot is asked', async () => {
    const bot = form();
    const caller = helpdesk({ bot }).caller();
    await caller.calls();
    const asked = await caller.says('my mail is broken');
    expect((await caller.says('Could you say that again?')).said).toBe(asked.said);
    expect((await caller.presses('*')).said).toBe(asked.said);
    expect((await caller.presses('3')).said).toBe('It is high.');
    expect(bot.turns).toHaveLength(3);
  });

  test('row 39: 0 is a person, but where several keys are asked for it is a key like others', async () => {
    const bot = scriptedBot(({ heard }) =>
      heard.is === 'keys'
        ? { says: [{ text: `You pressed ${heard.keys}.` }] }
        : { says: [{ text: 'Your number, please.' }], listens: { for: 'keys', mostKeys: 4 }, choices: priorities },
    );
    const caller = helpdesk({ bot }).caller();
    const asked = await caller.calls();
    expect(asked.gather).toMatchObject({ finishOnKey: '#', numDigits: '4' });
    const single = helpdesk({ bot }).caller();
    await single.calls();
    expect((await single.presses('0')).said).toBe('You pressed 0.');
    expect(asked.said).toBe('Your number, please. Or say: low. Or say: medium. Or say: high.');
    const entered = await caller.presses('0*');
    expect(entered.said).toBe('You pressed 0*.');
    expect(entered.gather).toMatchObject({ finishOnKey: '', numDigits: '1' });
    expect((await caller.presses('0')).ends).toBe('Redirect');
  });

  test('row 39: help is how to speak here, before the help that the built-in bot has, and after the answer of another', async () => {
    const own = () => scriptedBot(({ heard }) => ({ says: [{ text: heard.is === 'words' ? 'My help.' : 'Hello!' }] }));
    const bots = { helpdesk: own(), rasa: own() };
    const said: string[] = [];
    for (const VOICE_BOT of ['helpdesk', 'rasa'] as const) {
      const env = { VOICE_BOT, RASA_URL: 'https://rasa.example.com' };
      const caller = helpdesk({ bot: ({ is }) => bots[is as keyof typeof bots], env }).caller();
      await caller.calls();
      said.push((await caller.says('Help!')).said);
    }
    expect(said[0]).toMatch(/^You can speak to me.* My help\.$/);
    expect(said[1]).toMatch(/^My help\. You can speak to me/);
  });

  test('row 39: a bot that needs time says so, and has its next turn when that was heard', async () => {
    const bot = scriptedBot(({ heard, state }) =>
      heard.is === 'go-on'
        ? { says: [{ text: `It is done after ${state}.` }] }
        : heard.is === 'words'
          ? { says: [{ text: 'One moment please.' }], next: 'go-on', state: heard.text }
          : {},
    );
    const caller = helpdesk({ bot }).caller();
    expect((await caller.calls()).said).toBe('I am listening.');
    const moment = await caller.says('open it');
    expect([moment.said, moment.ends]).toEqual(['One moment please.', 'Redirect']);
    expect(moment.leadsTo).toMatch(/\/helpdesk-call\?turn=2&at=\d{13}$/);
    expect((await caller.waits()).said).toBe('It is done after open it.');
  });

  test('row 39: a secret is entered and kept nowhere, whether it is pressed or said', async () => {
    const bot = scriptedBot(({ heard }) =>
      heard.is === 'start' || heard.is === 'words'
        ? { says: [{ text: 'Your PIN?' }], listens: { for: 'keys', isSecret: true } }
        : { says: [{ text: 'Thank you.' }], state: 'known' },
    );
    const { caller, table, lines } = helpdesk({ bot });
    const call = caller();
    await call.calls();
    await call.says('four seven one one');
    await call.presses('4711');
    await call.says('agent');
    const texts = (await table.transcripts.lines(handoverId, 100)).map(({ text }) => text);
    expect(texts.filter((text) => text === '(keys entered)')).toHaveLength(2);
    const stored = await table.voice.ofCall((await table.voice.newest('+15005550001'))?.call ?? never());
    for (const kept of [JSON.stringify(stored), JSON.stringify(texts), lines.join()])
      expect(kept).not.toMatch(/4711|four seven/);
  });

  test('row 39: callers hear German where that is spoken', async () => {
    // The built-in helpdesk speaks English only.
    const rasa = { VOICE_BOT: 'rasa', RASA_URL: 'https://rasa.example.com' };
    const caller = helpdesk({ bot: form(), env: { ...rasa, SPEECH_LANGUAGE: 'de', VOICE_LANGUAGE: 'de-AT' } }).caller();
    expect((await caller.calls()).gather.language).toBe('de-AT');
    const asked = await caller.says('meine Mail geht nicht');
    expect(asked.said).toMatch(/Für low drücken Sie die 1\./);
    expect(asked.verbs[0]?.verbs[0]?.attributes).toEqual({ language: 'de-AT' });
    expect((await caller.says('Ich möchte bitte mit einem Mitarbeiter sprechen')).ends).toBe('Redirect');
  });

  test('row 39: in a flow the way to a person is back to it, unless the number is outside', async () => {
    const env = { STUDIO_WEBHOOK_URL: testSettings.STUDIO_WEBHOOK_URL };
    const inFlow = helpdesk({ bot: form(), env }).caller();
    await inFlow.calls();
    expect((await inFlow.says('agent')).leadsTo).toBe(
      `${testSettings.STUDIO_WEBHOOK_URL}?FlowEvent=return&HandoverId=${handoverId}&HandoverReason=assistant_transfer`,
    );
    const outside = helpdesk({ bot: form(), env }).caller(callSidOf(1), { From: '+15005550001' }, 'flow=off');
    expect((await outside.calls()).leadsTo).toMatch(/&flow=off$/);
    expect((await outside.says('agent')).leadsTo).toMatch(/\/call-leg\?step=person&.*&flow=off$/);
  });

  test('row 39: a call goes from one bot to another and back, each finds its own state, and knows who gave it away', async () => {
    const orders = 'https://orders.example.com';
    const first = scriptedBot(({ heard, state }) => {
      if (heard.is !== 'words') return { says: [{ text: `First, ${state ?? 'new'}.` }], state: 'mine' };
      return {
        says: [{ text: 'I give you to orders.' }],
        next: { bot: { is: 'rasa-host', url: orders } },
        state: 'given',
      };
    });
    const second = scriptedBot(({ heard, state }) =>
      heard.is === 'words'
        ? { next: { bot: { is: 'helpdesk' } }, state: 'seen' }
        : { says: [{ text: `Orders, ${state ?? 'new'}.` }], state: 'theirs' },
    );
    const { caller, table } = helpdesk({
      bot: (ref) => (ref.is === 'rasa-host' ? second : first),
      env: { SPEECH_TIMEOUT_SEC: '1' },
    });
    const call = caller();
    expect((await call.calls()).said).toBe('First, new.');
    expect((await call.says('orders')).said).toBe('I give you to orders. Orders, new.');
    expect((await call.says('back')).said).toBe('First, given.');
    expect((await call.says('orders')).said).toBe('I give you to orders. Orders, seen.');
    const starts = [first, second].flatMap(({ turns }) =>
      turns.map(({ heard }) => heard).filter(({ is }) => is === 'start'),
    );
    expect(starts).toEqual([
      { is: 'start' },
      { is: 'start', from: orders },
      { is: 'start', from: 'https://helpdesk.example.com' },
      { is: 'start', from: 'https://helpdesk.example.com' },
    ]);
    const all = [...first.turns, ...second.turns];
    expect(new Set(all.map(({ turnId }) => turnId)).size).toBe(all.length);
    expect(new Set(all.map(({ conversationId }) => conversationId))).toEqual(new Set([handoverId]));
    expect((await table.voice.newest('+15005550001'))?.turn).toBe(3);
  });
});

describe('row 40: what is said is text', () => {
  test('row 40: an ampersand, markup and control characters of caller and bot are spoken, never run', async () => {
    const bot = scriptedBot(({ heard }) => ({
      says: [{ text: heard.is === 'words' ? `R&D says: ${heard.text}` : '</Say><Dial>+19005551234</Dial><Say>\0' }],
      choices: [{ title: '"a" & <b>', value: 'x' }],
    }));
    const caller = helpdesk({ bot }).caller();
    const hello = await caller.calls();
    expect(hello.said).toBe('</Say><Dial>+19005551234</Dial><Say> For "a" & <b>, press 1.');
    expect((await caller.says('</Say><Hangup/>\u0007')).said).toMatch(/^R&D says: \/SayHangup\/ For/);
  });

  test('row 40: 10,000 hostile callers and bots make nothing but the elements of the channel, and lead to our URLs', async () => {
    const elements = new Set(['Gather', 'Say', 'Pause', 'Redirect', 'Hangup']);
    const ours =
      /^https:\/\/handover\.example\.com\/(helpdesk-call\?turn=\d+&at=\d{13}|call-leg\?step=person[\w&=-]*)$/;
    const piece = fc.constantFrom(
      '</Say>',
      '<Dial>+1900</Dial>',
      '&amp;',
      '&#0;',
      ']]>',
      '<!--',
      '\0',
      '\ud800',
      '"',
      "'",
      '😀',
    );
    const text = fc.oneof(
      { weight: 3, arbitrary: fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')) },
      { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      fc.constantFrom('agent', 'help', 'goodbye', 'repeat', 'two', 'yes', '0', '*', '#', '1', '+15005550001', ''),
      fc.tuple(piece, fc.integer({ min: 1, max: 9_000 })).map(([one, times]) => one.repeat(times).slice(0, 10_000)),
    );
    const answer = fc.record(
      {
        says: fc.array(
          fc.oneof(
            text.map((said) => ({ text: said })),
            fc.integer().map((pauseSec) => ({ pauseSec })),
          ),
          { maxLength: 5 },
        ),
        choices: fc.array(fc.record({ title: text, value: text }), { maxLength: 12 }),
        listens: fc.record({ for: fc.constantFrom('words', 'key', 'keys'), hints: fc.array(text, { maxLength: 4 }) }),
        next: fc.constantFrom('listen', 'listen', 'go-on', 'hang-up', 'person'),
        known: fc.record({ reason: text, fields: fc.dictionary(text, text, { maxKeys: 2 }) }),
      },
      { requiredKeys: ['says', 'next'] },
    ) as fc.Arbitrary<Partial<BotAnswer>>;
    const fields = fc.record({ SpeechResult: text, Confidence: text, Digits: text, From: text, StirVerstat: text });
    await fc.assert(
      fc.asyncProperty(fields, answer, answer, async (form, first, second) => {
        const caller = helpdesk({ bot: scriptedBot((_, nth) => (nth === 1 ? first : second)) }).caller(callSidOf(1), {
          From: form.From,
        });
        for (const heard of [
          await caller.calls(),
          await caller.again(form),
          await caller.says(form.SpeechResult, form),
        ]) {
          const verbs = heard.verbs.flatMap((verb) => [verb, ...verb.verbs]);
          for (const { name } of verbs) expect(elements).toContain(name);
          for (const verb of verbs.filter(({ name }) => name !== 'Gather')) expect(verb.verbs).toEqual([]);
          if (heard.ends !== 'Hangup') expect(heard.leadsTo).toMatch(ours);
          for (const { name, attributes } of verbs)
            if (name === 'Gather')
              expect((attributes.hints ?? '').split(', ').every((hint) => hint.length <= 100)).toBe(true);
        }
      }),
      { numRuns: 3_400 },
    );
  }, 120_000);
});
