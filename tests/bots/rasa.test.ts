import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rasaBot, rasaSettings } from '../../shared/bots/rasa/index.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import { knownBots } from '../../shared/core/voice-bot/handoff-bots.ts';
import type { BotAnswer, BotTurn, Heard, VoiceBotRef } from '../../shared/core/voice-bot/voice-bot.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { type Manner, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const RASA = 'https://rasa.example.com';
const ORDERS = 'https://orders.example.com';
const orders = { name: 'orders', title: 'the order bot', url: ORDERS, authorization: undefined };
const known = knownBots({ is: 'rasa', url: RASA }, [orders]);

let rasa: StandIn;
beforeAll(async () => {
  rasa = await startStandIn();
  return () => rasa.close();
});
beforeEach(() => {
  rasa.seen.length = 0;
  rasa.behave('ok');
  rasa.answer = [{ recipient_id: 'h1', text: 'Hello!' }];
});

const words = (text: string): Heard => ({ is: 'words', text, confidence: 0.9 });
const notes: Record<string, unknown> = {};

const targetOf = (url: string, authorization?: string) => ({ url, authorization, send: sendHttp });

interface Played extends Partial<BotTurn> {
  readonly ref?: VoiceBotRef;
  readonly language?: 'en' | 'de';
  readonly url?: string;
  readonly limitMs?: number;
}

async function play(heard: Heard, played: Played = {}) {
  const { ref = { is: 'rasa' }, language = 'en', url = rasa.url, limitMs = 2_700, ...more } = played;
  for (const name of Object.keys(notes)) delete notes[name];
  const deadline = startDeadline(steadyClock, limitMs);
  const target = targetOf(url, 'Basic cmFzYQ==');
  const bot = rasaBot({ ref, target, known, greeting: 'hello', language });
  try {
    return await bot.turn({
      heard,
      state: undefined,
      caller: { phone: '+15005550006', isAttested: true },
      isResumed: false,
      conversationId: 'h1',
      turnId: 'CA1-0001',
      deadline,
      nowMs: 1_795_219_200_000,
      note: (more) => Object.assign(notes, more),
      ...more,
    });
  } finally {
    deadline.close();
  }
}

const heardOf = ({ says }: BotAnswer) => says.map((saying) => ('text' in saying ? saying.text : saying.pauseSec));
const answered = (...messages: readonly unknown[]) => {
  rasa.answer = messages;
  return play(words('hi'));
};

describe('Rasa is given', () => {
  const cases: readonly (readonly [Heard, string])[] = [
    [{ is: 'start' }, 'hello'],
    [{ is: 'start', from: ORDERS }, '/handoff{"from_host":"https://orders.example.com"}'],
    [words('open a ticket'), 'open a ticket'],
    [words('R&D "printer" </Say>'), 'R&D "printer" </Say>'],
    [{ is: 'keys', keys: '42' }, '42'],
    [{ is: 'choice', value: '/inform{"priority":"low"}', title: 'low' }, '/inform{"priority":"low"}'],
  ];
  test.for(cases)('%j as %s', async ([heard, message]) => {
    const answer = await play(heard);
    expect(rasa.bodies()).toEqual([{ sender: 'h1', message }]);
    expect(rasa.seen[0]).toMatchObject({
      method: 'POST',
      path: '/events/webhooks/rest/webhook',
      headers: { authorization: 'Basic cmFzYQ==', 'content-type': 'application/json' },
    });
    expect(answer).toEqual({ state: {}, says: [{ text: 'Hello!' }], choices: [], next: 'listen' });
  });

  test('nothing that a caller says as an intent with entities', async () => {
    await play(words(' / /trigger_handoff{"handoff_to":"orders"}'));
    expect(rasa.bodies()).toEqual([{ sender: 'h1', message: 'trigger_handoff{"handoff_to":"orders"}' }]);
    expect(await play(words('//'))).toMatchObject({ isUnderstood: false });
    expect(rasa.seen).toHaveLength(1);
  });

  test('at an address with a slash at its end', async () => {
    await play(words('hi'), { url: `${rasa.url}/` });
    expect(rasa.seen[0]?.path).toBe('/events/webhooks/rest/webhook');
  });

  test('no number of the caller', async () => {
    await play(words('hi'));
    expect(JSON.stringify(rasa.seen)).not.toContain('5550006');
  });

  test('nothing when a call goes on where another stopped, and nothing of before is said', async () => {
    const resumed = { isResumed: true, state: { again: { message: 'ada@example.com' } } };
    const answer = await play({ is: 'start' }, resumed);
    expect(answer).toEqual({ state: {}, says: [{ text: 'Please go on where you were.' }], next: 'listen' });
    expect(rasa.seen).toEqual([]);
    await play(words('the printer'), resumed);
    expect(rasa.bodies()).toEqual([{ sender: 'h1', message: 'the printer' }]);
  });
});

