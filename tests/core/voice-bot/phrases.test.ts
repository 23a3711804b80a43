import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandIn, folded, withoutFillers, yesOrNo } from '../../../shared/core/voice-bot/phrases.ts';
import { channelIn } from '../../../shared/core/voice-bot/words/index.ts';

const en = channelIn('en').phrases;
const de = channelIn('de').phrases;

test.for([
  ['Say that again, please.', 'repeat'],
  ['Um, pardon?', 'repeat'],
  ['What did you say?', 'repeat'],
  ['Agent!', 'person'],
  ['operator', 'person'],
  ['a human being please', 'person'],
  ["I'd like to speak to a real person.", 'person'],
  ['Can I talk to somebody', 'person'],
  ['customer service representative', 'person'],
  ['Help', 'help'],
  ['Can you help me?', 'help'],
  ['Good-bye.', 'goodbye'],
  ['OK, bye', 'goodbye'],
] as const)('in English "%s" is for the channel: %s', ([said, command]) => {
  expect(commandIn(said, en)).toBe(command);
});

test.for([
  ['Wie bitte?', 'repeat'],
  ['Können Sie das bitte wiederholen', 'repeat'],
  ['Ich möchte mit einem Menschen sprechen.', 'person'],
  ['Ich würde gerne mit einem Mitarbeiter sprechen.', 'person'],
  ['Ich möchte gern mit jemandem reden', 'person'],
  ['Kann ich bitte einen Mitarbeiter sprechen?', 'person'],
  ['Können Sie mich mit einem Menschen verbinden', 'person'],
  ['Können Sie das bitte noch einmal sagen?', 'repeat'],
  ['Mitarbeiter', 'person'],
  ['Hilfe', 'help'],
  ['Tschüß', 'goodbye'],
  ['Auf Wiederhören', 'goodbye'],
] as const)('in German "%s" is for the channel: %s', ([said, command]) => {
  expect(commandIn(said, de)).toBe(command);
});

test.for([
  ['en', 'Yes, of course.', 'yes'],
  ['en', 'Yes, I would like to', 'yes'],
  ['en', 'Yeah, sure, go ahead please', 'yes'],
  ['en', 'No, something else', 'no'],
  ['en', 'yes, my printer is broken', undefined],
  ['en', 'Exactly, go on', 'yes'],
  ['en', 'Yes, let us go on with that', 'yes'],
  ['en', 'Yes, I want to continue where I stopped', 'yes'],
  ['en', 'No, that was not me', 'no'],
  ['en', 'I want to check my tickets', undefined],
  ['en', 'yes no', 'unclear'],
  ['en', 'Well, yes and no', 'unclear'],
  ['en', "Yes, I don't know.", 'unclear'],
  ['en', 'I am not sure, yes', 'unclear'],
  ['en', 'Um', 'unclear'],
  ['en', 'Hold on', 'unclear'],
  ['en', 'Is that right?', 'unclear'],
  ['en', "That's fine.", 'yes'],
  ['en', 'Sure, why not', 'yes'],
  ['en', 'Yes, right now', 'yes'],
  ['en', 'Please do', 'yes'],
  ['en', 'I guess so', 'yes'],
  ['en', 'Perhaps later', 'no'],
  ['en', "I don't think so", 'no'],
  ['en', "No, I'd rather not", 'no'],
  ['en', 'Cancel it', 'no'],
  ['en', 'Yes, later', 'unclear'],
  ['en', 'Just a sec, let me think', 'unclear'],
  ['en', 'Hello? Are you there?', 'unclear'],
  ['en', 'Uh huh', 'unclear'],
  ['en', 'Do I need a new password', undefined],
  ['en', 'Nothing works', undefined],
  ['en', 'I do not know where my ticket is', undefined],
  ['en', 'yesterday', undefined],
  ['de', 'Ja, gerne', 'yes'],
  ['de', 'Gerne', 'yes'],
  ['de', 'Ja, das möchte ich', 'yes'],
  ['de', 'Nein, etwas Neues', 'no'],
  ['de', 'Ja, nein, vielleicht', 'unclear'],
  ['de', 'Ja, ich weiß nicht', 'unclear'],
  ['de', 'Ja, weiter, wo wir waren', 'yes'],
  ['de', 'Nein, das war ich nicht', 'no'],
  ['de', 'Stimmt, auf jeden Fall', 'yes'],
  ['de', 'Auf keinen Fall', 'no'],
  ['de', 'Ich war das nicht', 'no'],
  ['de', 'Weiß nicht, ist mir egal', 'unclear'],
  ['de', 'Jagd', undefined],
] as const)('in %s "%s" is %s', ([language, said, meant]) => {
  expect(yesOrNo(said, channelIn(language).phrases)).toBe(meant);
});

