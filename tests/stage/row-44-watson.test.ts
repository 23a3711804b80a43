import { describe, expect, test } from 'vitest';
import { helpdeskStage } from './helpdesk-stage.ts';

const stage = helpdeskStage({ VOICE_BOT: 'watson' });
const { calls, until, seenByAgent } = stage;

const GREETING = [
  'Hello, this is the assistant of the shop.',
  'What is it about?',
  'For an order, press 1. For an invoice, press 2.',
];
const FAILED = 'I am sorry, something went wrong on our side. I am connecting you with a person.';

interface ApiSession {
  readonly id: string;
  readonly said: readonly string[];
}

const sessions = () => stage.ask<ApiSession[]>('GET', '/_stage/watson/sessions');
const fail = (...mode: readonly string[]) => stage.ask('POST', '/_stage/faults', { vendor: 'watson', mode });
/** As an operator would: the clock of a stage moves the callers, too. */
async function forgetSession(): Promise<void> {
  const { WATSON_URL, WATSON_API_KEY, WATSON_ASSISTANT_ID, WATSON_ENVIRONMENT_ID } = stage.settings;
  const [session] = await sessions();
  const path = `/v2/assistants/${WATSON_ASSISTANT_ID}/environments/${WATSON_ENVIRONMENT_ID}/sessions/${session?.id}`;
  const authorization = `Basic ${Buffer.from(`apikey:${WATSON_API_KEY}`).toString('base64')}`;
  const { status } = await fetch(`${WATSON_URL}${path}?version=2024-08-25`, {
    method: 'DELETE',
    headers: { authorization },
  });
  expect(status).toBe(200);
}

const sent = async (text: string) =>
  (await stage.events()).filter(
    ({ vendor, direction, body }) => vendor === 'watson' && direction === 'out' && body.includes(text),
  );

test('row 39: with Watson every message is spoken in order, options are read out, keys are taken, and the end is an end', async () => {
  const callSid = await calls('an invoice', '4711', 'an order', 'hm', 'That is all, thanks.');
  const { heard, status, alerts } = await stage.over(callSid);
  expect([status, alerts]).toEqual(['completed', []]);
  expect(heard.map(({ text }) => text)).toEqual([
    ...GREETING,
    'an invoice',
    'Please enter the number of the invoice.',
    '4711',
    'I have noted that. Is there anything else?',
    'an order',
    'Order 4711 left our house this morning.',
    'hm',
    'I have noted that. Is there anything else?',
    'That is all, thanks.',
    'Goodbye.',
  ]);
  expect((await sent('"input"')).map(({ body }) => JSON.parse(body).input.text)).toEqual([
    ...['', 'my invoice', '4711', 'an order', 'hm', 'That is all, thanks.'],
  ]);
  expect(await sessions()).toEqual([]);
  await stage.nobodyWasLeftAlone();
});

test("row 44: Watson's connect_to_agent on voice leads to a person with the transcript", async () => {
  await stage.assistant({ variables: { order: '4711', customer: 'C-9' }, messageToAgent: 'The order is lost.' });
  const wish = 'my order is lost and I want it sorted by a colleague of yours';
  const callSid = await calls('my order', wish);
  await until(callSid, 'One moment, I will get a person for you.');
  expect(await seenByAgent(callSid)).toMatchObject({
    reason: 'The order is lost.',
    topic: 'orders',
    fields: { order: '4711', customer: 'C-9' },
  });
  const { lines } = await seenByAgent(callSid);
  expect(lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
    ...GREETING.slice(0, 2).map((text) => `bot: ${text}`),
    'customer: my order',
    'bot: Order 4711 left our house this morning.',
    `customer: ${wish}`,
    'bot: One moment, I will get a person for you.',
    'bot: All right. I am connecting you with a person.',
  ]);
  expect(await sessions()).toEqual([]);
});

test('row 44: who asks the channel for a person gets one with what Watson had collected', async () => {
  await stage.assistant({ variables: { order: '4711' } });
  const callSid = await calls('my order', 'an agent please');
  await until(callSid, 'All right. I am connecting you with a person.');
  expect(await seenByAgent(callSid)).toMatchObject({ fields: { order: '4711' } });
});