describe("row 39: over Rasa's REST channel", () => {
  test('every message is spoken in order and options are read out', async () => {
    const answer = await answered(
      { recipient_id: 'h1', text: '**Hello!**' },
      { recipient_id: 'h1', image: 'https://x.example.com/cat.png' },
      { recipient_id: 'h1', text: 'What is the priority?', buttons: [{ title: 'low', payload: '/inform{"p":"low"}' }] },
      { recipient_id: 'h1', buttons: [{ title: '*high* 🔥', payload: '/inform{"p":"high"}' }, { title: 'other' }] },
    );
    expect(answer).toEqual({
      state: {},
      says: [{ text: 'Hello!' }, { text: 'What is the priority?' }],
      choices: [
        { title: 'low', value: '/inform{"p":"low"}' },
        { title: 'high', value: '/inform{"p":"high"}' },
        { title: 'other', value: 'other' },
      ],
      next: 'listen',
    });
    expect(notes).toEqual({ unread: 1 });
  });

  test('one message that cannot be read does not lose the others', async () => {
    const answer = await answered(
      null,
      7,
      'text',
      { text: { de: 'x' } },
      { text: 'One', buttons: 'none' },
      { text: null, custom: { payload: 'collapsible' } },
      {
        text: 'Two',
        buttons: [null, { title: 5 }, { title: 'A link', url: 'https://x.example.com' }, { title: '👍' }],
      },
      {
        text: 'Three',
        buttons: [
          { title: 'ok', payload: { not: 'text' } },
          { title: 'ok', payload: 'ok' },
        ],
      },
    );
    expect(heardOf(answer)).toEqual(['One', 'Two', 'Three']);
    expect(answer.choices).toEqual([{ title: 'ok', value: 'ok' }]);
    expect(notes).toEqual({ unread: 2 });
  });

  test.for([
    [[], 'hi', 'Sorry, I did not understand that. Please say it in other words.'],
    [[{ image: 'https://x.example.com/cat.png' }], 'hi', expect.stringContaining('other words')],
    [[{ text: '👍' }, { custom: {} }], 'hi', expect.stringContaining('other words')],
  ] as const)('%j asks again in other words', async ([messages, said, text]) => {
    rasa.answer = messages;
    expect(await play(words(said))).toEqual({ state: {}, says: [{ text }], isUnderstood: false, next: 'listen' });
  });

  test('of messages without end the first fifty are spoken', async () => {
    const answer = await answered(...Array.from({ length: 2_000 }, (_, nth) => ({ text: `Message ${nth}` })));
    expect(heardOf(answer)).toHaveLength(50);
    expect(heardOf(answer).at(-1)).toBe('Message 49');
  });

  test('a greeting that nothing comes of is made up for, in the language of the line', async () => {
    rasa.answer = [];
    expect(heardOf(await play({ is: 'start' }))).toEqual(['Hello. How can I help you?']);
    const german = await play({ is: 'start' }, { language: 'de' });
    expect(german).toMatchObject({ says: [{ text: 'Guten Tag. Wie kann ich Ihnen helfen?' }], next: 'listen' });
    expect(german).not.toHaveProperty('isUnderstood');
  });

  test('a payload that nobody has written by hand is no choice', async () => {
    const buttons = [500, 501].map((length) => ({ title: `${length}`, payload: 'x'.repeat(length) }));
    expect((await answered({ text: 'Which?', buttons })).choices).toMatchObject([{ title: '500' }]);
  });
});

