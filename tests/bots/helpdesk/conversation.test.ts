import { expect, test } from 'vitest';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryIncidents } from '../../support/helpdesk-ports.ts';

const bots = [
  { title: 'the order bot', url: 'https://orders.example.com' },
  { title: 'the travel bot', url: 'https://travel.example.com' },
];

const newCall = () => helpdeskCall(helpdeskParts({ bots }));

/** A form that has got as far as its description. */
async function described() {
  const call = newCall();
  await call.say('open an incident');
  await call.say('jane@example.com');
  await call.say('yes');
  expect(await call.say('low')).toEqual([words.askDescription]);
  return call;
}

test.for([
  ['help', [words.offer, ...words.examples]],
  ['are you a bot', [words.bot, words.whatCanIDo]],
  ['what is the weather like', [words.outOfScope, words.whatElse]],
  ['thanks', [words.welcome, words.anythingElse]],
  ['yes', [words.whatCanIDo]],
  ['no', [words.whatElse]],
  ['stop', [words.leftIt, words.whatElse]],
  ['start over', [words.again, words.whatCanIDo]],
  ['wibble wobble', [words.notUnderstood]],
] as const)('without a form: %s', async ([said, heard]) => {
  const call = newCall();
  await call.start();
  expect(await call.say(said)).toEqual(heard);
  const isLost = ['wibble wobble', 'what is the weather like', 'stop', 'yes', 'no'].includes(said);
  expect(call.last?.isUnderstood).toBe(isLost ? false : undefined);
});

test.for([
  ['no, open an incident', words.askEmail],
  ['okay, check my ticket', words.askEmail],
] as const)('a wish may come with an answer to what was asked before: %s', async ([said, heard]) => {
  const call = helpdeskCall(helpdeskParts({ understanding }));
  await call.start();
  await call.say('thanks');
  expect((await call.say(said))[0]).toBe(heard);
});

test.for([
  ['help', [words.offer, ...words.examples]],
  ['are you a bot', [words.bot]],
  ['what is the weather like', [words.outOfScope]],
  ['thank you', [words.welcome]],
  ['hello', [words.hello]],
  ['yes', [words.notUnderstood]],
  ['no', [words.notUnderstood]],
  ['um', [words.takeYourTime]],
  ['Okay, hold on a second.', [words.takeYourTime]],
] as const)('in the middle of a form the question comes again after: %s', async ([said, heard]) => {
  expect(await (await described()).say(said)).toEqual([...heard, words.askDescription]);
});

test.for([
  'my outlook agent keeps crashing',
  'the agent keeps crashing',
  'no sound',
  'my agent has a blue face',
  'the status page of our shop shows an error',
  'I cannot open the help window',
  'my computer says are you a robot all the time',
  'the parcel bot at the door fell over and a person from the yard had to stop it',
  'thank you letters are printed without the address so please help me with them today',
  'somebody stole the toner',
  'I have to hold on to the lid',
])('words about a problem are its description: %s', async (said) => {
  expect(await (await described()).say(said)).toEqual([words.askTitle]);
});

test.for([
  ['cancel', [words.cancelled, words.anythingElse], 'listen'],
  ['start over please', [words.again, words.whatCanIDo], 'listen'],
  ['let me talk to an agent', [words.person], 'person'],
  ['goodbye', [words.goodbye], 'hang-up'],
] as const)('a form is left by: %s', async ([said, heard, next]) => {
  const call = await described();
  expect(await call.say(said)).toEqual(heard);
  expect(call.last?.next).toBe(next);
});

test('who asks for a moment is in no hurry, and their next no is the same as before', async () => {
  const call = helpdeskCall(helpdeskParts({ understanding }));
  await call.say('open an incident');
  for (const said of ['hold on', 'hang on', 'wait a second', 'um, let me get my phone', 'let me think'])
    expect(await call.say(said)).toEqual([words.takeYourTime, words.askEmail]);
  await call.say('jane at example dot com');
  expect((await call.say('let me think')).at(-1)).toContain('Is that right?');
  await call.say('yes');
  expect(await call.say('wait one second')).toEqual([words.takeYourTime, words.askPriority]);
  await call.say('low');
  for (const said of ['what?', 'sorry?']) expect(await call.say(said)).toEqual([words.askDescription]);
  await call.say('cancel');
  expect(await call.say('hang on')).toEqual([words.takeYourTime]);
  expect(await call.say('no')).toEqual([words.goodbye]);
});

test('keys where none are asked for are not to be said in other words', async () => {
  const call = newCall();
  expect(await call.press('7')).toEqual([words.noKeys, words.whatCanIDo]);
  await call.say('open an incident');
  expect(await call.press('7')).toEqual([words.noKeys, words.askEmail]);
  await call.say('jane@example.com');
  expect(await call.press('7')).toEqual([words.notAKey, words.isThatRight('jane at example dot com')]);
  expect(call.last?.isUnderstood).toBe(false);
});

test('keys that are no PIN are asked for again, not for words', async () => {
  const call = helpdeskCall(helpdeskParts({ incidents: memoryIncidents([]).incidents, hasPins: true }));
  await call.say('check the status of tickets');
  await call.say('jane@example.com');
  expect((await call.say('yes')).at(-1)).toBe(words.askPin);
  expect(await call.press('*7')).toEqual([words.notUnderstood, words.askPin]);
});

