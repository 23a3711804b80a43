import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { plainText } from '../../shared/core/plain-text.ts';

const plain = (text: string, length = 20) => v.parse(plainText(length), text);

test('is one line without anything that hides, turns or marks up, and not too long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const shown = plain(text);
      if (shown === undefined) return;
      expect(shown.replace(/[\u200C\u200D]/g, 'j')).toMatch(/^[^<>\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+$/u);
      expect([...shown].length).toBeLessThanOrEqual(20);
      expect(plain(shown)).toBe(shown);
    }),
    { numRuns: 2_000 },
  );
});

test.for([
  [' Jane \n\t Doe ', 'Jane Doe'],
  ['<b>Jane</b>', 'bJane/b'],
  ['\u202Eenaj\u202C', 'enaj'],
  ['Zoë 山田 😀', 'Zoë 山田 😀'],
  ['a\uD800b', 'ab'],
  ['علی\u200Cرضا', 'علی\u200Cرضا'],
  ['\u200D\u200C', undefined],
  ['😀'.repeat(30), '😀'.repeat(20)],
  ['', undefined],
  [' \u200B ', undefined],
] as const)('%j is shown as %j', ([text, shown]) => {
  expect(plain(text)).toBe(shown);
});