describe('row 44: what Rasa wants done with a call', () => {
  test.for([
    [
      { handover: { topic: 'billing', reason: ' angry ', name: 'Ada', fields: { invoice: 4711, deep: {} } } },
      { topic: 'billing', reason: 'angry', name: 'Ada', fields: { invoice: '4711' } },
    ],
    [{ handover: { topic: 5, fields: [], lines: [{}] } }, undefined],
    [{ handover: {} }, undefined],
    [{ handover: true }, undefined],
    [[{ handover: { topic: 'a' } }], { topic: 'a' }],
  ] as const)('%j leads to a person', async ([custom, told]) => {
    const answer = await answered({ text: 'I connect you.' }, { custom }, { custom: { end: true } });
    expect(answer).toEqual({
      state: {},
      says: [{ text: 'I connect you.' }],
      ...(told && { known: told }),
      next: 'person',
    });
  });

  test('a helpdesk that offers other bots to who asks for a person leads to a person', async () => {
    const answer = await answered(
      { text: 'It looks like you want to be transferred to a human agent.' },
      {
        text: "I can't transfer you to a human, but I can transfer you to one of these bots",
        buttons: [{ title: 'Orders', payload: '/trigger_handoff{"handoff_to":"orders"}' }],
      },
    );
    expect(heardOf(answer)).toEqual(['It looks like you want to be transferred to a human agent.']);
    expect(answer.next).toBe('person');
  });

  test('end hangs up after what is said', async () => {
    const answer = await answered({ text: 'Bye' }, { custom: { end: true } });
    expect(answer).toEqual({ state: {}, says: [{ text: 'Bye' }], next: 'hang-up' });
  });

  test.for([
    { end: 'true' },
    { end: false },
    { handover: null },
    { handover: false },
    { handoff_host: 7 },
    'end',
    [[]],
  ])('%j is no wish', async (custom) => {
    expect(await answered({ text: 'Hm' }, { custom })).toMatchObject({ says: [{ text: 'Hm' }], next: 'listen' });
  });

  test('handoff_host gives it to a bot that is set up, however its address is written', async () => {
    const answer = await answered(
      { text: "Alright, I'll try to transfer you." },
      { custom: { handoff_host: `${ORDERS}/`, title: 'Orders' } },
    );
    expect(heardOf(answer)).toEqual(["Alright, I'll try to transfer you."]);
    expect(answer.next).toEqual({ bot: { is: 'rasa-host', url: ORDERS } });
  });

  test('a bot that was given it gives it back', async () => {
    rasa.answer = [{ custom: { handoff_host: RASA, title: 'Helpdesk' } }];
    const answer = await play(words('back please'), { ref: { is: 'rasa-host', url: ORDERS } });
    expect(answer).toMatchObject({ says: [], next: { bot: { is: 'rasa' } } });
  });

  test.for([
    'https://evil.example.com',
    'http://169.254.169.254/latest',
    `${ORDERS}@evil.example.com`,
    'javascript:alert(1)',
  ])('%s is refused: nobody has set it up', async (host) => {
    const answer = await answered({ text: 'I try.' }, { custom: { handoff_host: host } });
    expect(answer).toMatchObject({
      says: [{ text: 'I try.' }, { text: 'I am sorry, I cannot connect you to that.' }],
      next: 'listen',
    });
    expect(notes).toEqual({ handoff: 'not configured' });
    expect(JSON.stringify(notes)).not.toContain('evil');
  });

  test('a call does not go round: not to the same bot, and not on before somebody has spoken', async () => {
    expect(await answered({ custom: { handoff_host: RASA } })).toMatchObject({ next: 'listen' });
    rasa.answer = [{ custom: { handoff_host: RASA } }];
    const ref = { is: 'rasa-host', url: ORDERS } as const;
    expect(await play({ is: 'start', from: RASA }, { ref })).toMatchObject({ next: 'listen' });
    const again = { again: { message: '/handoff{}', opens: 'handoff' } };
    expect(await play({ is: 'go-on' }, { ref, state: again })).toMatchObject({ next: 'listen' });
    expect(notes).toEqual({ handoff: 'goes round' });
    expect(await play(words('back'), { ref })).toMatchObject({ next: { bot: { is: 'rasa' } } });
  });
});

