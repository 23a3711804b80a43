import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { watsonVoiceBot } from '../../shared/bots/watson/voice/index.ts';
import { watsonVoiceSettings } from '../../shared/bots/watson/voice/settings.ts';
import type { SendText } from '../../shared/core/call/telephony.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import type { HttpAnswer, HttpRequest } from '../../shared/core/http.ts';
import type { BotAnswer, BotTurn, Heard, VoiceCaller } from '../../shared/core/voice-bot/voice-bot.ts';
import { systemClock } from '../../shared/runtimes/system.ts';

const KEY = 'watson-api-key-0123456789abcdef';
const env = {
  WATSON_API_KEY: KEY,
  WATSON_URL: 'https://api.eu-de.assistant.watson.cloud.ibm.com/instances/i-1/',
  WATSON_ENVIRONMENT_ID: 'env-1',
  WATSON_ASSISTANT_ID: 'assistant-1',
};
const SESSIONS =
  'https://api.eu-de.assistant.watson.cloud.ibm.com/instances/i-1/v2/assistants/assistant-1/environments/env-1/sessions';

const attested: VoiceCaller = { phone: '+15005550006', isAttested: true };
let sent: Awaited<ReturnType<SendText>>['is'] = 'done';
const texts: { to: string; from: string; text: string }[] = [];
let asked: HttpRequest[] = [];
let notes: object[] = [];
/** What is answered to messages, one after the other; the last stays. */
let answers: (Partial<HttpAnswer> | { generic: readonly unknown[]; context?: unknown })[] = [];
beforeEach(() => {
  [asked, notes, answers] = [[], [], [{ generic: [] }]];
  texts.length = 0;
  sent = 'done';
});

const answer = (status: number, body: unknown): HttpAnswer => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

async function send(request: HttpRequest): Promise<HttpAnswer> {
  asked.push(request);
  const { pathname } = new URL(request.url);
  if (request.method === 'DELETE') return answer(200, {});
  if (pathname.endsWith('/sessions')) return answer(201, { session_id: `s-${asked.length}` });
  const next = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  if ('generic' in next) return answer(200, { output: { generic: next.generic }, context: next.context });
  return { status: 200, headers: {}, body: '', ...next };
}

const botOf = (given: Partial<typeof env> = env) =>
  watsonVoiceBot({
    settings: watsonVoiceSettings.read(given, []),
    send,
    language: 'en',
    texts: {
      sendText: async (text) => {
        texts.push(text);
        return { is: sent };
      },
      from: '+15005550010',
      countries: ['US'],
    },
  });

const turnOf = (heard: Heard, more: Partial<BotTurn> = {}): BotTurn => ({
  state: { session: 's-0' },
  heard,
  caller: attested,
  isResumed: false,
  conversationId: 'haaaaaaaaaaaaaaaa',
  turnId: 't-1',
  deadline: startDeadline(systemClock, 2_400),
  nowMs: 0,
  note: (given) => notes.push(given),
  ...more,
});

const ask = (heard: Heard, more?: Partial<BotTurn>): Promise<BotAnswer> => botOf().turn(turnOf(heard, more));

const words = (text: string): Heard => ({ is: 'words', text, confidence: 0.9 });
const bodyOf = (request: HttpRequest | undefined) => JSON.parse(request?.body ?? 'null');
const said = async (...generic: readonly unknown[]) => {
  answers = [{ generic }];
  return ask(words('hello'));
};

