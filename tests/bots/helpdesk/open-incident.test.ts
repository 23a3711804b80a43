import { expect, test } from 'vitest';
import { yesOrNo } from '../../../shared/bots/helpdesk/understand/yes-or-no.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { NotTaken } from '../../../shared/core/handover/not-taken.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryIncidents, user } from '../../support/helpdesk-ports.ts';
import { plainUnderstanding } from '../../support/plain-understanding.ts';

const lincoln = user('abraham.lincoln@example.com');

test('row 41: the conversation without an instance, turn by turn', async () => {
  const call = helpdeskCall(helpdeskParts());
  expect(await call.start()).toEqual([words.hello, words.offer, words.whatCanIDo]);
  expect(await call.say('hi')).toEqual([words.hello, words.offer]);
  expect(await call.say('i have a problem with my email')).toEqual(['What is your email address?']);
  expect(await call.say('anything@example.com')).toEqual(['I heard anything at example dot com. Is that right?']);
  expect(await call.say('yes')).toEqual(['What is the priority of this issue?']);
  expect(call.last?.choices?.map(({ title }) => title)).toEqual(['low', 'medium', 'high']);
  expect(await call.press('1')).toEqual(['What is the problem description for the issue?']);
  const details = [
    'email: anything@example.com.',
    "problem description: Can't log in to my email.",
    'title: Problem with email.',
    'priority: low.',
  ];
  expect(await call.say("Can't log in to my email")).toEqual([
    'Should I open an incident with the following details?',
    ...details,
  ]);
  expect(await call.press('1')).toEqual([
    'An incident with the following details would be opened if ServiceNow was connected:',
    ...details,
    words.anythingElse,
  ]);
  expect(await call.say('thanks. Can i check the status of my other tickets?')).toEqual([
    'Would you like to use the last email address you used, anything@example.com?',
  ]);
  expect(await call.say('Yes please')).toEqual([
    "Since ServiceNow isn't connected, I'm making this up!",
    'The most recent incident for anything@example.com is currently awaiting triage.',
    words.anythingElse,
  ]);
});

test('row 41: the conversation with an instance, turn by turn, of a caller who is one of ours', async () => {
  const phone = '+15005550010';
  const { incidents, opened } = memoryIncidents([{ ...lincoln, phones: [phone] }]);
  const call = helpdeskCall(helpdeskParts({ incidents }), { caller: { phone, isAttested: true } });
  await call.start();
  expect(await call.say('help me reset my password')).toEqual(['What is your email address?']);
  await call.say('idontexist@example.com');
  expect(await call.say('yes')).toEqual([
    'One moment.',
    `Sorry, "idontexist@example.com" isn't in our incident management system. Please try again.`,
    'What is your email address?',
  ]);
  await call.say('abraham.lincoln@example.com');
  expect(await call.say('yes')).toEqual(['One moment.', 'What is the priority of this issue?']);
  expect(await call.choose('high')).toEqual(['What is the problem description for the issue?']);
  expect(await call.say('Password stuck in a loop')).toEqual([
    'Should I open an incident with the following details?',
    'email: abraham.lincoln@example.com.',
    'problem description: Password stuck in a loop.',
    'title: Problem resetting password.',
    'priority: high.',
  ]);
  expect(await call.say('yes')).toEqual([
    'One moment.',
    'Successfully opened up incident INC0010008 for you. Someone will reach out soon.',
    words.anythingElse,
  ]);
  expect(opened).toMatchObject([{ callerId: lincoln.sysId, title: 'Problem resetting password', priority: 'high' }]);
  expect(await call.say('thanks')).toEqual([words.welcome, words.anythingElse]);
  expect(await call.say('no')).toEqual([words.goodbye]);
  expect(call.last?.next).toBe('hang-up');
});

/** An incident that is read back, of low priority, of somebody on file. */
async function readBack() {
  const { incidents, opened } = memoryIncidents([lincoln]);
  const call = helpdeskCall(helpdeskParts({ incidents, understanding: { ...plainUnderstanding, yesOrNo } }));
  for (const said of ['open an incident', lincoln.email, 'yes', 'low', 'the printer is on fire', 'fire'])
    await call.say(said);
  return { call, opened };
}

test('all slots are asked for in order, and a no cancels', async () => {
  const { incidents, opened } = memoryIncidents([lincoln]);
  const call = helpdeskCall(helpdeskParts({ incidents }));
  const last = async (said: Promise<readonly string[]>) => (await said).at(-1);
  expect(await last(call.say('open an incident'))).toBe(words.askEmail);
  expect(await last(call.say('jane@example.com'))).toContain('Is that right?');
  expect(await last(call.say('yes'))).toBe(words.askPriority);
  expect(await last(call.say('super high'))).toBe(words.askDescription);
  expect(await last(call.say('the printer is on fire'))).toBe(words.askTitle);
  expect(await last(call.say('fire'))).toBe('priority: high.');
  expect(await call.say('no')).toEqual(['Alright, I have cancelled the incident.', words.anythingElse]);
  expect(opened).toEqual([]);
});