test.for([
  ['the assistant', 'I want it sorted by a colleague of yours'],
  ['the channel', 'an agent please'],
] as const)(
  'row 44: the key of the history at Watson is in the task of the agent where %s fetches one',
  async ([, says]) => {
    const session_history_key = 'dev::latest::893499::dff9c274';
    await stage.assistant({ variables: { order: '4711', session_history_key } });
    const callSid = await calls('my order', says);
    await until(callSid, 'All right. I am connecting you with a person.');
    const { attributes } = await stage.taskOf(callSid);
    expect(attributes).toMatchObject({ sessionHistoryKey: session_history_key, handoverReason: 'assistant_transfer' });
    expect(await seenByAgent(callSid)).toMatchObject({ fields: { order: '4711' } });
    expect(JSON.stringify(await seenByAgent(callSid))).not.toContain(session_history_key);
  },
);

test('what a turn asked of Watson before a reset is not found after it', async () => {
  await fail('ok', 'slow');
  await calls('my order');
  await expect.poll(() => sent('"input"')).not.toEqual([]);
  await stage.ask('POST', '/_stage/reset');
  expect(await sessions()).toEqual([]);
});

test('a link is sent to the caller as a text message, and announced', async () => {
  const callSid = await calls('send me the link', 'and the link again', 'bye now');
  expect((await until(callSid, 'Goodbye.')).slice(3, 5)).toEqual([
    'I will send you a text message now.',
    'Go on in our chat:',
  ]);
  const texts = await stage.ask<{ to: string; body: string }[]>('GET', '/_stage/texts');
  expect(texts).toMatchObject([{ to: '+15005550001', body: 'Go on in our chat: https://shop.example.com/chat' }]);
  expect(stage.lines.join()).not.toContain('shop.example.com');
});

describe('an assistant that', () => {
  test.for(['503', '429'])(
    'cannot take a message (%s) gets it once more, while the caller is told to wait',
    async (mode) => {
      await fail('ok', 'ok', mode);
      const callSid = await calls('my order', 'goodbye then');
      expect((await until(callSid, 'Goodbye.')).slice(3, 5)).toEqual([
        'One moment please.',
        'Order 4711 left our house this morning.',
      ]);
    },
  );

  test.for(['500', 'reset-after-send', 'truncated-201', 'hang'])(
    'may have taken a message (%s) is not told again: an apology, and a person with the transcript',
    async (mode) => {
      await fail('ok', 'ok', mode);
      const callSid = await calls('my order');
      expect((await until(callSid, FAILED))[3]).toBe(FAILED);
      expect(await sent('my order')).toHaveLength(1);
      await stage.isAnsweredInTime(callSid, FAILED);
      const { lines } = await seenByAgent(callSid);
      expect(lines).toContainEqual(expect.objectContaining({ text: 'my order' }));
    },
  );

  test.for<[string, readonly string[]]>([
    ['at the start', []],
    ['at its greeting', ['ok']],
    ['after slow answers', ['ok', 'slow', 'slow']],
  ])('hangs %s: nobody is in silence for 3 s, and there is an apology within 8 s, and a person', async ([, modes]) => {
    await fail(...modes, 'hang', 'hang');
    const callSid = await calls('my order', 'hm');
    await until(callSid, FAILED);
    await stage.isAnsweredInTime(callSid, FAILED);
    expect((await stage.taskOf(callSid)).state).toBe('pending');
    for (const text of ['my order', '"hm"']) expect((await sent(text)).length).toBeLessThanOrEqual(1);
  });

  test('does not even begin: a person', async () => {
    await fail('500', '500');
    const callSid = await calls('my order');
    expect(await until(callSid, FAILED)).toEqual(['One moment please.', FAILED]);
  });

  test('has forgotten the session goes on in a new one', async () => {
    const callSid = await stage.callIn({ to: '+15005550012', waits: true });
    const say = (text: string) => stage.ask('POST', '/_stage/calls/say', { callSid, text });
    const asks = async () => Object(await stage.leg(callSid)).asks;
    await expect.poll(asks).toBeDefined();
    await say('my order');
    await until(callSid, 'Order 4711 left our house this morning.');
    await forgetSession();
    await expect.poll(asks).toBeDefined();
    await say('hm');
    await until(callSid, 'I have noted that. Is there anything else?');
    expect((await sessions()).map(({ said }) => said)).toEqual([['hm']]);
  });
});