describe('a call', () => {
  test('begins with a session and the greeting of the assistant', async () => {
    answers = [{ generic: [{ response_type: 'text', text: 'Hello, <b>how</b> can I *help*?' }] }];
    const { says, state, next } = await ask({ is: 'start' }, { state: undefined });
    expect({ says, state, next }).toEqual({
      says: [{ text: 'Hello, how can I help?' }],
      state: { session: 's-1' },
      next: 'listen',
    });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${SESSIONS}?version=2024-08-25`,
      `POST ${SESSIONS}/s-1/message?version=2024-08-25`,
    ]);
    expect(asked[1]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`apikey:${KEY}`).toString('base64')}`,
    });
    expect(bodyOf(asked[1])).toEqual({
      input: { message_type: 'text', text: '', options: { return_context: true } },
      context: { global: { system: { user_id: 'haaaaaaaaaaaaaaaa' } }, integrations: { voice_telephony: {} } },
      user_id: 'haaaaaaaaaaaaaaaa',
    });
  });

  test('goes on in its session, with words and keys as texts that Watson takes', async () => {
    await ask(words(`two\nlines\tand ${'x'.repeat(3_000)}`));
    await ask({ is: 'keys', keys: '4711#' });
    const [long, keys] = asked.map((request) => bodyOf(request).input.text);
    expect(long).toMatch(/^two lines and x+$/);
    expect(long).toHaveLength(2_048);
    expect(keys).toBe('4711#');
    expect(asked.map(({ url }) => new URL(url).pathname.split('/').slice(-2).join('/'))).toEqual([
      's-0/message',
      's-0/message',
    ]);
  });

  test.for([
    ['the address of the sessions, as IBM shows it', { WATSON_URL: `${SESSIONS}` }, SESSIONS],
    [
      'no assistant: the environment stands for it',
      { WATSON_ASSISTANT_ID: '' },
      SESSIONS.replace('assistant-1/environments/', ''),
    ],
  ] as const)('takes %s', async ([, given, expected]) => {
    await botOf({ ...env, ...given }).turn(turnOf({ is: 'start' }, { state: undefined }));
    expect(asked[0]?.url).toBe(`${expected}?version=2024-08-25`);
  });

  test('has a session whose id is only an id', async () => {
    await ask(words('hello'), { state: { session: '../s?x=1#' } });
    expect(asked[0]?.url).toBe(`${SESSIONS}/..%2Fs%3Fx%3D1%23/message?version=2024-08-25`);
  });

  test('that was cut off goes on in its session only for a number that is proved, and tells nothing of it', async () => {
    const resumed = { isResumed: true, state: { session: 's-0' } };
    expect(await ask({ is: 'start' }, resumed)).toMatchObject({ state: { session: 's-0' }, next: 'listen' });
    expect(asked).toEqual([]);
    const other = await ask({ is: 'start' }, { ...resumed, caller: { ...attested, isAttested: false } });
    expect(other.state).toEqual({ session: 's-1' });
  });

  test('in which the assistant says nothing goes on', async () => {
    expect(await said()).toMatchObject({ isUnderstood: false, next: 'listen', says: [{ text: expect.any(String) }] });
    const greeted = await ask({ is: 'start' });
    expect(greeted).toMatchObject({ next: 'listen', says: [{ text: expect.any(String) }] });
    expect(greeted.isUnderstood).toBeUndefined();
  });
});

const text = (words: string) => ({ response_type: 'text', text: words });
const option = (label: string, input: object) => ({ label, value: { input } });
const agent = {
  response_type: 'connect_to_agent',
  topic: 'orders',
  message_to_human_agent: 'The order is lost.',
  agent_available: { message: 'One moment, <i>Bo</i> will help you.' },
};

