import { expect, test } from 'vitest';
import { helpdeskBot } from '../../../shared/bots/helpdesk/index.ts';
import { defaultLimits } from '../../../shared/bots/helpdesk/settings.ts';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { endlessTurn, memoryCodes, memoryIncidents, user } from '../../support/helpdesk-ports.ts';
import { helpdesk } from '../../support/voice-calls.ts';

const mobile = '+15005550011';
const tickets = [{ number: 'INC7777777', title: 'Problem', openedAtMs: 0, state: 'new' as const }];
const jane = user('jane@example.com', { mobile, pin: '2468', tickets });

/** A caller who was sent a code, if the address is on file. */
async function expectingCode(parts: Partial<Parameters<typeof helpdeskParts>[0]> = {}, address = jane.email) {
  const { codes, sent } = memoryCodes();
  const waited: number[] = [];
  const deadline = { ...endlessTurn, sleep: async (ms: number) => void waited.push(ms) };
  const all = helpdeskParts({ understanding, incidents: memoryIncidents([jane]).incidents, codes, ...parts });
  const call = helpdeskCall(all, { deadline });
  await call.say('what is the status of my ticket');
  await call.say(address);
  expect((await call.say('yes')).at(-1)).toBe(words.askCode);
  return { call, sent, waited };
}

test.for([
  'send me another code',
  'I did not get a code',
  "I didn't get it",
  'resend',
  'Could you re-send it, please?',
  'send it again',
  'no, send me another code',
  'new code please',
  'another one please',
  'can you text me again',
  'nothing arrived',
  'no code came',
  "the text hasn't come yet",
  "where's my code",
  'the code expired',
  "that code doesn't work",
  'I deleted the message',
  "I don't see any code",
])('another code is sent, and said to be: %s', async (said) => {
  const { call, sent } = await expectingCode();
  expect(await call.say(said)).toEqual([words.anotherCode, words.askCode]);
  expect(call.last?.listens).toEqual({ for: 'keys', mostKeys: 10, isSecret: true });
  expect(sent).toEqual([mobile, mobile]);
  expect((await call.press('123456')).join(' ')).toContain('INC7777777');
});

test.for([
  ["I didn't get that", words.askCode],
  ['slower please, I did not get it', words.askCode],
  ['sorry, I did not understand you', words.askCode],
  ['do not send me another code', words.noTickets],
  ['I have not got any', words.noTickets],
  ["it doesn't matter", words.noTickets],
  ['I lost my phone and have no code', words.noTickets],
  ['never mind the code, cancel', words.leftIt],
  ['I did not get a code, let me talk to an agent', words.person],
  ['send me another bot', words.noBots],
  ['did you send it to my mobile?', words.notUnderstood],
  ['what number did you send it to', words.askCode],
  ['I got another code', words.notUnderstood],
  ['I keep getting codes, stop sending me messages', words.notUnderstood],
  ['send it to my email instead', words.notUnderstood],
] as const)('none is sent to who wants none: %s', async ([said, heard]) => {
  const { call, sent } = await expectingCode();
  expect((await call.say(said))[0]).toBe(heard);
  expect(sent).toHaveLength(1);
});

test.for(['I have the code', 'the message came in', 'my phone is dead', 'code', 'let me open the message'])(
  'who speaks of the code or its phone begins no incident: %s',
  async (said) => {
    const { call } = await expectingCode();
    expect(await call.say(said)).toEqual([words.notUnderstood, words.askCode]);
    expect((await call.say('it is 1 2 3 4 5 6')).join(' ')).toContain('INC7777777');
  },
);

test('who wants something else while a code is expected gets that', async () => {
  const { call } = await expectingCode();
  expect(await call.say('my phone does not work, open a ticket')).toEqual([words.askEmail]);
  const other = await expectingCode();
  expect(await other.call.say('I need a new password')).toEqual([words.askEmail]);
});

test.for(['can I use my PIN', 'PIN please', 'I have a PIN'])(
  'who would rather key in a PIN is asked for it: %s',
  async (said) => {
    const { call, sent } = await expectingCode({ hasPins: true });
    expect(await call.say(said)).toEqual([words.askPin]);
    expect(sent).toHaveLength(1);
  },
);

