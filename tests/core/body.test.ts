import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkParsed, parseForm, parseJson } from '../../shared/core/body.ts';
import { Problem } from '../../shared/core/problems.ts';
import { stopwatch } from '../support/steady-clock.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const parsed = (text: string) => parseJson(bytes(text));

/** The code that a call is refused with; anything thrown but a `Problem` fails the test. */
function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('JSON from outside', () => {
  test('means what JSON.parse says, for every document without repeated names', () => {
    const space = fc.constantFrom('', ' ', '\n', '\t  ', ' '.repeat(300));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), space, (value, gap) => {
        const text = JSON.stringify(value, undefined, gap === '' ? undefined : ' ').replaceAll('":', `"${gap}:${gap}`);
        fc.pre(depthOf(value) <= 32 && !text.includes('__proto__') && !/\\ud/.test(text));
        // The gap may have come into a text, where a line break is none of JSON.
        fc.pre(isJson(text));
        expect(parsed(text)).toEqual({ value: JSON.parse(text), repeated: new Set() });
      }),
      { numRuns: 2_000 },
    );
  });

  test('never fails with anything but a refusal, and only where JSON.parse or a rule of ours refuses', () => {
    const alphabet = fc.constantFrom(
      ...'{}[]",:\\u0dD8 ab1e.-tfn\n\u0000é😀',
      '"__proto__"',
      '"a":',
      'true',
      'null',
      '{"a":',
      '\uFEFF',
    );
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 30 }).map((parts) => parts.join('')),
        (text) => {
          const code = codeOf(() => parsed(text));
          expect([undefined, 'invalid_json']).toContain(code);
          expect(code === undefined).toBe(isJson(text) && !/"__proto__"\s*:/.test(text));
        },
      ),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (raw) => void codeOf(() => parseJson(raw))),
      { numRuns: 5_000 },
    );
  });

  test.for([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"\\u0061":1,"a":2}', ['a']],
    ['{"a\\n":1,"a\\u000a":2}', ['a\n']],
    ['{"":1,"":2}', ['']],
    ['{"a":{"b":1,"b":2}}', ['b']],
    ['[{"a":1},{"a":1,"a":2}]', ['a']],
    [`{"a"${' '.repeat(5_000)}:1,${'\n'.repeat(5_000)}"a":2}`, ['a']],
    ['{"a":"a","b":"b"}', []],
    ['{"a":["a","a"],"b":{"a":1}}', []],
    ['{"a":"\\"a\\":1,\\"a\\":2"}', []],
    ['{"a":1,"A":2}', []],
  ] as const)('names the names that stand twice in %j', ([text, repeated]) => {
    expect([...parsed(text).repeated]).toEqual(repeated);
  });

  test.for([
    '{"__proto__":{"isAdmin":true}}',
    '{"\\u005f_proto__":1}',
    '{"a":[{"__proto__":1}]}',
    `{"__proto__"${' '.repeat(200)}:1}`,
    `{"__proto__"${'\n'.repeat(2_000)}:{}}`,
    '{"a":1,"__prot\\u006f__":1}',
  ])('refuses the name that could change what an object is: %j', (text) => {
    expect(codeOf(() => parsed(text))).toBe('invalid_json');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('takes it as a value, and other names of Object as names', () => {
    const value = { a: '__proto__', constructor: { prototype: { x: 1 } }, toString: 1 };
    expect(parsed(JSON.stringify(value)).value).toEqual(value);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('is nested at most 32 deep, however much deeper it is', () => {
    expect(codeOf(() => parsed(nested(32)))).toBeUndefined();
    for (const depth of [33, 100, 100_000, 500_000]) expect(codeOf(() => parsed(nested(depth)))).toBe('invalid_json');
    expect(codeOf(() => parsed(nested(32, '{"a":', '}').replace('}', '1}')))).toBeUndefined();
    expect(codeOf(() => parsed('{"a":'.repeat(100_000)))).toBe('invalid_json');
    expect(codeOf(() => parsed(`"${'['.repeat(1_000)}"`))).toBeUndefined();
  });

  test.for([
    ['a byte order mark', bytes('\uFEFF{}')],
    ['another encoding', new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d])],
    ['a half UTF-8 character', new Uint8Array([0x22, 0xc3, 0x22])],
    ['a surrogate in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['nothing', bytes('')],
    ['only spaces', bytes('  ')],
    ['two values', bytes('{}{}')],
    ['a comma too many', bytes('{"a":1,}')],
    ['a comment', bytes('{/**/}')],
    ['single quotes', bytes("{'a':1}")],
    ['a line break in a text', bytes('"a\nb"')],
    ['NaN', bytes('NaN')],
    ['a text without an end', bytes('{"a')],
    ['a backslash at the end', bytes('"\\')],
  ] as const)('may not have %s', ([, raw]) => {
    expect(codeOf(() => parseJson(raw))).toBe('invalid_json');
  });

  test('has whole characters: half of one becomes a replacement character', () => {
    expect(parsed('{"a":"x\\ud83d","b":["\\uDE00y"],"c":"\\ud83d\\ude00"}').value).toEqual({
      a: 'x\uFFFD',
      b: ['\uFFFDy'],
      c: '😀',
    });
  });

  test('keeps huge numbers as JavaScript does', () => {
    expect(parsed('[1e999,-1e999,123456789012345678901]').value).toEqual([Infinity, -Infinity, 123456789012345680000]);
  });

  test('is read in a time that grows with its length alone', () => {
    for (const text of [
      `{"a":"${'\\"'.repeat(450_000)}"}`,
      `[${'{"a":1},'.repeat(100_000)}1]`,
      '"'.repeat(900_000),
      '{'.repeat(900_000),
    ]) {
      const took = stopwatch();
      codeOf(() => parsed(text));
      expect(took()).toBeLessThan(1_000);
    }
  });
});

describe('what a platform parsed before us', () => {
  test('is refused for depth and name as the bytes would have been', () => {
    const key = fc.constantFrom('a', 'b', '__proto__', 'constructor');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'large', maxDepth: 40 },
        fc.constantFrom(1, 'x', null),
        fc.array(tie('tree'), { maxLength: 2 }),
        fc
          .array(fc.tuple(key, tie('tree')), { maxLength: 2 })
          .map((pairs) =>
            JSON.parse(
              `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
            ),
          ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const object = { a: value };
        expect(codeOf(() => checkParsed(object))).toBe(codeOf(() => parsed(JSON.stringify(object))));
      }),
    );
  });

  test('may be nested 100,000 deep without harm', () => {
    for (const depth of [33, 100_000])
      expect(codeOf(() => checkParsed(JSON.parse(nested(depth))))).toBe('invalid_json');
    expect(codeOf(() => checkParsed(JSON.parse(nested(32))))).toBeUndefined();
    for (const plain of [undefined, null, 1, 'x', {}, []]) expect(codeOf(() => checkParsed(plain))).toBeUndefined();
  });
});

describe('a form from outside', () => {
  test('has the fields that were put into it, in order, with all their values', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
        const form = parseForm(bytes(new URLSearchParams(pairs).toString()));
        expect([...form].flatMap(([name, values]) => values.map((value) => `${name}=${value}`)).sort()).toEqual(
          pairs.map(([name, value]) => `${name}=${value}`).sort(),
        );
        expect([...form.keys()]).toEqual([...new Set(pairs.map(([name]) => name))]);
      }),
    );
  });

  test('never fails for its content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
        expect(codeOf(() => parseForm(raw))).toBeUndefined();
      }),
    );
    expect([...parseForm(bytes('__proto__=1&constructor=2'))]).toEqual([
      ['__proto__', ['1']],
      ['constructor', ['2']],
    ]);
  });

  test('has at most 1,000 fields, and is refused at once when it has more', () => {
    expect(parseForm(bytes(Array.from({ length: 1_000 }, (_, at) => `a${at}=`).join('&'))).size).toBe(1_000);
    expect(codeOf(() => parseForm(bytes(Array.from({ length: 1_001 }, () => 'a=').join('&'))))).toBe('too_large');
    const took = stopwatch();
    expect(codeOf(() => parseForm(bytes('a=&'.repeat(330_000))))).toBe('too_large');
    expect(took()).toBeLessThan(200);
  });
});
