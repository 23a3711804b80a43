import fc from 'fast-check';
import { expect, test } from 'vitest';
import { understanding } from '../../../shared/bots/helpdesk/understand/index.ts';
import { intents } from '../../../shared/bots/helpdesk/understanding.ts';

const { understood, yesOrNo, priorityIn, numberIn, keysIn, emailCandidates, spelledOut } = understanding;

const said = (means: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(means).flatMap(([meaning, texts]) => texts.map((text) => [text, meaning] as const));

test.for(
  said({
    yes: [
      ...[
        "yeah that's right",
        'yep',
        'Correct.',
        'uh huh',
        'Uh-huh.',
        'mm-hmm',
        'sure why not',
        'why not',
        'of course',
        'no problem',
      ],
      ...[
        'I think so',
        'it is',
        'yes please',
        'go ahead',
        'please do',
        "that's it",
        "that's mine",
        "it's fine",
        'sounds great',
      ],
      ...[
        "yes that's my email address thank you",
        'nothing wrong with that',
        "you're right",
        'yes yes',
        'um yes that one',
        'is that right? yes',
        'could you do that please',
        'yes, why not',
      ],
    ],
    no: [
      ...[
        "no that's wrong",
        'nope',
        'not really',
        'no no',
        "no that's not right",
        "that's not correct",
        "that isn't it",
        'uh uh',
      ],
      ...[
        'of course not',
        "I don't think so",
        'it is not',
        'no thank you',
        "please don't",
        'never',
        "that's not mine",
        'not now',
      ],
      ...[
        'you got it wrong',
        'no, what do I do now',
        'absolutely not',
        'I would rather not',
        'No, I said Jane',
        "that's the wrong one",
        'do not open it',
      ],
      ...['no it is j p k at be spoken dot i o', 'know', "Know, that's wrong."],
    ],
    undefined: [
      ...[
        'maybe',
        'yes no',
        'no, yeah',
        'yes, I do not know',
        'I am not sure, yes',
        "no, I'm not really sure",
        'I have no idea, yes',
        'maybe yes',
        "I don't know if that is right",
        'is that right',
        'Is it correct?',
        'are you sure that is right',
        'how do I know that this is right',
        'did you say yes',
        'what do I do now',
        'I am not good with phones, what can I do',
        "I can't say yes",
        'I do not understand',
        'sorry, I did not hear that',
        "I don't mind",
        'why',
        'okay, what',
        "I'm not sure",
        "I don't know",
        'I know',
        'right now',
        'hello',
        '',
        'potato',
        'vendor',
        'jane',
        'jolly',
        'no, no, that is right',
      ],
      'the printer on the second floor is not working at all right now and I need it',
      'the printer on the second floor has printed yes on every page since monday morning',
    ],
  }),
)('%j is a yes or a no: %s', ([text, meaning]) => {
  expect(String(yesOrNo(text))).toBe(meaning);
});

test.for(
  said({
    low: [
      ...[
        'low',
        'Very low.',
        'the lowest',
        'lo',
        'not urgent',
        "it's not urgent",
        'not that important',
        'nothing urgent',
        'no rush',
      ],
      ...['it can wait', 'whenever you can', 'not high just low', 'no not high, low', 'one', '1.', 'number one'],
    ],
    medium: [
      ...[
        'medium',
        'normal',
        'meet him',
        'I would say medium',
        'somewhere in the middle',
        'high no wait medium',
        'not high medium',
      ],
      ...['neither high nor low', 'two', 'to', 'the second', 'priority two'],
    ],
    high: [
      ...[
        'high',
        'High!',
        'super high',
        'urgent',
        'critical',
        'asap',
        'as soon as possible please',
        'as high as possible',
        'hi',
      ],
      ...[
        "it's hi",
        'hi priority',
        "it can't wait",
        'low no high',
        'not sure maybe high',
        "it's pretty important",
        'emergency',
      ],
      ...['number three', 'option 3', 'the third one'],
    ],
    undefined: [
      ...[
        'not high',
        'not number 3',
        'not 3',
        'it is not a high priority',
        'high is not needed',
        'medium or high',
        'hi there',
        "hi I don't know",
        'not low',
      ],
      ...['four', 'banana', 'yes', 'one moment', ''],
    ],
  }),
)('%j is a priority: %s', ([text, meaning]) => {
  expect(String(priorityIn(text))).toBe(meaning);
});

test.for([
  ['one two three four', '1234'],
  ['double nine oh one', '9901'],
  ['seventy two', '72'],
  ['my code is 1 2 3 4 5 6', '123456'],
  ['123 456.', '123456'],
  ['12-34', '1234'],
  ['one to three for', '1234'],
  ['to five five one', '2551'],
  ["it's nine, um, eight, seven", '987'],
  ['one two three no wait one two four', '124'],
  ['oh oh seven', '007'],
  ['triple eight two', '8882'],
  ['my pin is four four nine one thank you', '4491'],
  ['twelve thirty four', '1234'],
  ['five', '5'],
  ['one two three no sorry', '123'],
  ['to be honest one two three four', '1234'],
  ['one moment please', undefined],
  ["I don't have one", undefined],
  ['I want to talk to an agent', undefined],
  ['no', undefined],
  ['', undefined],
] as const)('%j are the keys %s', ([text, keys]) => {
  expect(keysIn(text)).toBe(keys);
});

test.for([
  ['one', 1],
  ['1.', 1],
  ['number three', 3],
  ['the third one', 3],
  ['I take the first one please', 1],
  ['option one', 1],
  ['number too', 2],
  ['to', 2],
  ['twenty three', 23],
  ['two or three', undefined],
  ['9'.repeat(30), undefined],
  ['no one', undefined],
  ['one moment', undefined],
  ['the other one', undefined],
  ['', undefined],
] as const)('%j is the number %s', ([text, number]) => {
  expect(numberIn(text)).toBe(number);
});

test.for([
  ['i need to opn a ticket', 'open_incident'],
  ["um so like i can't um get into my account you know", 'password_reset'],
  ['my my outlook outlook won’t open', 'problem_email'],
  ['WHAT HAPPENED TO THE TICKET I OPENED LAST WEEK???', 'incident_status'],
] as const)('%j is understood for all its noise: %s', ([text, intent]) => {
  expect(understood(text).intent).toBe(intent);
});

test.for(['', '...', 'um', 'xqzt vbrk', 'vanilla quarterly marble', 'the of and'])(
  '%j leads to nothing that is done',
  (text) => {
    expect([undefined, 'out_of_scope', 'repeat']).toContain(understood(text).intent);
  },
);

test.for([
  ['My Pásswörd is wrong', 'my password is wrong'],
  ['my my outlook outlook will not open', 'my outlook will not open'],
  [`${'my printer '.repeat(20)}is broken`, 'my printer '.repeat(20)],
  [`${'mmmmmmmmmm '.repeat(100)}agent`, 'mmmmmmmmmm '.repeat(100)],
] as const)('%j means as much as %j', ([text, same]) => {
  expect(understood(text)).toEqual(understood(same));
});

test('nothing is heard in what comes after a thousand letters', () => {
  expect(priorityIn(`${'x'.repeat(1_000)} high`)).toBeUndefined();
});

test('words of no language lead to nothing that is done', () => {
  const syllables = ['zor', 'bli', 'quax', 'fen', 'dru', 'mip', 'sko', 'vant', 'gle', 'pruk', 'wob', 'zint'];
  const phrases = syllables.flatMap((one, at) =>
    [1, 3, 5].map((step) => {
      const next = (further: number) => syllables[(at + step * further) % syllables.length] ?? '';
      return `${one}${next(1)} ${next(2)}${next(3)} ${next(4)}${next(5)}${next(6)}`;
    }),
  );
  const done = phrases.filter((phrase) => ![undefined, 'out_of_scope'].includes(understood(phrase).intent));
  expect(done).toEqual([]);
});

test('whatever is said, the answers are of their kind', () => {
  const words = fc.array(
    fc.constantFrom(
      'at',
      'dot',
      'double',
      'u',
      'a',
      'as',
      'in',
      'not',
      'high',
      'one',
      'nineteen',
      'no',
      'yes',
      'com',
      '@',
      '.',
      'ü',
      'um',
      '-',
      'alpha',
    ),
    { maxLength: 30 },
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    words.map((list) => list.join(' ')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const { intent, confidence } = understood(text);
      expect([undefined, ...intents]).toContain(intent);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(['yes', 'no', undefined]).toContain(yesOrNo(text));
      expect(['low', 'medium', 'high', undefined]).toContain(priorityIn(text));
      expect(keysIn(text) ?? '0').toMatch(/^\d+$/);
      expect(numberIn(text) ?? 0).toBeGreaterThanOrEqual(0);
      const candidates = emailCandidates(text);
      expect(new Set(candidates).size).toBe(candidates.length);
      expect(candidates.length).toBeLessThanOrEqual(5);
      for (const one of candidates) {
        expect(one).toMatch(/^(?=.{6,100}$)[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*\.[a-z]{2,24}$/);
        expect(one).not.toMatch(/[._+-]{2}|\.@|@\./);
        expect(spelledOut(one)).toMatch(/^[A-Za-z0-9, ]+$/);
      }
      expect(understood(text)).toEqual({ intent, confidence });
    }),
    { numRuns: 3_000 },
  );
});

test.for([
  ['write', 'yes'],
  ['10-4', 'yes'],
  ['I want to write a mail', undefined],
] as const)('%j heard in place of right, or over the radio, is %s', ([text, meaning]) => {
  expect(yesOrNo(text)).toBe(meaning);
});

test.for([
  ['hire priority', 'high'],
  ['lowe', 'low'],
] as const)('%j sounds like the priority %s', ([text, priority]) => {
  expect(priorityIn(text)).toBe(priority);
});

test.for([
  ['open incident', 'open_incident'],
  ['need incident', 'open_incident'],
  ['create ticket please', 'open_incident'],
  ['ticket status', 'incident_status'],
  ['cancel ticket', 'cancel'],
  ['cannot get in to my e male', 'problem_email'],
] as const)('%j, of which small words are missing or one was misheard, is %s', ([text, intent]) => {
  expect(understood(text).intent).toBe(intent);
});
