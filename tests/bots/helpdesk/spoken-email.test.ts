import { expect, test } from 'vitest';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryIncidents, user } from '../../support/helpdesk-ports.ts';

const phone = '+15005550010';
const attested = { caller: { phone, isAttested: true } };
const isThat = (spelled: string) => `I heard ${spelled}. Is that right?`;

test('a candidate that is not meant is followed by the next, then by spelling, then the form goes on without', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  expect(await call.say('jane@example.com or jan@example.com')).toEqual([isThat('jane at example dot com')]);
  expect(await call.say('no')).toEqual([isThat('jan at example dot com')]);
  expect(await call.say('no')).toEqual([words.spellIt]);
  expect(await call.say('jane@example.com')).toEqual([words.notUnderstood, words.spellIt]);
  expect(await call.say('mumble')).toEqual([words.noAddress, words.askPriority]);
  await call.say('low');
  await call.say('the printer is on fire');
  expect(await call.say('fire')).toContain('email: none.');
  expect(call.last?.known?.draft?.description).toContain('as it was heard: "jane@example.com or jan@example.com"');
});

test('who says the same address again means it, and with a no does not', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  await call.say('jane@example.com');
  expect(await call.say('it is jane@example.com')).toEqual([words.askPriority]);
  const other = helpdeskCall(helpdeskParts());
  await other.say('open an incident');
  await other.say('jane@example.com');
  expect(await other.say('no it is jane@example.com')).toEqual([words.spellIt]);
});

test('a correction in the same breath is read back', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  await call.say('jane@example.com');
  expect(await call.say('no it is joan@example.com')).toEqual([isThat('joan at example dot com')]);
  expect(await call.say('yes')).toEqual([words.askPriority]);
});

test('who would rather not say it need not', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  expect(await call.say('skip')).toEqual([words.noAddress, words.askPriority]);
});

test('without an address there is no status, but a person', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('check the status');
  expect(await call.say('I don’t have one')).toEqual([words.noTicketsWithoutAddress]);
  expect(call.last?.next).toBe('person');
});

test('an address that was not got is found by the calling number, and not read out', async () => {
  const { incidents, opened } = memoryIncidents([user('jane@example.com', { phones: [phone] })]);
  const call = helpdeskCall(helpdeskParts({ incidents }), attested);
  await call.say('reset my password');
  expect(await call.say('skip')).toEqual([words.oneMoment, words.usePhone]);
  expect(await call.say('yes')).toEqual([words.oneMoment, words.askPriority]);
  await call.say('low');
  const summary = await call.say('it does not work');
  expect(summary).toContain('email: the one on file for the phone you are calling from.');
  expect(summary.join(' ')).not.toContain('jane@');
  await call.say('yes');
  expect(opened).toMatchObject([{ callerId: 'jane@example.com' }]);
});

test('a number that is not vouched for finds nothing', async () => {
  const { incidents, asked } = memoryIncidents([user('jane@example.com', { phones: [phone] })]);
  const call = helpdeskCall(helpdeskParts({ incidents }), { caller: { phone, isAttested: false } });
  await call.say('open an incident');
  expect(await call.say('skip')).toEqual([words.noAddress, words.askPriority]);
  expect(asked).toEqual([]);
});

test('who is one of ours and gives addresses that are nobody’s comes to an end', async () => {
  const { incidents } = memoryIncidents([user('jane@example.com', { phones: [phone] })]);
  const call = helpdeskCall(helpdeskParts({ incidents }), attested);
  await call.say('open an incident');
  for (const name of ['a', 'b', 'c']) {
    await call.say(`${name}@example.com`);
    await call.say('yes');
  }
  expect(await call.say('no')).toEqual([words.noAddress, words.askPriority]);
});

test.for([
  ['an address that is said again after a no', 'help jane at gmail', ['help jane at gmail', 'no']],
  ['what sounds like an address and is none', 'hello dot', []],
] as const)('%s is a try, whatever else it may mean', async ([_, said, before]) => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('reset my password');
  for (const one of before) await call.say(one);
  expect(await call.say(said)).toEqual([words.notUnderstood, words.spellIt]);
});
