import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { decode, ID, id, textOf } from '../../shared/core/decode.ts';
import { isProblemCode, Problem } from '../../shared/core/problems.ts';

const schema = v.strictObject({
  conversationId: id,
  text: v.optional(textOf(1, 5)),
  phone: v.optional(v.pipe(v.string(), v.startsWith('+'))),
  other: v.optional(v.number()),
  agentProfile: v.optional(v.strictObject({ avatarUrl: v.optional(v.pipe(v.string(), v.startsWith('https:'))) })),
  size: v.optional(v.pipe(v.string(), v.maxLength(3, 'too_large'))),
});

function codeOf(value: unknown): string | undefined {
  try {
    decode(schema, value);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const ok = { conversationId: 'c-1' };

test.for([
  [ok, undefined],
  [{ ...ok, text: '12345' }, undefined],
  [{}, 'invalid_conversation_id'],
  [{ conversationId: 'a b' }, 'invalid_conversation_id'],
  [{ conversationId: 7 }, 'invalid_conversation_id'],
  [{ ...ok, text: '' }, 'invalid_text'],
  [{ ...ok, text: '123456' }, 'invalid_text'],
  [{ ...ok, phone: 'x' }, 'invalid_phone'],
  [{ ...ok, phone: { $gt: '' } }, 'invalid_phone'],
  [{ ...ok, other: 'x' }, 'invalid_request'],
  [{ ...ok, size: 'xxxx' }, 'too_large'],
  [{ ...ok, agentProfile: { avatarUrl: 'http:' } }, 'invalid_avatar_url'],
  [{ ...ok, unknown: 1 }, 'unknown_field'],
  [{ ...ok, agentProfile: { unknown: 1 } }, 'unknown_field'],
  [{ conversationId: 7, text: '', unknown: 1 }, 'unknown_field'],
  [{ ...ok, toString: 1 }, 'unknown_field'],
  [undefined, 'invalid_request'],
  [null, 'invalid_request'],
  ['text', 'invalid_request'],
] as const)('%j is refused with the code of its first fault: %s', ([value, code]) => {
  expect(codeOf(value)).toBe(code);
});

test('whatever comes in, out comes the value or a known code', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (value) => {
      const code = codeOf(value);
      if (code !== undefined) expect(isProblemCode(code)).toBe(true);
    }),
  );
});

test('an id has 1 to 200 characters of which none delimits a key', () => {
  for (const good of ['a', 'A9._:@+-', 'x'.repeat(200)]) expect(ID.test(good)).toBe(true);
  for (const bad of ['', 'x'.repeat(201), 'a b', 'a#b', 'a/b', 'a%b', 'a\n', '\na', 'é', 'a\u0000', '{a}', 'a|b'])
    expect(ID.test(bad)).toBe(false);
});
