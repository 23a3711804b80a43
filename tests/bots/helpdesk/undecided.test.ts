import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUndecided } from '../../../shared/bots/helpdesk/undecided.ts';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { words } from '../../../shared/bots/helpdesk/words-en.ts';
import { helpdeskCall, helpdeskParts } from '../../support/helpdesk-call.ts';
import { memoryIncidents, user } from '../../support/helpdesk-ports.ts';

const undecided = [
  ...[
    'skip',
    'Skip it, please.',
    "let's skip this",
    'skip the question',
    "I don't know",
    'I do not really know',
    'dunno',
  ],
  ...['no idea', "I've got no clue", 'not sure', "um, I'm not sure, you decide", 'whatever', 'whatever you like'],
  ...["doesn't matter", "it doesn't really matter", "I don't care", 'I do not mind', 'up to you', 'who cares', 'next'],
  ...['leave it empty', 'no preference', 'hard to say', "I can't say", 'yes, I do not know', 'not applicable'],
];

/** Which sound like a cancel, a no, a yes, a question and nothing. */
const few = ['skip', "it doesn't really matter", "I've got no clue", 'not sure', 'who cares', 'whatever'];

/** An incident, as far as one of its questions. */
async function askedFor(question: string, wish = 'open an incident') {
  const { incidents, opened } = memoryIncidents([user('jane@example.com')]);
  const call = helpdeskCall(helpdeskParts({ understanding, incidents }));
  const answers = [wish, 'jane at example dot com', 'yes', 'low', 'the printer is on fire', 'fire'];
  for (const said of answers) {
    if ((await call.say(said)).join(' ').includes(question)) return { call, opened };
  }
  throw new Error(`never asked: ${question}`);
}

test.for([...undecided, "I don't know how urgent it is", 'any', 'the default'])(
  'a priority that nobody knows is medium, which is said: %s',
  async (said) => {
    const { call, opened } = await askedFor(words.askPriority);
    expect(await call.say(said)).toEqual([words.byDefault('medium'), words.askDescription]);
    await call.say('the printer is on fire');
    expect((await call.say('fire')).at(-1)).toBe('priority: medium.');
    await call.say('yes');
    expect(opened).toMatchObject([{ priority: 'medium' }]);
  },
);

test.for([
  ["I don't know, high I guess", [words.askDescription]],
  ['no idea, it is not urgent', [words.askDescription]],
  ['cancel', [words.cancelled, words.anythingElse]],
  ["I don't know, cancel it", [words.cancelled, words.anythingElse]],
  ['never mind', [words.cancelled, words.anythingElse]],
] as const)('who says more than that they do not know is heard: %s', async ([said, heard]) => {
  const { call } = await askedFor(words.askPriority);
  expect(await call.say(said)).toEqual(heard);
});

test.for(few)('a description may be left out, and a title then not: %s', async (said) => {
  const { call, opened } = await askedFor(words.askDescription);
  expect(await call.say(said)).toEqual([words.noDescription, words.askTitle]);
  expect(await call.say(said)).toEqual([words.needsTitle, words.askTitle]);
  expect(call.last?.isUnderstood).toBe(false);
  expect(await call.say('fire')).toContain('problem description: none.');
  await call.say('yes');
  expect(opened).toMatchObject([{ title: 'fire', description: expect.stringMatching(/^E-mail address given/) }]);
});

test('where the wish has a title already, nothing more is asked for after a skipped description', async () => {
  const { call } = await askedFor(words.askDescription, 'reset my password');
  const said = await call.say('skip');
  expect(said.slice(0, 2)).toEqual([words.noDescription, words.shouldIOpen]);
  expect(said).toContain('title: Problem resetting password.');
});

test.for(few)('a title that nobody gives is the beginning of the description: %s', async (said) => {
  const { call } = await askedFor(words.askTitle);
  expect(await call.say(said)).toContain('title: the printer is on fire.');
});

