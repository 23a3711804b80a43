import { expect, test } from 'vitest';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import type { Incident } from '../../../shared/servicenow/incidents.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryCodes, memoryIncidents, user } from '../../support/helpdesk-ports.ts';

const phone = '+15005550010';
const mobile = '+15005550011';
const day = (nth: number) => Date.UTC(2026, 4, nth);

const ticket = (nth: number, state: Incident['state']): Incident => ({
  number: `INC000000${nth}`,
  title: `Problem ${nth}`,
  openedAtMs: day(nth),
  state,
});

const attested = { caller: { phone, isAttested: true } };
const jane = user('jane@example.com', { name: 'Jane Doe', phones: [phone], mobile, pin: '2468' });
const withTickets = (...tickets: readonly Incident[]) => memoryIncidents([{ ...jane, tickets }]);

async function asked(call: ReturnType<typeof helpdeskCall>): Promise<readonly string[]> {
  await call.say('what is the status of my ticket');
  await call.say('jane@example.com');
  return call.say('yes');
}

test('row 42: a caller whose own number is vouched for hears the newest three tickets, newest first', async () => {
  const { incidents } = withTickets(
    ticket(1, 'closed'),
    ticket(2, 'on_hold'),
    ticket(3, 'in_progress'),
    ticket(4, 'new'),
  );
  expect(await asked(helpdeskCall(helpdeskParts({ incidents }), attested))).toEqual([
    words.oneMoment,
    words.found,
    'Incident INC0000004: "Problem 4", opened on May 4 is currently awaiting triage.',
    'Incident INC0000003: "Problem 3", opened on May 3 is currently in progress.',
    'Incident INC0000002: "Problem 2", opened on May 2 has been put on hold.',
    'And 1 more.',
    words.anythingElse,
  ]);
});

test.for([
  ['new', 'is currently awaiting triage'],
  ['in_progress', 'is currently in progress'],
  ['on_hold', 'has been put on hold'],
  ['resolved', 'has been resolved'],
  ['closed', 'has been closed'],
  ['canceled', 'has been canceled'],
  ['unknown', 'has a state that I cannot read out'],
] as const)('row 42: the state %s is said in words', async ([state, said]) => {
  const { incidents } = withTickets({ ...ticket(1, state), openedAtMs: Date.UTC(2020, 4, 21, 9, 57) });
  const heard = await asked(helpdeskCall(helpdeskParts({ incidents }), attested));
  expect(heard).toContain(`Incident INC0000001: "Problem 1", opened on May 21, 2020 ${said}.`);
});

test('row 42: without any tickets a clear sentence says so', async () => {
  const heard = await asked(helpdeskCall(helpdeskParts({ incidents: withTickets().incidents }), attested));
  expect(heard).toContain(words.none);
});

test.for([
  ['the number is not vouched for', { phone, isAttested: false }],
  ['the number is somebody else’s', { phone: '+15005550099', isAttested: true }],
  ['the number is withheld', { phone: undefined, isAttested: false }],
] as const)('row 42: nothing is read out where %s and there is no other way', async ([_, caller]) => {
  const { incidents, asked: partner } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents }), { caller });
  expect((await asked(call)).at(-1)).toBe(words.noTickets);
  expect(call.last).toMatchObject({ next: 'person', known: { reason: 'not verified', fields: { verified: 'no' } } });
  expect(partner).not.toContain('newest');
});

test('a number that several users have proves nothing', async () => {
  const { incidents } = memoryIncidents([
    { ...jane, tickets: [ticket(1, 'new')] },
    user('john@example.com', { phones: [phone] }),
  ]);
  expect((await asked(helpdeskCall(helpdeskParts({ incidents }), attested))).at(-1)).toBe(words.noTickets);
});

test('row 42: a code goes to the mobile phone on file, never to the calling number, and opens the tickets', async () => {
  const { incidents } = withTickets(ticket(1, 'new'));
  const { codes, sent } = memoryCodes();
  const call = helpdeskCall(helpdeskParts({ incidents, codes }), {
    caller: { phone: '+15005550099', isAttested: true },
  });
  expect(await asked(call)).toEqual([words.oneMoment, words.sendingCode, words.askCode]);
  expect(sent).toEqual([mobile]);
  expect(call.last?.listens).toEqual({ for: 'keys', mostKeys: 10, isSecret: true });
  expect(await call.press('000000')).toEqual([words.wrongCode, words.askCode]);
  const heard = await call.say('1 2 3 4 5 6');
  expect(heard).toContain('Incident INC0000001: "Problem 1", opened on May 1 is currently awaiting triage.');
  expect(call.last?.known?.fields).toMatchObject({ verified: 'by code' });
  await call.say('what is the status of my ticket');
  expect((await call.say('yes')).join(' ')).toContain('INC0000001');
  expect(sent).toHaveLength(1);
});

