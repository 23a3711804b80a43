import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOf } from '../../shared/core/source-address.ts';

test.for([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0db8:0000:0000:ffff::2', '2001:db8:0:0'],
  ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1::6', '2001:db8:1:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  ['1:2:3:4:5:6:7::', '1:2:3:4'],
] as const)('%s counts as %s', ([address, source]) => {
  expect(sourceOf(address)).toBe(source);
});

test('all addresses of one /64 are one source, those of two are two, however they are written', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });
  const written = (all: readonly number[], isShort: boolean) => {
    const long = all.map((one) => one.toString(16).padStart(isShort ? 1 : 4, '0')).join(':');
    return isShort ? new URL(`http://[${long}]`).hostname.slice(1, -1) : long;
  };
  fc.assert(
    fc.property(groups, groups, fc.boolean(), fc.boolean(), (a, b, shortA, shortB) => {
      const sameNetwork = [...a.slice(0, 4), ...b.slice(4)];
      expect(sourceOf(written(a, shortA))).toBe(sourceOf(written(sameNetwork, shortB)));
      const isSame = a.slice(0, 4).every((one, at) => one === b[at]);
      expect(sourceOf(written(a, shortA)) === sourceOf(written(b, shortB))).toBe(isSame);
    }),
  );
});

test('whatever it is given, it gives a text', () => {
  fc.assert(
    fc.property(fc.string(), (address) => {
      expect(typeof sourceOf(address)).toBe('string');
    }),
  );
});
