import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedKey, sameAsAny, sameSecret, withoutBearer } from '../../../shared/core/callers/secrets.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.string().map((text) => `${text}\uD800`),
);

test('a secret fits exactly when it is equal', () => {
  fc.assert(
    fc.property(anyText, anyText, (presented, secret) => {
      expect(sameSecret(presented, secret)).toBe(secret !== '' && presented === secret);
      expect(sameSecret(secret, secret)).toBe(secret !== '');
    }),
  );
});

test('texts that differ only in a half character differ', () => {
  expect(sameSecret('\uD800', '\uD801')).toBe(false);
  expect(sameSecret('\uD800', '\uFFFD')).toBe(false);
});

test('whatever is no text fits nothing and throws nothing', () => {
  fc.assert(
    fc.property(fc.anything(), fc.string({ minLength: 1 }), (presented, secret) => {
      fc.pre(typeof presented !== 'string');
      expect(sameSecret(presented, secret)).toBe(false);
    }),
  );
});

test('one of several secrets is enough, none of none', () => {
  expect(sameAsAny('b', ['a', 'b'])).toBe(true);
  expect(sameAsAny('c', ['a', 'b'])).toBe(false);
  expect(sameAsAny('', [''])).toBe(false);
  expect(sameAsAny('a', [])).toBe(false);
});

test('a token is the same with and without Bearer', () => {
  expect(withoutBearer('Bearer abc')).toBe('abc');
  expect(withoutBearer('bearer   abc')).toBe('abc');
  expect(withoutBearer('abc')).toBe('abc');
  expect(withoutBearer('Bearerabc')).toBe('Bearerabc');
  expect(withoutBearer(undefined)).toBeUndefined();
});

test('a key is another for every purpose and every secret', () => {
  const keys = ['one', 'two'].flatMap((secret) =>
    ['x', 'y'].map((purpose) => derivedKey(secret, purpose).toString('hex')),
  );
  expect(new Set(keys).size).toBe(4);
  expect(derivedKey('one', 'x').toString('hex')).toBe(keys[0]);
});