describe('what the assistant answers', () => {
  test('is spoken in its order', async () => {
    const picture = { response_type: 'image', source: 'https://x.example/a.png', title: 'A map', description: 'of us' };
    const { says, choices, next } = await said(
      text('First.'),
      { response_type: 'pause', time: 1_200, typing: true },
      picture,
      { response_type: 'option', title: 'Which one?', options: [option('the red', { text: 'red' })] },
      text('Last.'),
    );
    const spoken = ['First.', { pauseSec: 2 }, 'A map', 'of us', 'Which one?', 'Last.'];
    expect(says.map((saying) => ('text' in saying ? saying.text : saying))).toEqual(spoken);
    expect(choices).toEqual([{ title: 'the red', value: 'red' }]);
    expect(next).toBe('listen');
  });

  const found = { body: `${'A long sentence about it. '.repeat(20)}`, title: 'Page' };
  const answered = { ...found, answers: [{ text: 'Forty-two.', confidence: 1 }] };
  test.for([
    [
      'an answer that was written from pages',
      { response_type: 'conversational_search', text: 'It is so.' },
      ['It is so.'],
    ],
    [
      'an answer that was found',
      { response_type: 'search', header: 'I found:', primary_results: [answered] },
      ['I found:', 'Forty-two.'],
    ],
    [
      'a page that was found, shortened',
      { response_type: 'search', primary_results: [found] },
      [`${'A long sentence about it. '.repeat(12).trim()}`.slice(0, 300).replace(/\.[^.]*$/, '.')],
    ],
    ['a page without a text', { response_type: 'search', header: '', primary_results: [{ title: 'Page' }] }, ['Page']],
    [
      'a film by its other text',
      { response_type: 'video', source: 'https://x.example', alt_text: 'How to open it' },
      ['How to open it'],
    ],
    ['a film that says nothing', { response_type: 'video', source: 'https://x.example' }, []],
    ['a date that is wanted', { response_type: 'date' }, []],
    ['what is for a web chat', { ...text('Click here'), channels: [{ channel: 'chat' }] }, []],
    [
      'what is for the phone',
      { ...text('Say it'), channels: [{ channel: 'chat' }, { channel: 'voice_telephony' }] },
      ['Say it'],
    ],
  ] as const)('%s', async ([, item, expected]) => {
    const { says } = await said(text('So:'), item);
    expect(says).toEqual(['So:', ...expected].map((words) => ({ text: words })));
  });

  test('is never silent for longer than three seconds', async () => {
    const pause = (time: unknown) => ({ response_type: 'pause', time });
    const { says } = await said(text('Wait.'), pause(60_000), pause(2_000), pause(-1), pause('5'), text('Done.'));
    expect(says).toEqual([{ text: 'Wait.' }, { pauseSec: 3 }, { text: 'Done.' }]);
  });

  test('that wants keys gets several', async () => {
    const collect = (parameters: object) => ({ response_type: 'dtmf', command_info: { type: 'collect', parameters } });
    expect((await said(collect({ termination_key: '#', count: 16 }))).listens).toEqual({ for: 'keys', mostKeys: 16 });
    expect((await said(collect({ minimum_count: 4, maximum_count: 8 }))).listens).toEqual({ for: 'keys', mostKeys: 8 });
    expect((await said(collect({ count: 1e9 }))).listens).toEqual({ for: 'keys', mostKeys: undefined });
    const sends = { response_type: 'dtmf', command_info: { type: 'send', parameters: { digits: [] } } };
    expect((await said(text('x'), sends)).listens).toEqual({ for: 'words' });
  });

  test('is as much as somebody can listen to', async () => {
    expect((await said(...Array.from({ length: 60 }, (_, nth) => text(`Number ${nth}.`)))).says).toHaveLength(50);
    const options = Array.from({ length: 30 }, (_, nth) => option(`number ${nth}`, { text: `${nth}` }));
    expect((await said({ response_type: 'option', title: 'Which?', options })).choices).toHaveLength(20);
  });

  test('that a call has no use for is ignored, with a note and without its words', async () => {
    const { says } = await said(
      text('Hello.'),
      { response_type: 'user_defined', user_defined: { a: 'secret' } },
      7,
      null,
    );
    expect(says).toEqual([{ text: 'Hello.' }]);
    expect(notes).toEqual([{ watsonIgnored: 3 }]);
  });

  test('offers suggestions that go back whole', async () => {
    const input = {
      message_type: 'text',
      text: 'cancel it',
      intents: [{ intent: 'cancel', confidence: 1 }],
      suggestion_id: 'sg-1',
      options: { restart: true },
    };
    const { says, choices } = await said({
      response_type: 'suggestion',
      title: 'Did you mean:',
      suggestions: [{ ...option('Cancel an order', input), output: { generic: [] } }],
    });
    expect(says).toEqual([{ text: 'Did you mean:' }]);
    const [choice = { title: '', value: '' }] = choices ?? [];
    expect(choice.title).toBe('Cancel an order');
    await ask({ is: 'choice', ...choice });
    expect(bodyOf(asked.at(-1)).input).toEqual({ ...input, options: { restart: true, return_context: true } });
  });

  test('offers a suggestion that is too long to keep by its words', async () => {
    const input = { text: 'cancel it', intents: [{ intent: 'x'.repeat(2_000), confidence: 1 }] };
    const { choices } = await said({ response_type: 'suggestion', title: '', suggestions: [option('Cancel', input)] });
    expect(choices).toEqual([{ title: 'Cancel', value: 'cancel it' }]);
  });

  test.for(['red', '{"text":"x"}', '{', '[1]'])('takes an option with the words %j for words', async (value) => {
    const { choices } = await said({
      response_type: 'option',
      title: 'Which?',
      options: [option('It', { text: value })],
    });
    await ask({ is: 'choice', ...(choices?.[0] ?? { title: '', value: '' }) });
    expect(bodyOf(asked.at(-1)).input.text).toBe(value);
  });

  test('row 44: leads to a person who knows why and what was collected, and lets the session be forgotten', async () => {
    const skills = { 'actions skill': { skill_variables: { order: '4711', session_history_key: 'a::b' } } };
    answers = [{ generic: [agent, { response_type: 'end_session' }], context: { skills } }];
    expect(await ask(words('I want a person'))).toMatchObject({
      says: [{ text: 'One moment, Bo will help you.' }],
      next: 'person',
      known: { reason: 'The order is lost.', topic: 'orders', fields: { order: '4711' }, sessionHistoryKey: 'a::b' },
      state: { session: undefined },
    });
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(asked[1]?.url).toBe(`${SESSIONS}/s-0?version=2024-08-25`);
    // Somebody waits meanwhile.
    expect(asked[1]?.tryMs).toBeLessThanOrEqual(500);
  });

  test('row 44: tells with every turn what was collected, for whoever asks for a person otherwise', async () => {
    const user_defined = { plate: 'AB-1', session_history_key: 'a::b' };
    answers = [{ generic: [text('x')], context: { skills: { 'main skill': { user_defined } } } }];
    expect((await ask(words('hello'))).known).toMatchObject({ fields: { plate: 'AB-1' }, sessionHistoryKey: 'a::b' });
  });

  test('hangs up at the end of a session', async () => {
    expect(await said(text('Goodbye.'), { response_type: 'end_session' })).toMatchObject({
      says: [{ text: 'Goodbye.' }],
      next: 'hang-up',
    });
  });
});