test('who still gets none after the second shows who they are by the PIN, or gets a person', async () => {
  const { call, sent } = await expectingCode({ hasPins: true });
  await call.say('I did not get a code');
  expect(await call.say('still nothing')).toEqual([words.askPin]);
  expect(sent).toHaveLength(2);
  expect(await call.say('send me another code')).toEqual([words.notUnderstood, words.askPin]);
  expect(sent).toHaveLength(2);
  const other = await expectingCode();
  await other.call.say('I did not get a code');
  expect(await other.call.say('I did not get a code')).toEqual([words.noTickets]);
  expect(other.call.last?.next).toBe('person');
});

test('another code is no further try: the third that is wrong is the last', async () => {
  const { call } = await expectingCode();
  await call.press('1');
  await call.press('2');
  expect(await call.say('send me another code')).toEqual([words.anotherCode, words.askCode]);
  expect(await call.press('3')).toEqual([words.wrongCode, words.noTickets]);
});

test.for([jane.email, 'nobody@example.com'])(
  'every code counts, after the last of an hour there is a person, and each takes as long: %s',
  async (address) => {
    const { call, sent, waited } = await expectingCode({ limits: { ...defaultLimits, codesPerHour: 3 } }, address);
    for (let nth = 2; nth <= 3; nth++)
      expect(await call.say('send me another code')).toEqual([words.anotherCode, words.askCode]);
    expect(await call.say('send me another code')).toEqual([words.anotherCode, words.noTickets]);
    expect(call.last).toMatchObject({ next: 'person', known: { reason: 'not verified' } });
    expect(sent).toHaveLength(address === jane.email ? 3 : 0);
    expect(waited).toEqual([1_200, 1_200, 1_200]);
  },
);

test('no phone gets more codes in a day than its limit, however they are spread', async () => {
  const hourMs = 3_600_000;
  const { codes, sent } = memoryCodes();
  const limits = { ...defaultLimits, codesPerHour: 2, codesPerDay: 3 };
  const parts = helpdeskParts({ understanding, incidents: memoryIncidents([jane]).incidents, codes, limits });
  const ends: (string | object | undefined)[] = [];
  for (const hour of [1, 2, 3, 30]) {
    const call = helpdeskCall(parts, { nowMs: Date.UTC(2026, 5, 1) + hour * hourMs });
    await call.say('what is the status of my ticket');
    await call.say(jane.email);
    await call.say('yes');
    if (hour < 3) await call.say('send me another code');
    ends.push(call.last?.next);
  }
  expect(ends).toEqual(['listen', 'person', 'person', 'listen']);
  expect(sent).toHaveLength(4);
});

test('who was cut off while another code was on its way is sent one anew', async () => {
  const { codes, sent } = memoryCodes();
  const parts = helpdeskParts({ understanding, incidents: memoryIncidents([jane]).incidents, codes });
  const first = helpdeskCall(parts);
  await first.say('what is the status of my ticket');
  await first.say(jane.email);
  await first.say('yes');
  await first.turn({ is: 'words', text: 'send me another code', confidence: 0.9 });
  const call = helpdeskCall(parts, { state: first.state });
  expect(await call.resume()).toEqual([words.goOn, words.oneMoment, words.sendingCode, words.askCode]);
  expect(sent).toHaveLength(2);
});

test('a request that comes twice sends one code', async () => {
  const { codes, sent } = memoryCodes();
  const { incidents } = memoryIncidents([jane]);
  const bot = helpdeskBot(helpdeskParts({ understanding, incidents, codes }));
  const call = helpdesk({ bot: { turn: (turn) => bot.turn({ ...turn, deadline: endlessTurn }) } }).caller();
  await call.calls();
  for (const said of ['what is the status of my ticket', 'jane at example dot com', 'yes']) await call.says(said);
  for (const _ of ['looked up', 'sent']) await call.waits();
  expect((await call.says('send me another code')).said).toBe(words.anotherCode);
  expect((await call.again()).said).toBe(words.anotherCode);
  expect((await call.waits()).said).toBe(words.askCode);
  expect((await call.again()).said).toBe(words.askCode);
  expect(sent).toHaveLength(2);
  await call.presses('123456');
  expect((await call.waits()).said).toContain('INC7777777');
});
