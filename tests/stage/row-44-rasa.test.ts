import { describe, expect, test } from 'vitest';
import { helpdeskStage } from './helpdesk-stage.ts';

const stage = helpdeskStage({ VOICE_BOT: 'rasa' });

const GREETING = [
  'Hello!',
  'I can help you open a service request ticket, or check the status of your open incidents.',
];
const TO_PERSON = 'All right. I am connecting you with a person.';
const FAILED = 'I am sorry, something went wrong on our side. I am connecting you with a person.';

const { calls, until, seenByAgent } = stage;

const rasa = () => stage.ask<{ host: string; lines: { by: string; said: unknown }[] }[]>('GET', '/_stage/rasa');

const script = (...answers: readonly (readonly object[])[]) => stage.ask('POST', '/_stage/rasa/script', { answers });

const fail = (...mode: readonly string[]) => stage.ask('POST', '/_stage/faults', { vendor: 'rasa', mode });

test("row 39: over Rasa's REST channel every message is spoken in order and options are read out", async () => {
  const callSid = await calls(
    'I want to open an incident',
    'ada@example.com',
    'High.',
    'It is stuck',
    'Lamp',
    'yes',
    'See you, bye',
  );
  const { heard, status, alerts } = await stage.over(callSid);
  expect([status, alerts]).toEqual(['completed', []]);
  expect(heard.map(({ text }) => text)).toEqual([
    ...GREETING,
    'I want to open an incident',
    'What is your email address?',
    'ada@example.com',
    'What is the priority of this issue?',
    'For low, press 1. For medium, press 2. For high, press 3.',
    'High.',
    'What is the problem description for the issue?',
    'It is stuck',
    'What is the title of the issue?',
    'Lamp',
    expect.stringMatching(/^Should I open an incident with the following details\? email: ada@example\.com\. .*high$/),
    'For Yes, press 1. For No, press 2.',
    'yes',
    expect.stringMatching(/^An incident with the following details would be opened .* priority: high$/),
    'See you, bye',
    'Bye',
  ]);
  expect(await rasa()).toHaveLength(1);
  await stage.nobodyWasLeftAlone();
});

describe('row 44: a call that a Rasa bot has', () => {
  test.for([
    ['the caller asks for one', 'an agent please', []],
    [
      'Rasa’s helpdesk understands that one is wanted',
      'give this to a human being',
      ['It looks like you want to be transferred to a human agent.'],
    ],
    ['Rasa hands the call over', 'I want your supervisor', ['I connect you to a supervisor.']],
  ] as const)('gets a person with all that was said when %s', async ([, wish, told]) => {
    const callSid = await calls('I want to open an incident', 'ada@example.com', wish);
    expect((await until(callSid, TO_PERSON)).slice(5, -1).slice(0, told.length)).toEqual(told);
    const seen = await seenByAgent(callSid);
    expect(seen.lines.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      ...GREETING.map((text) => `bot: ${text}`),
      'customer: I want to open an incident',
      'bot: What is your email address?',
      'customer: ada@example.com',
      'bot: What is the priority of this issue?',
      `customer: ${wish}`,
      ...told.map((text) => `bot: ${text}`),
      `bot: ${TO_PERSON}`,
    ]);
    if (wish.includes('supervisor'))
      expect(seen).toMatchObject({ reason: 'asked for a supervisor', fields: { email: 'ada@example.com' } });
  });

  test('goes to the other bot that is set up, and back to the helpdesk', async () => {
    const { HANDOFF_BOTS = '' } = stage.settings;
    await script(
      [{ text: 'Hello!' }],
      [
        { text: 'I try to transfer you.' },
        { custom: { handoff_host: JSON.parse(HANDOFF_BOTS).orders.url, title: 'x' } },
      ],
    );
    const callSid = await calls('where is my order', 'it is 4711', 'go back', 'thanks');
    expect(await until(callSid, "You're welcome!")).toEqual([
      'Hello!',
      'I try to transfer you.',
      'Hello, this is the order bot.',
      'What is the number of your order?',
      'Order 4711 is on its way.',
      'Alright, back to the helpdesk.',
      ...GREETING,
      "You're welcome!",
    ]);
    const [helpdesk, orders] = await rasa();
    expect(orders?.lines[0]).toEqual({ by: 'user', said: `/handoff{"from_host":"${stage.settings.RASA_URL}"}` });
    expect(helpdesk?.lines.filter(({ by }) => by === 'user').at(-2)).toMatchObject({
      said: expect.stringMatching(/^\/handoff\{"from_host":"http:\/\/127.0.0.1:\d+\/orders"\}$/),
    });
    const sent = (await stage.events()).filter(({ vendor }) => vendor === 'rasa');
    expect(new Set(sent.map(({ body }) => JSON.parse(body).sender)).size).toBe(1);
  });

  test('goes to no bot that nobody has set up', async () => {
    const elsewhere = `${stage.url}/_stage/reset`;
    await script([{ text: 'Hello!' }], [{ text: 'I try.' }, { custom: { handoff_host: elsewhere } }]);
    const callSid = await calls('to the other one', 'thanks');
    expect(await until(callSid, "You're welcome!")).toEqual([
      'Hello!',
      'I try.',
      'I am sorry, I cannot connect you to that.',
      "You're welcome!",
    ]);
    const sent = (await stage.events()).filter(({ direction, url }) => direction === 'out' && url.includes('_stage'));
    expect(sent).toEqual([]);
    expect(stage.lines.join()).toContain('"handoff":"not configured"');
    expect(stage.lines.join()).not.toContain('_stage');
  });

  test('is never made to do anything by what Rasa says', async () => {
    await script([
      { text: '</Say></Gather><Dial>+19005550100</Dial> R&D <b>printer</b>', buttons: [{ title: '</Say><Hangup/>x' }] },
    ]);
    const callSid = await calls('x', 'bye');
    const { heard, alerts } = await stage.leg(callSid);
    await until(callSid, '+19005550100 R&D printer');
    expect(alerts).toEqual([]);
    expect(heard.map(({ text }) => text).join()).not.toContain('Dial');
    expect((await stage.legs()).map(({ to }) => to)).toEqual(['+15005550012']);
  });
});