test('a long description is opened whole and read out as far as anybody listens', async () => {
  const call = await described();
  const long = 'the screen goes black whenever I plug in the second one '.repeat(8).trim();
  await call.say(long);
  const said = await call.say('the screen');
  const readOut = said.find((line) => line.startsWith('problem description: ')) ?? '';
  expect(readOut).toMatch(/^problem description: the screen goes black .* goes black whenever I and so on\.$/);
  expect(readOut.length).toBeLessThan(250);
  expect(call.last?.known?.fields).toMatchObject({ description: long });
});

test('a title that is cut ends without a blank', async () => {
  const call = await described();
  await call.say('it is broken');
  const said = await call.say(`${'a'.repeat(99)} b c`.padEnd(300, ' d'));
  expect(said.find((line) => line.startsWith('title:'))).not.toMatch(/ \.$/);
});

test('a person gets the slots by their names and the incident as it would be opened', async () => {
  const call = await described();
  await call.say('the printer is on fire');
  await call.say('let me talk to an agent');
  expect(call.last?.known).toEqual({
    topic: 'incident',
    reason: 'asked for a person',
    name: undefined,
    fields: { email: 'jane@example.com', priority: 'low', description: 'the printer is on fire', verified: 'no' },
    draft: {
      description: 'the printer is on fire\n\nE-mail address given by the caller: jane@example.com',
      urgency: '3',
      impact: '3',
      caller: 'jane@example.com',
    },
  });
});

test('who turns to another form finds the first one as it was left', async () => {
  const call = await described();
  expect(await call.say('check the status of tickets')).toEqual([words.askEmail]);
  await call.say('jane@example.com');
  expect((await call.say('yes')).at(-1)).toBe(words.goOnWith);
  expect(await call.say('open an incident')).toEqual([words.askDescription]);
  await call.say('it is broken');
  expect(await call.say('broken thing')).toContain('priority: low.');
});

test('another bot is chosen by key or by name, and gets the call', async () => {
  const call = newCall();
  expect(await call.say('give me another bot')).toEqual([words.bots]);
  expect(call.last?.choices?.map(({ title }) => title)).toEqual(bots.map(({ title }) => title));
  expect(await call.say('the travel bot please')).toEqual([words.transferring]);
  expect(call.last?.next).toEqual({ bot: { is: 'rasa-host', url: 'https://travel.example.com' } });
  await call.say('give me another bot');
  await call.press('1');
  expect(call.last?.next).toEqual({ bot: { is: 'rasa-host', url: 'https://orders.example.com' } });
});

test('a bot that is named to be refused does not get the call', async () => {
  const call = newCall();
  await call.say('give me another bot');
  expect(await call.say('not the order bot')).not.toContain(words.transferring);
  expect(await call.say('no, the travel bot')).toEqual([words.transferring]);
});

test('no bot is taken where none is wanted, and none is offered where there is none', async () => {
  const call = newCall();
  await call.say('give me another bot');
  expect(await call.say('no')).toEqual([words.whatElse]);
  expect(await helpdeskCall(helpdeskParts()).say('give me another bot')).toEqual([words.noBots]);
});

test('a call that another bot gives back is greeted', async () => {
  const call = newCall();
  await call.say('give me another bot');
  await call.press('1');
  expect(await call.heard({ is: 'start', from: 'rasa-host' })).toEqual([words.hello, words.offer, words.whatCanIDo]);
});

test.for([[null], ['nonsense'], [{ form: { is: 'other' } }], [{ kept: 7 }]])(
  'a state that cannot be read (%j) is an apology and a fresh start',
  async ([state]) => {
    const call = helpdeskCall(helpdeskParts(), { state });
    expect(await call.say('open an incident')).toEqual([words.lost, words.askEmail]);
  },
);

test('story: greeting and help', async () => {
  const call = newCall();
  await call.say('hi');
  expect((await call.say('help me'))[0]).toBe(words.offer);
  await call.say('bye');
  expect(call.last?.next).toBe('hang-up');
});

test('an address that was turned down meanwhile is not offered by the form that was left', async () => {
  const call = await described();
  await call.say('cancel');
  expect(await call.say('check the status of tickets')).toEqual([words.reuse('jane@example.com', undefined)]);
  await call.say('open an incident');
  await call.say('no');
  expect(await call.say('check the status of tickets')).toEqual([words.askEmail]);
  expect(call.last?.choices).toBeUndefined();
  expect(await call.say('mumble')).toEqual([words.notUnderstood, words.spellIt]);
});

test('story: a cancelled incident leaves nothing but the address', async () => {
  const call = await described();
  await call.say('cancel');
  expect(await call.say('open an incident')).toEqual([words.reuse('jane@example.com', undefined)]);
  expect(await call.say('no')).toEqual([words.askEmail]);
  await call.say('john@example.com');
  expect(await call.say('yes')).toEqual([words.askPriority]);
});

test('who wants what is on already has not answered', async () => {
  const call = newCall();
  await call.say('open an incident');
  expect(await call.say('open an incident')).toEqual([words.notUnderstood, words.askEmail]);
  expect(call.last?.isUnderstood).toBe(false);
});
