import { expect, test } from 'vitest';
import { cutBefore, readCursor } from '../../../shared/core/agent-view/cut.ts';
import type { Line } from '../../../shared/core/handover/line.ts';

const line = (n: number, text = `line ${n}`): Line => ({ by: 'bot', text, atMs: 1_000 + n, id: `l-${n}` });
const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);

test('long lines come fewer at a time, one at least, and all of them in the end', () => {
  const lines = [
    line(0, 'x'.repeat(400_000)),
    ...Array.from({ length: 30 }, (_, n) => line(n + 1, 'ä'.repeat(16_000))),
  ];
  const pages: (readonly Line[])[] = [];
  let before: string | undefined;
  do {
    const page = cutBefore(lines, readCursor(before));
    pages.unshift(page.lines);
    before = page.next;
  } while (before !== undefined);
  expect(pages.map((page) => page.length)).toEqual([1, 3, 9, 9, 9]);
  expect(texts(pages.flat())).toEqual(texts(lines));
});

test('where the line of a cursor is gone, what was said before its time follows', () => {
  const lines = Array.from({ length: 300 }, (_, n) => line(n));
  const { next } = cutBefore(lines, undefined);
  const without = lines.filter(({ id }) => id !== 'l-100');
  expect(texts(cutBefore(without, readCursor(next)).lines)).toEqual(texts(lines.slice(0, 100)));
  expect(cutBefore(lines.slice(0, 50), readCursor(next)).lines).toHaveLength(50);
});
