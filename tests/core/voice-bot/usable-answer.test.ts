import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usableAnswer } from '../../../shared/core/voice-bot/usable-answer.ts';

const listening = { state: undefined, says: [{ text: 'Hello' }], next: 'listen' } as const;

test('a good answer stays as it is', () => {
  const answer = {
    state: { slots: [1, null, 'ä'] },
    says: [{ text: 'R&D <b>printer</b>' }, { pauseSec: 2 }],
    choices: [{ title: 'low', value: '/inform{"priority":"low"}' }],
    listens: { for: 'keys', mostKeys: 6, hints: ['six digits'], isSecret: true },
    isUnderstood: false,
    known: {
      ...{ topic: 'mail', reason: 'asked', name: 'Ada', fields: { a: 'b' }, draft: { short_description: 'x' } },
      sessionHistoryKey: 'dev::latest::1',
    },
    next: { bot: { is: 'rasa-host', url: 'https://orders.example.com' } },
  } as const;
  expect(usableAnswer(answer)).toEqual(answer);
});

test.for([
  undefined,
  null,
  'hello',
  {},
  { ...listening, next: 'dial' },
  { ...listening, says: 'hello' },
  { ...listening, says: [{ say: 'hello' }] },
  { ...listening, next: { bot: { is: 'eliza' } } },
  { ...listening, choices: [{ title: 1, value: 'x' }] },
  { ...listening, state: 'x'.repeat(20_001) },
  { ...listening, isUnderstood: true },
])('%j is no answer', (given) => {
  expect(() => usableAnswer(given)).toThrow();
});

test('a state that is no JSON is refused, and one that JSON changes is as it comes back', () => {
  const round: { self?: unknown } = {};
  round.self = round;
  expect(() => usableAnswer({ ...listening, state: round })).toThrow();
  expect(() => usableAnswer({ ...listening, state: 1n })).toThrow();
  expect(usableAnswer({ ...listening, state: { a: undefined, b: Number.NaN } }).state).toEqual({ b: null });
  expect(usableAnswer({ ...listening, state: () => 1 }).state).toBeUndefined();
});

test('what is too much is cut, and what is nothing is left out', () => {
  const { says, choices, listens, known } = usableAnswer({
    state: undefined,
    says: [{ text: ' \0 ' }, { pauseSec: -1 }, { pauseSec: 99 }, { text: 'x'.repeat(9_000) }, { text: 'no room' }],
    choices: [{ title: '\n', value: '' }, ...Array.from({ length: 50 }, (_, n) => ({ title: `t${n}`, value: '' }))],
    listens: { for: 'keys', mostKeys: 1_000, hints: Array.from({ length: 900 }, () => 'h'.repeat(300)) },
    known: {
      reason: 'r'.repeat(900),
      fields: Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`f${n}`, 'v'])),
    },
    next: 'listen',
  });
  expect(says).toEqual([{ pauseSec: 10 }, { text: 'x'.repeat(5_000) }]);
  expect(choices).toHaveLength(19);
  expect(listens?.mostKeys).toBeUndefined();
  expect(listens?.hints).toHaveLength(500);
  expect(listens?.hints?.[0]).toHaveLength(100);
  expect(known?.reason).toHaveLength(500);
  expect(Object.keys(known?.fields ?? {})).toHaveLength(50);
});

test.for(['', 'undefined', 'a"b', 'x'.repeat(600)])('what is no key of a history is none: %s', (sessionHistoryKey) => {
  expect(usableAnswer({ ...listening, known: { sessionHistoryKey } }).known).not.toHaveProperty('sessionHistoryKey');
});

test('a field with a name of the language itself is left out', () => {
  const fields = JSON.parse('{"__proto__":"x","constructor":"y"}');
  const { known } = usableAnswer({ ...listening, known: { fields } });
  expect(Object.getPrototypeOf(known?.fields)).toBe(Object.prototype);
  expect(Object.keys(known?.fields ?? {})).toEqual([]);
});

test('no text of a bot has control characters or half characters', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), text, (texts, title) => {
      const answer = { ...listening, says: texts.map((one) => ({ text: one })), choices: [{ title, value: title }] };
      const { says, choices = [] } = usableAnswer(answer);
      const all = [
        ...says.flatMap((saying) => ('text' in saying ? saying.text : [])),
        ...choices.map((one) => one.title),
      ];
      for (const one of all) expect(one).not.toMatch(/^$|[\p{Cc}\p{Cs}]/u);
      expect(all.join('').length).toBeLessThanOrEqual(5_100);
    }),
  );
});