test.for([
  ['no, it is high', 'high'],
  ['no, change the priority to high', 'high'],
  ['yes but make it high', 'high'],
] as const)('another priority does not cancel, and is read back: %s', async ([said, priority]) => {
  const { call, opened } = await readBack();
  expect((await call.say(said)).at(-1)).toBe(`priority: ${priority}.`);
  await call.say('yes');
  expect(opened).toMatchObject([{ priority, title: 'fire' }]);
});

test.for([
  ['no, the title is wrong', words.askTitle],
  ['change the description', words.askDescription],
  ['the priority is not right', words.askPriority],
  ['no, the email address is wrong', words.askEmail],
] as const)('a detail that is wrong is asked for anew: %s', async ([said, question]) => {
  const { call, opened } = await readBack();
  expect(await call.say(said)).toEqual([question]);
  expect(opened).toEqual([]);
});

test('an address that was wrong is nobody’s any more, and the next is looked up', async () => {
  const { call, opened } = await readBack();
  await call.say('no, the email address is wrong');
  await call.say('joan@example.com');
  expect((await call.say('yes'))[0]).toBe(words.oneMoment);
  await call.say('yes');
  expect(opened).toMatchObject([{ callerId: undefined }]);
  expect(opened[0]?.description).toContain('joan@example.com');
});

test('a priority that is told with the wish is not asked for', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open a high priority incident, my printer is broken');
  await call.say('jane@example.com');
  expect(await call.say('yes')).toEqual([words.askDescription]);
});

test('a high volume is no priority', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident, the volume is too high');
  await call.say('jane@example.com');
  expect(await call.say('yes')).toEqual([words.askPriority]);
});

test('of two priorities none is taken, whatever number is said with them', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  await call.say('jane@example.com');
  await call.say('yes');
  expect(await call.say('high or medium, 2 of us wait')).toContain(words.askPriority);
});

test('what is no priority is said to be none', async () => {
  const call = helpdeskCall(helpdeskParts());
  await call.say('open an incident');
  await call.say('jane@example.com');
  await call.say('yes');
  expect(await call.say('purple')).toEqual([
    'Sorry "purple" is not a valid priority. Please try again.',
    words.askPriority,
  ]);
  expect(call.last?.isUnderstood).toBe(false);
  expect(await call.say('number 2')).toEqual([words.askDescription]);
});

async function confirmed(call: ReturnType<typeof helpdeskCall>): Promise<readonly string[]> {
  await call.say('reset my password');
  await call.say('jane@example.com');
  await call.say('yes');
  await call.say('low');
  await call.say('it does not work');
  return call.say('yes');
}

test('an incident that was not taken at once is opened in the second try, once', async () => {
  const { incidents, opened, fails } = memoryIncidents([]);
  const call = helpdeskCall(helpdeskParts({ incidents }));
  fails.push(undefined, new NotTaken('unknown', 'status 500'));
  expect(await confirmed(call)).toEqual([
    words.oneMoment,
    words.stillLooking,
    words.opened('INC0010008'),
    words.anythingElse,
  ]);
  expect(opened).toHaveLength(1);
});

test.for(['unreachable', 'unknown'] as const)(
  'an instance that is away (%s) gets an apology, and a person with the draft',
  async (kind) => {
    const { incidents, fails } = memoryIncidents([]);
    const call = helpdeskCall(helpdeskParts({ incidents }));
    fails.push(undefined, new NotTaken(kind, 'away'), new NotTaken(kind, 'away'));
    expect(await confirmed(call)).toEqual([words.oneMoment, words.stillLooking, words.away]);
    expect(call.last).toMatchObject({
      next: 'person',
      known: {
        topic: 'incident',
        draft: {
          short_description: 'Problem resetting password',
          urgency: '3',
          impact: '3',
          caller: 'jane@example.com',
        },
      },
    });
  },
);

test('an instance that refuses is not asked twice', async () => {
  const { incidents, fails, asked } = memoryIncidents([]);
  const call = helpdeskCall(helpdeskParts({ incidents }));
  fails.push(undefined, new NotTaken('refused', 'status 403'));
  expect(await confirmed(call)).toEqual([words.oneMoment, words.away]);
  expect(asked.filter((what) => what === 'open')).toHaveLength(1);
});

test('a turn that comes twice opens one incident, and a second wish another', async () => {
  const { incidents, opened } = memoryIncidents([]);
  const call = helpdeskCall(helpdeskParts({ incidents }));
  await call.say('reset my password');
  await call.say('jane@example.com');
  await call.say('yes');
  await call.say('low');
  await call.say('it does not work');
  const { state } = call;
  await call.say('yes');
  const again = helpdeskCall(helpdeskParts({ incidents }), { state, conversationId: 'call-of-before' });
  await again.say('yes');
  expect(opened).toHaveLength(2);
  const same = helpdeskCall(helpdeskParts({ incidents }), { state, conversationId: 'call-of-before' });
  await same.say('yes');
  expect(opened).toHaveLength(2);
  await same.say('reset my password');
  await same.say('yes');
  await same.say('low');
  await same.say('it does not work');
  await same.say('yes');
  expect(opened).toHaveLength(3);
});