test('of a long description the title is no more than a title, and of one of the last call nothing is said', async () => {
  const { call } = await askedFor(words.askDescription);
  await call.say('the screen goes black whenever I plug in the second one '.repeat(8).trim());
  const title = (await call.say('skip')).find((line) => line.startsWith('title: ')) ?? '';
  expect(title).toMatch(/^title: the screen goes black .*\w\.$/);
  expect(title.length).toBeLessThan(90);
  const before = await askedFor(words.askTitle);
  const again = helpdeskCall(helpdeskParts({ understanding }), { state: before.call.state });
  await again.resume();
  expect(await again.say('skip')).toContain('title: the one from your last call.');
});

test.for(few)('an address that nobody gives is left out: %s', async (said) => {
  const { call } = await askedFor(words.askEmail);
  expect(await call.say(said)).toEqual([words.noAddress, words.askPriority]);
});

test.for(['confirm', 'reuse'] as const)('an address that was offered may be skipped as well (%s)', async (step) => {
  const { call } = await askedFor('Is that right?');
  if (step === 'reuse') {
    await call.say('yes');
    await call.say('cancel');
    expect((await call.say('open an incident')).join(' ')).toContain('Would you like to use');
  }
  expect(await call.say('skip')).toEqual([words.noAddress, words.askPriority]);
});

test('an address on file for the phone may be skipped as well', async () => {
  const phone = '+15005550010';
  const { incidents } = memoryIncidents([user('jane@example.com', { phones: [phone] })]);
  const parts = helpdeskParts({ understanding, incidents });
  const call = helpdeskCall(parts, { caller: { phone, isAttested: true } });
  await call.say('open an incident');
  expect(await call.say('skip')).toEqual([words.oneMoment, words.usePhone]);
  expect(await call.say('skip')).toEqual([words.noAddress, words.askPriority]);
});

test.for([...few.filter((said) => said !== 'skip'), 'is that right', 'yes no', 'I am not sure, yes'])(
  'a question for a yes or a no is asked again after: %s',
  async (said) => {
    const address = await askedFor('Is that right?');
    expect((await address.call.say(said)).at(-1)).toBe(words.isThatRight('jane, at example, dot com'));
    const details = await askedFor(words.shouldIOpen);
    expect(await details.call.say(said)).toContain(words.shouldIOpen);
    await details.call.say('yes');
    expect(details.opened).toHaveLength(1);
  },
);

test('who skips the question whether to open leaves it open', async () => {
  const { call, opened } = await askedFor(words.shouldIOpen);
  expect((await call.say('skip')).slice(0, 2)).toEqual([words.notUnderstood, words.shouldIOpen]);
  expect(opened).toEqual([]);
});

test('no other bot is taken by who does not care which', async () => {
  const bots = [{ title: 'the order bot', url: 'https://orders.example.com' }];
  const call = helpdeskCall(helpdeskParts({ understanding, bots }));
  await call.say('give me another bot');
  expect(await call.say('skip')).toEqual([words.whatElse]);
});

test.for([
  'skip button does not work',
  'I do not know how to print',
  'the next page is blank',
  'no idea why it is broken',
  'I am not sure what happened but the screen is black',
  'never mind',
  'leave it',
  'I would rather not',
  'password',
  'none',
  '',
])('somebody says more, or something else: %s', (said) => {
  expect(isUndecided(said)).toBe(false);
});

test('whatever is said, it takes no time to see', () => {
  const parts = ['skip', 'it', 'the', 'no', 'idea', 'leave', 'i', 'do not know', 'that', 'this one', 'please', 'x'];
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 5_000 }), fc.array(fc.constantFrom(...parts), { maxLength: 40 })),
      (said) => {
        const text = typeof said === 'string' ? said : said.join(' ');
        expect(typeof isUndecided(text)).toBe('boolean');
      },
    ),
    { numRuns: 300 },
  );
});
