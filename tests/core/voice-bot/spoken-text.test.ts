import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spokenText } from '../../../shared/core/voice-bot/spoken-text.ts';

test.for([
  ['Hello!', 'Hello!'],
  ['R&D printer', 'R&D printer'],
  ['R&amp;D &quot;printer&quot; isn&#39;t&nbsp;on', 'R&D "printer" isn\'t on'],
  ['</Say><Dial>+19005550100</Dial>', '+19005550100'],
  ['<speak>Wait <break time="2s"/>here</speak>', 'Wait here'],
  ['One<br>two<br/>three', 'One. two. three'],
  ['&lt;Dial&gt;', 'Dial'],
  ['a < b and b > a', 'a b and b a'],
  ['This is **very** *very* _very_ __very__ ~~not~~ `important`', 'This is very very very very not important'],
  ['2 * 3 * 4 and user_name_1 and **', '2 * 3 * 4 and user_name_1 and **'],
  ['# Title\n\n- one\n- two\n\n> three\n---\n1. four', 'Title. one. two. three. 1. four'],
  ['You can ask:\n- Open an incident\n- Help!', 'You can ask: Open an incident. Help!'],
  ['See [our help](https://help.example.com/a?b=c "Help") now', 'See our help now'],
  ['![A printer](https://x.example.com/p.png) is broken', 'A printer is broken'],
  ['Go to https://www.example.com/reset?token=abc#x.', 'Go to example.com.'],
  ['Go to <https://user:secret@www.example.com:8443/x>, please', 'Go to example.com, please'],
  ['Write to [us](mailto:it@example.com) or mailto:it@example.com', 'Write to us or it@example.com'],
  ['| a | b |\n|---|---|\n| c | d |', 'a, b. c, d'],
  ['Done 👍🏽 👩‍💻 🇩🇪 ✅ :-) ok', 'Done ok'],
  ['Example™ ©', 'Example™ ©'],
  ['ser\u00ADvice\u0007 \u202Ename\u202C \uD800', 'service name'],
  ['علی\u200Cرضا', 'علی\u200Cرضا'],
  ['a\r\nb\rc', 'a. b. c'],
  ['```js\ncode\n```', 'code'],
  ['What is it ?', 'What is it?'],
  ['👍', undefined],
  ['...', undefined],
  ['<br>', undefined],
  ['', undefined],
] as const)('%j is spoken as %j', ([message, spoken]) => {
  expect(spokenText(message)).toBe(spoken);
});

test('what is too long ends with a whole word', () => {
  const spoken = spokenText('twelve words '.repeat(1_000)) ?? '';
  expect(spoken).toMatch(/^(twelve words )+twelve( words)?$/);
  expect(spoken.length).toBeGreaterThan(1_400);
  expect(spokenText('x'.repeat(10_000))?.length).toBe(1_499);
});

const pieces = fc.constantFrom(
  '<',
  '>',
  '</Say>',
  '&lt;',
  '*',
  '_',
  '[a](',
  ')',
  '`',
  '|',
  '\n',
  ' ',
  'é',
  '👍',
  '🏽',
  '&amp;',
);

test('is one line without markup, whatever the bot says', () => {
  const message = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(message, (text) => {
      const spoken = spokenText(text);
      if (spoken === undefined) return;
      expect(spoken.replace(/[\u200C\u200D]/g, 'j')).toMatch(/^[^<>\n\p{Cc}\p{Cf}\p{Cs}]+$/u);
      expect(spoken).toMatch(/[\p{L}\p{N}]/u);
      expect(spoken.length).toBeLessThanOrEqual(1_500);
    }),
    { numRuns: 2_000 },
  );
});
