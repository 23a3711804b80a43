import { expect, test } from 'vitest';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryCodes, memoryIncidents, user } from '../../support/helpdesk-ports.ts';

const phone = '+15005550010';
const attested = { phone, isAttested: true };
const stored = /jane|printer|fire/i;

async function cutOff(parts = helpdeskParts()) {
  const call = helpdeskCall(parts, { conversationId: 'first' });
  await call.say('open an incident');
  await call.say('jane@example.com');
  await call.say('yes');
  await call.say('low');
  await call.say('the printer is on fire');
  return call;
}

const again = (state: unknown, parts = helpdeskParts(), caller = { phone, isAttested: false }) =>
  helpdeskCall(parts, { state, conversationId: 'first', caller });

test('a call goes on with its open question', async () => {
  const { state } = await cutOff();
  expect(await again(state).resume()).toEqual([words.goOn, words.askTitle]);
});

test('nothing that was said in an earlier call is read out, what is said in this one is', async () => {
  const { state } = await cutOff();
  const call = again(state);
  await call.resume();
  expect(await call.say('our toner')).toEqual([
    words.shouldIOpen,
    'email: the one from your last call.',
    'problem description: the one from your last call.',
    'title: our toner.',
    'priority: the one from your last call.',
  ]);
  expect((await call.say('yes')).join(' ')).not.toMatch(stored);
  expect(await call.say('check the status')).toEqual([
    'Would you like to use the last email address you used, the one from your last call?',
  ]);
  expect((await call.say('yes')).join(' ')).not.toMatch(stored);
});

test('an address that was to be confirmed is asked for anew', async () => {
  const first = helpdeskCall(helpdeskParts());
  await first.say('open an incident');
  await first.say('jane@example.com');
  const call = again(first.state);
  expect(await call.resume()).toEqual([words.goOn, words.askEmail]);
});

test('who was verified has to be verified anew, and nothing is read out before', async () => {
  const tickets = [{ number: 'INC7777777', title: 'Secret merger', openedAtMs: 0, state: 'new' as const }];
  const { incidents } = memoryIncidents([user('jane@example.com', { phones: [phone], tickets })]);
  const parts = helpdeskParts({ incidents });
  const first = helpdeskCall(parts, { caller: attested });
  await first.say('check the status');
  await first.say('jane@example.com');
  expect((await first.say('yes')).join(' ')).toContain('INC7777777');
  const call = again(first.state, parts);
  await call.resume();
  await call.say('check the status');
  expect(await call.say('yes')).toEqual([words.oneMoment, words.noTickets]);
  expect(call.last?.known?.name).toBeUndefined();
});

test('who had two wrong codes in the call before is sent a new one and has three tries', async () => {
  const { incidents } = memoryIncidents([user('jane@example.com', { mobile: phone })]);
  const { codes, sent } = memoryCodes();
  const parts = helpdeskParts({ incidents, codes });
  const first = helpdeskCall(parts);
  await first.say('check the status');
  await first.say('jane@example.com');
  await first.say('yes');
  await first.press('1');
  await first.press('2');
  const call = again(first.state, parts);
  expect(await call.resume()).toEqual([words.goOn, words.oneMoment, words.sendingCode, words.askCode]);
  expect(sent).toHaveLength(2);
  await call.press('3');
  expect(await call.press('4')).toEqual([words.wrongCode, words.askCode]);
  expect(await call.press('5')).toEqual([words.wrongCode, words.noTickets]);
});

test('nor is what was said for a form that had been left', async () => {
  const first = await cutOff();
  await first.say('check the status');
  const call = again(first.state);
  expect(await call.resume()).toEqual([words.goOn, words.askEmail]);
  expect(await call.say('open an incident')).toEqual([words.askTitle]);
  expect((await call.say('our toner')).join(' ')).not.toMatch(stored);
});

test('an incident whose opening was cut off is confirmed anew, and opened once', async () => {
  const { incidents, opened } = memoryIncidents([]);
  const parts = helpdeskParts({ incidents });
  const first = await cutOff(parts);
  await first.say('our toner');
  await first.turn({ is: 'words', text: 'yes', confidence: 1 });
  const cut = first.state;
  await first.turn({ is: 'go-on' });
  const call = again(cut, parts);
  expect((await call.resume()).slice(0, 3)).toEqual([words.goOn, words.oneMoment, words.shouldIOpen]);
  expect(await call.say('yes')).toEqual([words.oneMoment, words.opened('INC0010008'), words.anythingElse]);
  expect(opened).toHaveLength(1);
});

test('the last address of an earlier call is used again without being read out', async () => {
  const first = helpdeskCall(helpdeskParts());
  await first.say('check the status');
  await first.say('jane@example.com');
  await first.say('yes');
  const call = again(first.state);
  expect(await call.resume()).toEqual([words.goOn, words.whatCanIDo]);
  expect((await call.say('open an incident')).join(' ')).not.toMatch(stored);
});

test('an address that is given in this call in place of a stored one is read out', async () => {
  const { incidents } = memoryIncidents([user('john@example.com', { phones: [phone] }), user('joan@example.com')]);
  const call = again((await cutOff()).state, helpdeskParts({ incidents }), attested);
  expect(await call.resume()).toContain(words.notInSystem('', 'last-call'));
  await call.say('joan@example.com');
  await call.say('yes');
  expect(await call.say('our toner')).toContain('email: joan@example.com.');
});
