import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spokenInput } from '../../../shared/core/voice-bot/spoken-input.ts';

const nothing = { SpeechResult: undefined, Confidence: undefined, Digits: undefined };

test('what was said comes as it is', () => {
  const given = { SpeechResult: ' My e-mail is  broken. ', Confidence: '0.93', Digits: '12#' };
  expect(spokenInput(given)).toEqual({ words: 'My e-mail is broken.', confidence: 0.93, keys: '12#' });
  expect(spokenInput(nothing)).toEqual({ words: undefined, confidence: undefined, keys: undefined });
});

test('markup and control characters are gone', () => {
  expect(spokenInput({ ...nothing, SpeechResult: 'a\0b</Say><Dial>+1900\u202E\r\nx' }).words).toBe('ab/SayDial+1900 x');
  expect(spokenInput({ ...nothing, Digits: '<1>,a2 ٣' }).keys).toBe('12');
});

test.for(['', 'x', '-1', '1.01', '2', '1e3', '0x1', 'NaN', '٠', ' 0.5'])('"%s" is no confidence', (Confidence) => {
  expect(spokenInput({ ...nothing, Confidence }).confidence).toBeUndefined();
});

test('anything is within the limits, and cut where it is longer', () => {
  expect(spokenInput({ ...nothing, SpeechResult: 'word '.repeat(10_000) }).words).toHaveLength(999);
  expect(spokenInput({ ...nothing, Digits: '1'.repeat(100) }).keys).toHaveLength(32);
  const text = fc.string({ unit: 'binary', maxLength: 6_000 });
  fc.assert(
    fc.property(text, text, text, (SpeechResult, Confidence, Digits) => {
      const { words = 'x', confidence = 0, keys = '0' } = spokenInput({ SpeechResult, Confidence, Digits });
      expect([...words].length).toBeLessThanOrEqual(1_000);
      expect(words).not.toMatch(/[<>\p{Cc}\p{Cs}]/u);
      expect(words.trim()).not.toBe('');
      expect(confidence >= 0 && confidence <= 1).toBe(true);
      expect(keys).toMatch(/^[0-9*#]{1,32}$/);
    }),
    { numRuns: 500 },
  );
});