const transfer = (url: unknown, message: unknown = 'Go on here:') => ({
  response_type: 'channel_transfer',
  message_to_user: message,
  transfer_info: { target: { chat: { url } } },
});

describe('a link to a web chat', () => {
  test('goes to the caller as a text message, once in a call, and is announced', async () => {
    const first = await said(transfer('https://shop.example.com/chat?a=1'), transfer('https://shop.example.com/b'));
    expect(first.says[0]).toEqual({ text: 'Go on here:' });
    expect(first.next).toBe('listen');
    expect(texts).toEqual([
      { to: '+15005550006', from: '+15005550010', text: 'Go on here: https://shop.example.com/chat?a=1' },
    ]);
    await ask(words('again'), { state: first.state });
    await ask({ is: 'start', from: 'https://other.example.com' }, { state: first.state });
    expect(texts).toHaveLength(1);
  });

  test.for([
    ['done', true],
    ['unknown', true],
    ['refused', false],
    ['unavailable', false],
  ] as const)('of which the outcome is %s counts as sent: %s', async ([is, counts]) => {
    sent = is;
    const { state } = await said(transfer('https://shop.example.com'));
    expect(Object(state).hasText ?? false).toBe(counts);
  });

  test.for([
    ['to a number that is not proved', { caller: { ...attested, isAttested: false } }, 'https://shop.example.com'],
    ['to a withheld number', { caller: { phone: undefined, isAttested: true } }, 'https://shop.example.com'],
    [
      'to a country that is not allowed',
      { caller: { phone: '+447700900123', isAttested: true } },
      'https://shop.example.com',
    ],
    ['with an address inside', {}, 'https://10.0.0.1/chat'],
    ['with an address that is not secured', {}, 'http://shop.example.com'],
    ['with somebody’s name in its address', {}, 'https://a@shop.example.com'],
    ['with a password in its address', {}, 'https://:b@shop.example.com'],
    ['with a script', {}, 'javascript:alert(1)'],
    ['without an address', {}, undefined],
    ['that is long', {}, `https://shop.example.com/${'x'.repeat(600)}`],
  ] as const)('is not sent %s', async ([, more, url]) => {
    answers = [{ generic: [transfer(url)] }];
    expect(await ask(words('link'), more)).toMatchObject({ next: 'listen', says: [{ text: 'Go on here:' }] });
    expect(texts).toEqual([]);
  });
});