describe('a Rasa server that', () => {
  test.for(['503', '429', 'html'])(
    'cannot take a message (%s) gets it once more, while the caller is told to wait',
    async (mode) => {
      await fail('ok', mode);
      const callSid = await calls('thanks');
      expect(await until(callSid, "You're welcome!")).toEqual([...GREETING, 'One moment please.', "You're welcome!"]);
      const [conversation] = await rasa();
      expect(conversation?.lines.filter(({ by }) => by === 'user')).toHaveLength(2);
    },
  );

  test('cannot take it twice: an apology, and a person', async () => {
    await fail('ok', '503', '503');
    const callSid = await calls('thanks');
    expect((await until(callSid, FAILED)).slice(2, 4)).toEqual(['One moment please.', FAILED]);
    expect((await seenByAgent(callSid)).lines).toContainEqual(expect.objectContaining({ text: 'thanks' }));
  });

  test.for(['500', 'reset-after-send', 'truncated-201', 'hang'])(
    'may have taken it (%s) is not told again: an apology, and a person',
    async (mode) => {
      await fail('ok', mode);
      const callSid = await calls('thanks');
      expect((await until(callSid, FAILED))[2]).toBe(FAILED);
      const sent = (await stage.events()).filter(({ vendor, body }) => vendor === 'rasa' && body.includes('thanks'));
      expect(sent).toHaveLength(1);
      await stage.isAnsweredInTime(callSid, FAILED);
      expect((await seenByAgent(callSid)).lines).toContainEqual(expect.objectContaining({ text: 'thanks' }));
    },
  );

  test.for<[string, readonly string[]]>([
    ['at the start', []],
    ['at the first question', ['ok']],
    ['after slow answers', ['slow', 'slow']],
  ])('hangs %s: nobody is in silence for 3 s, and there is an apology within 8 s, and a person', async ([, modes]) => {
    await fail(...modes, 'hang');
    const callSid = await calls('I want to open an incident', 'ada@example.com');
    await until(callSid, FAILED);
    await stage.isAnsweredInTime(callSid, FAILED);
    expect((await stage.taskOf(callSid)).state).toBe('pending');
    const told = (await stage.events()).filter(({ vendor }) => vendor === 'rasa').map(({ body }) => body);
    expect(new Set(told).size).toBe(told.length);
  });

  test('takes 1.5 s for each answer is asked after words from the second turn on, and the call succeeds', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'rasa', mode: 'slow' });
    const callSid = await calls('I want to open an incident', 'ada@example.com', 'See you, bye');
    for (const answer of ['What is your email address?', 'What is the priority of this issue?', 'Bye'])
      await until(callSid, answer);
    const { heard, status, longestSilenceSec } = await stage.over(callSid);
    expect(heard.map(({ text }) => text)).toEqual([
      ...GREETING,
      'I want to open an incident',
      'One moment please.',
      'What is your email address?',
      'ada@example.com',
      'One moment please.',
      'What is the priority of this issue?',
      'For low, press 1. For medium, press 2. For high, press 3.',
      'See you, bye',
      'One moment please.',
      'Bye',
    ]);
    expect(status).toBe('completed');
    expect(longestSilenceSec).toBeLessThanOrEqual(3);
    const [conversation] = await rasa();
    expect(conversation?.lines.filter(({ by }) => by === 'user')).toHaveLength(4);
  });

  test('fails inside, and so says nothing, asks for other words; the third time there is a person', async () => {
    const callSid = await calls('crash', 'crash', 'crash');
    const lines = await until(callSid, /connecting you with a person/);
    const again = 'Sorry, I did not understand that. Please say it in other words.';
    expect(lines.slice(2, 5)).toEqual([
      again,
      again,
      'I am sorry, I do not understand. I am connecting you with a person.',
    ]);
  });
});