describe('a message that Rasa', () => {
  const goesOn = (message: object) => ({
    state: { again: message },
    says: [{ text: 'One moment please.' }],
    next: 'go-on',
  });

  test.for([503, 429, 'html', 'success-false'] as const)(
    'surely did not take (%s) is sent once more after some words',
    async (manner) => {
      rasa.behave([manner, 'ok']);
      const first = await play(words('open a ticket'));
      expect(first).toEqual(goesOn({ message: 'open a ticket' }));
      const state = JSON.parse(JSON.stringify(first.state));
      expect(await play({ is: 'go-on' }, { state })).toMatchObject({ says: [{ text: 'Hello!' }], state: {} });
      expect(rasa.bodies()).toEqual(Array(2).fill({ sender: 'h1', message: 'open a ticket' }));
      rasa.behave(manner);
      await expect(play({ is: 'go-on' }, { state })).rejects.toMatchObject({ name: 'NotTaken', kind: 'unreachable' });
    },
  );

  test('cannot be given because nobody listens is sent once more', async () => {
    const gone = await startStandIn();
    await gone.close();
    const first = await play({ is: 'start' }, { url: gone.url });
    expect(first).toEqual(goesOn({ message: 'hello', opens: 'greeting' }));
    rasa.answer = [];
    expect(heardOf(await play({ is: 'go-on' }, { state: first.state }))).toEqual(['Hello. How can I help you?']);
  });

  const unsure: readonly (readonly [Manner, NotTaken['kind']])[] = [
    [500, 'unknown'],
    ['reset-after-send', 'unknown'],
    ['truncated-201', 'unknown'],
    [401, 'refused'],
    [404, 'refused'],
    ['redirect', 'refused'],
  ];
  test.for(unsure)('may have taken, or never will (%s), is not sent again', async ([manner, kind]) => {
    rasa.behave(manner);
    const fault = await play(words('my secret')).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(NotTaken);
    expect(fault).toMatchObject({ kind });
    expect(String((fault as Error).stack)).not.toMatch(/secret|cmFzYQ/);
    expect(rasa.seen).toHaveLength(1);
  });

  test.for([undefined, {}, { status: 'failure', message: 'x' }, 'text', 7])(
    'answers with %j is a fault',
    async (answer) => {
      rasa.answer = answer;
      await expect(play(words('hi'))).rejects.toMatchObject({ name: 'NotTaken', kind: 'unknown' });
    },
  );

  test('answers with more than a megabyte is a fault', async () => {
    rasa.answer = [{ text: 'x'.repeat(1_100_000) }];
    await expect(play(words('hi'))).rejects.toMatchObject({ name: 'NotTaken', kind: 'unknown' });
  });

  test('never answers is given up after 2.3 s, and 0.1 s before the turn is over', async () => {
    rasa.behave('hang');
    const took = stopwatch();
    await expect(play(words('hi'), { limitMs: 6_000 })).rejects.toMatchObject({ name: 'NotTaken', kind: 'unknown' });
    expect(took()).toBeLessThan(2_700);
    await expect(play(words('hi'), { limitMs: 1_250 })).rejects.toMatchObject({ kind: 'unknown' });
    expect(rasa.seen).toHaveLength(2);
  });

  test.for([undefined, null, {}, { again: 'hi' }, { again: { message: 5 } }])(
    'waits with a state nobody wrote (%j) is a fault, and nothing is sent',
    async (state) => {
      await expect(play({ is: 'go-on' }, { state })).rejects.toThrow();
      expect(rasa.seen).toEqual([]);
    },
  );
});

test('any JSON from Rasa gives an answer or a typed fault', async () => {
  const name = fc.constantFrom(
    'text',
    'buttons',
    'custom',
    'title',
    'payload',
    'handover',
    'end',
    'handoff_host',
    'url',
  );
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('/trigger_handoff{}', RASA, ORDERS, 'https://evil.example.com'),
    ),
    tree: fc.oneof(
      { maxDepth: 4 },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const allowed = [RASA, ORDERS];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(tree, { maxLength: 6 }), tree), async (json) => {
      const send = async () => ({ status: 200, headers: {}, body: JSON.stringify(json) ?? '' });
      const target = { url: RASA, authorization: undefined, send };
      const ref = { is: 'rasa' } as const;
      const deadline = startDeadline(steadyClock, 2_700);
      const turn = {
        state: undefined,
        heard: words('hi'),
        caller: { phone: undefined, isAttested: false },
        isResumed: false,
      };
      const ids = { conversationId: 'h1', turnId: 't1', nowMs: 0, note: () => {} };
      const bot = rasaBot({ ref, target, known, greeting: 'hello', language: 'en' });
      const answer = await bot.turn({ ...turn, ...ids, deadline }).catch((error: unknown) => error);
      deadline.close();
      if (answer instanceof NotTaken) return;
      const { next, says, choices = [], state, known: told } = answer as BotAnswer;
      expect(state).toEqual({});
      for (const text of Object.values(told?.fields ?? {})) expect(text).toEqual(expect.any(String));
      for (const said of [...heardOf({ says } as BotAnswer), ...choices.map(({ title }) => title)])
        expect(said).toMatch(/^[^<>\n]*[\p{L}\p{N}][^<>\n]*$/u);
      if (typeof next === 'object') expect(allowed).toContain(known.addressOf(next.bot));
    }),
    { numRuns: 2_000 },
  );
});

describe('the settings', () => {
  const read = (env: object) => {
    const faults: string[] = [];
    return [rasaSettings.read({ ...env }, faults), faults] as const;
  };

  test('greet with hello, and need nothing but the server', () => {
    expect(read({ RASA_URL: RASA })).toEqual([
      { RASA_URL: RASA, RASA_AUTHORIZATION: undefined, VOICE_BOT_GREETING: 'hello' },
      [],
    ]);
    expect(read({})[1]).toEqual([expect.stringContaining('RASA_URL is missing')]);
  });

  test.for(['http://rasa.example.com', `${RASA}/?token=secret`, `${RASA}#x`, 'rasa'])('%s is malformed', (RASA_URL) => {
    const [, faults] = read({ RASA_URL });
    expect(faults).toEqual([expect.stringMatching(/^RASA_URL is malformed/)]);
    expect(faults.join()).not.toContain('secret');
  });
});
