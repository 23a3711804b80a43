import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { arranged, clipped, givenLine, heardId, saidText } from '../../../shared/core/handover/line.ts';

const nowMs = Date.UTC(2026, 0, 1);

test('lines that say when they were said come in that order', () => {
  const lines = arranged(
    [
      { by: 'bot', text: 'b', atMs: nowMs - 10 },
      { by: 'customer', text: 'a', atMs: nowMs - 20 },
    ],
    'h-1',
    nowMs,
  );
  expect(lines.map(({ text }) => text)).toEqual(['a', 'b']);
});

test.for([-1, 0, 8_640_000_000_000_000, Number.NaN, 1_767_225_600])(
  'a time like %d is no time: such lines keep the order of arrival',
  (atMs) => {
    const given = [
      { by: 'customer' as const, text: 'a', atMs: nowMs - 10 },
      { by: 'bot' as const, text: 'b', atMs },
      { by: 'customer' as const, text: 'c', atMs: nowMs - 20 },
    ];
    const lines = arranged(given, 'h-1', nowMs);
    expect(lines.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(lines.every((line) => line.atMs <= nowMs && line.atMs >= nowMs - 20)).toBe(true);
  },
);

test('a line without an id is named after its place, the same each time', () => {
  const given = [
    { by: 'customer' as const, text: 'a' },
    { by: 'bot' as const, text: 'b', id: 'x' },
  ];
  expect(arranged(given, 'h-1', nowMs).map(({ id }) => id)).toEqual(['h-1-0001', 'x']);
});

test('arranging keeps every line and gives times that never go back', () => {
  const given = fc.array(
    fc.record({
      by: fc.constantFrom('customer' as const, 'bot' as const),
      text: fc.string(),
      atMs: fc.option(fc.oneof(fc.double(), fc.integer({ min: nowMs - 1_000, max: nowMs + 1_000 })), {
        nil: undefined,
      }),
    }),
  );
  fc.assert(
    fc.property(given, (all) => {
      const lines = arranged(all, 'h-1', nowMs);
      expect(lines.map(({ text }) => text).sort()).toEqual(all.map(({ text }) => text).sort());
      expect(lines.every((line, at) => at === 0 || line.atMs >= (lines[at - 1]?.atMs ?? 0))).toBe(true);
      expect(new Set(lines.map(({ id }) => id)).size).toBe(all.length);
    }),
  );
});

test('equal words said within some seconds have one id, others have their own', () => {
  expect(heardId('c-1', 'Hi', nowMs)).toBe(heardId('c-1', 'Hi', nowMs + 9_999));
  expect(heardId('c-1', 'Hi', nowMs)).not.toBe(heardId('c-1', 'Hi', nowMs + 10_000));
  expect(heardId('c-1', 'Hi', nowMs)).not.toBe(heardId('c-2', 'Hi', nowMs));
  expect(heardId('c-1', 'Hi', nowMs)).toMatch(/^c-[\w-]{22}$/);
});

test('32 KB are counted in UTF-8, and one byte more is too large', () => {
  expect(v.parse(saidText, 'ü'.repeat(16_384))).toHaveLength(16_384);
  const over = v.safeParse(saidText, `${'ü'.repeat(16_384)}.`);
  expect(over.issues?.[0].message).toBe('too_large');
});

test('half characters become replacement characters, and nothing else changes', () => {
  expect(v.parse(saidText, 'a\ud83d!')).toBe('a\ufffd!');
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => v.parse(saidText, text) === text));
});

test('a long text of the past is cut at a whole character', () => {
  const cut = clipped('😀'.repeat(10_000));
  expect(new TextEncoder().encode(cut).byteLength).toBeLessThanOrEqual(32_768);
  expect(cut).not.toContain('\ufffd');
  expect(cut.endsWith(' …')).toBe(true);
  expect(clipped('short')).toBe('short');
});

test('a line of ours has no unknown members', () => {
  expect(v.is(givenLine, { by: 'customer', text: 'Hi', atMs: 1, id: 'l-1' })).toBe(true);
  expect(v.is(givenLine, { by: 'customer', text: 'Hi', role: 'x' })).toBe(false);
  expect(v.is(givenLine, { by: 'robot', text: 'Hi' })).toBe(false);
});