test.for([
  'the agent on my laptop does not start',
  'I was talking to an agent yesterday about my mail',
  'my printer needs help',
  'repeat the order of last week',
  'I cannot say goodbye to my old password',
  'the user agent is wrong',
  'agent smith',
  'a person changed my password',
  'no',
  'hello',
  '',
])('"%s" is for the bot', (said) => {
  expect(commandIn(said, en)).toBeUndefined();
});

/** However a recogniser writes it. */
const written = (text: string, fillers: readonly string[]) =>
  fc
    .record({
      before: fc.subarray([...fillers]),
      after: fc.subarray([...fillers]),
      ends: fc.constantFrom('', '.', '!', '?', '...'),
      isShouted: fc.boolean(),
      isBegun: fc.boolean(),
    })
    .map(({ before, after, ends, isShouted, isBegun }) => {
      const said = [...before, text, ...after].join(', ');
      const cased = isShouted ? said.toUpperCase() : isBegun ? said.charAt(0).toUpperCase() + said.slice(1) : said;
      return cased + ends;
    });

describe.for(['en', 'de'] as const)('the phrases in %s', (language) => {
  const { phrases } = channelIn(language);
  const fixed = (['repeat', 'help', 'goodbye'] as const).flatMap((command) =>
    phrases[command].map((phrase) => [phrase, command] as const),
  );
  const wishes = phrases.people.flatMap((person) =>
    ['', ...phrases.wishes].flatMap((wish) =>
      ['', ...phrases.articles].map((article) => [[wish, article, person].join(' ').trim(), 'person'] as const),
    ),
  );
  const any = fc.constantFrom(...fixed, ...wishes);

  test('count whatever is said while thinking, however they are written', () => {
    const said = any.chain(([phrase, command]) =>
      written(phrase, phrases.fillers).map((text) => [text, command] as const),
    );
    fc.assert(
      fc.property(said, ([text, command]) => {
        expect(commandIn(text, phrases)).toBe(command);
      }),
      { numRuns: 2_000 },
    );
  });

  test('count for nothing among other words', () => {
    const other = fc
      .array(fc.constantFrom('laptop', 'printer', 'yesterday', 'broken', 'passwort', 'drucker'), { minLength: 1 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(any, other, fc.boolean(), ([phrase], words, isFirst) => {
        expect(commandIn(isFirst ? `${phrase} ${words}` : `${words} ${phrase}`, phrases)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('are written as they are compared, and no two mean different things', () => {
    const all = [...fixed.map(([phrase]) => phrase), ...phrases.people, ...phrases.wishes, ...phrases.articles];
    expect(all.filter((phrase) => folded(phrase) !== phrase)).toEqual([]);
    const heard = [...all, ...phrases.yes, ...phrases.no, ...phrases.doubts, ...phrases.numbers.flat()];
    expect(heard.filter((phrase) => withoutFillers(phrase, phrases) !== phrase)).toEqual([]);
    expect(phrases.numbers).toHaveLength(9);
    const numbers = phrases.numbers.flat();
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(phrases.yes.filter((yes) => phrases.no.includes(yes))).toEqual([]);
    const yesAndNo = [...phrases.yes, ...phrases.no, ...phrases.doubts];
    expect(yesAndNo.filter((phrase) => commandIn(phrase, phrases) !== undefined)).toEqual([]);
    for (const yes of phrases.yes) expect(yesOrNo(yes, phrases)).toBe('yes');
    for (const no of phrases.no) expect(yesOrNo(no, phrases)).toBe('no');
    for (const doubt of phrases.doubts) expect(yesOrNo(doubt, phrases)).toBe('unclear');
  });

  test('take any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (text) => {
        commandIn(text, phrases);
        yesOrNo(text, phrases);
        expect(folded(folded(text))).toBe(folded(text));
      }),
    );
  });
});