test('row 42: after three wrong codes a PIN is asked for, and after three wrong PINs a person comes', async () => {
  const { incidents } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents, codes: memoryCodes().codes, hasPins: true }));
  await asked(call);
  await call.press('1');
  await call.press('2');
  expect(await call.press('3')).toEqual([words.wrongCode, words.askPin]);
  await call.press('1');
  await call.press('2');
  expect(await call.press('3')).toEqual([words.wrongPin, words.noTickets]);
  expect(call.last?.next).toBe('person');
});

test('row 42: a PIN by keys opens the tickets', async () => {
  const { incidents } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents, hasPins: true }));
  expect((await asked(call)).at(-1)).toBe(words.askPin);
  expect((await call.press('2468')).join(' ')).toContain('INC0000001');
});

test('who has no code goes on to the PIN', async () => {
  const { incidents } = withTickets();
  const call = helpdeskCall(helpdeskParts({ incidents, codes: memoryCodes().codes, hasPins: true }));
  await asked(call);
  expect(await call.say('I have not got any')).toEqual([words.askPin]);
});

test.for([
  ['no never mind, stop', words.leftIt],
  ['start over, I did not mean that', words.again],
  ['cancel, I don’t want this', words.leftIt],
] as const)('who leaves while a code is asked for is not taken for one without a code: %s', async ([said, heard]) => {
  const { incidents } = withTickets();
  const call = helpdeskCall(helpdeskParts({ incidents, codes: memoryCodes().codes }));
  await asked(call);
  expect((await call.say(said))[0]).toBe(heard);
});

test('a code or a PIN that was entered is not in the state', async () => {
  const { incidents } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents, codes: memoryCodes().codes, hasPins: true }));
  await asked(call);
  for (const keys of ['977531', '977532', '977533', '977534', '2468']) {
    await call.press(keys);
    expect(JSON.stringify(call.last)).not.toContain(keys);
  }
});

test('a PIN that could not be held against anything is asked for once more, then a person comes', async () => {
  const { incidents, fails } = withTickets();
  const call = helpdeskCall(helpdeskParts({ incidents, hasPins: true }));
  await asked(call);
  fails.push(new NotTaken('unknown', 'status 500'), new NotTaken('unknown', 'status 500'));
  expect(await call.press('2468')).toEqual([words.notChecked, words.askPin]);
  expect(await call.press('2468')).toEqual([words.away]);
  expect(call.last?.next).toBe('person');
});

test('tickets that cannot be had are looked for twice, then a person comes', async () => {
  const { incidents, fails } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents }), attested);
  fails.push(
    undefined,
    undefined,
    new NotTaken('unreachable', 'status 503'),
    new NotTaken('unreachable', 'status 503'),
  );
  expect(await asked(call)).toEqual([words.oneMoment, words.found, words.stillLooking, words.away]);
  expect(call.last?.next).toBe('person');
});

test('who has waited for one fault is not made to wait for a second', async () => {
  const { incidents, fails } = withTickets(ticket(1, 'new'));
  const call = helpdeskCall(helpdeskParts({ incidents }), attested);
  const fault = new NotTaken('unknown', 'status 500');
  fails.push(fault, undefined, undefined, undefined, fault);
  expect(await asked(call)).toEqual([words.oneMoment, words.stillLooking, words.found, words.away]);
});

test('another address in the same call is another proof', async () => {
  const { incidents } = memoryIncidents([jane, user('john@example.com', { tickets: [ticket(1, 'new')] })]);
  const call = helpdeskCall(helpdeskParts({ incidents, hasPins: true }), attested);
  expect(await asked(call)).toContain(words.none);
  await call.say('what is the status of my ticket');
  await call.say('no');
  await call.say('john@example.com');
  expect(call.last?.known?.fields).toEqual({ verified: 'by caller id' });
  expect(await call.say('yes')).toEqual([words.oneMoment, words.askPin]);
  expect(call.last?.known).toMatchObject({ name: undefined, fields: { email: 'john@example.com', verified: 'no' } });
});

test('a user without an address has none on file for the phone', async () => {
  const { incidents } = memoryIncidents([{ ...jane, email: ' ' }]);
  const call = helpdeskCall(helpdeskParts({ incidents }), attested);
  await call.say('what is the status of my ticket');
  expect(await call.say('skip')).toEqual([words.oneMoment, words.noTicketsWithoutAddress]);
});