describe('a session that is gone', () => {
  const gone = answer(404, { error: 'Invalid Session', code: 404 });

  test('is followed by a new one in which it is said once more', async () => {
    answers = [gone, { generic: [text('Hello again.')] }];
    const { says, state } = await ask(words('my order'));
    expect(says).toEqual([{ text: 'Hello again.' }]);
    expect(state).toEqual({ session: 's-2' });
    expect(bodyOf(asked[2])).toEqual(bodyOf(asked[0]));
  });

  test('and one more is a fault', async () => {
    answers = [gone];
    await expect(ask(words('my order'))).rejects.toMatchObject({ kind: 'refused' });
    expect(asked).toHaveLength(3);
  });
});

describe('whatever comes back', () => {
  test('is an answer or a typed fault, in which nothing secret stands', async () => {
    const items = fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            response_type: fc.constantFrom(
              ...['text', 'option', 'suggestion', 'pause', 'image', 'search', 'date', 'dtmf', 'iframe', 'end_session'],
              ...['connect_to_agent', 'channel_transfer', 'user_defined', 'constructor', '__proto__', 'toString'],
            ),
            text: fc.jsonValue(),
            title: fc.jsonValue(),
            options: fc.oneof(fc.jsonValue(), fc.array(fc.record({ label: fc.string(), value: fc.jsonValue() }))),
            suggestions: fc.jsonValue(),
            time: fc.jsonValue(),
            channels: fc.jsonValue(),
            command_info: fc.jsonValue(),
            transfer_info: fc.jsonValue(),
            primary_results: fc.jsonValue(),
            agent_available: fc.jsonValue(),
            message_to_user: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
    );
    const bodies = fc.oneof(
      fc.record({ output: fc.record({ generic: items }), context: fc.jsonValue() }),
      fc.record({ output: fc.jsonValue() }),
      fc.jsonValue(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 413, 429, 500, 503),
        async (body, status) => {
          answers = [answer(status, body)];
          const outcome = await ask(words('+15005550006')).catch((error: unknown) => error);
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(NotTaken);
            expect(outcome.message).not.toContain(KEY);
            return;
          }
          const { says, choices = [], next, state } = outcome as BotAnswer;
          for (const saying of says) {
            if ('text' in saying) expect(saying.text).toMatch(/^[^<>\p{Cc}]+$/u);
            else expect(saying.pauseSec).toBeGreaterThan(0);
          }
          expect(choices.length).toBeLessThanOrEqual(20);
          expect(['listen', 'hang-up', 'person', 'go-on']).toContain(next);
          expect(JSON.stringify(state).length).toBeLessThan(20_000);
        },
      ),
      { numRuns: 500 },
    );
    expect(JSON.stringify(notes)).not.toContain('5005550006');
  });
});
