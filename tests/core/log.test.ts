import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logLine } from '../../shared/core/log.ts';

test('is always one line of JSON, whatever is put into it', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('\n', '\r\n', '\u2028', '"}\n{"level":"error"', '\u001b[31m', '\uD800'),
    fc.double(),
    fc.boolean(),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), (notes) => {
      const line = logLine(notes);
      expect(line).toMatch(/^[\x20-\x7e\u00a0-\uffff]*$/);
      expect(line.split(/[\r\n\u2028\u2029]/)).toHaveLength(1);
      const known = Object.keys(notes).filter((name) => notes[name] !== undefined);
      expect(Object.keys(JSON.parse(line)).sort()).toEqual(known.sort());
    }),
  );
});

test('keeps plain words and drops everything that is none', () => {
  expect(logLine({ code: 'rate_limited', ms: 12, shared: true, left: undefined })).toBe(
    '{"code":"rate_limited","ms":12,"shared":true}',
  );
  expect(logLine({ reason: "only with STAGE=local (Watson's)" })).toBe(
    '{"reason":"only with STAGE=local (Watson\'s)"}',
  );
  expect(logLine({ reason: 'a"b\\c\n<d>+15005550006@x' })).toBe('{"reason":"abcd15005550006x"}');
});

test('is bounded, but holds a message that names every setting', () => {
  expect(logLine({ reason: 'x'.repeat(100_000) }).length).toBeLessThan(5_000);
  expect(logLine({ reason: 'x'.repeat(3_000) })).toContain('x'.repeat(3_000));
});
