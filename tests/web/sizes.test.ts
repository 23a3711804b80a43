import { beforeAll, expect, test } from 'vitest';
import { buildWeb, type WebFile } from '../../scripts/build/web.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * Thousands of bytes of the minified file. A page pays for the first when it loads, for the second when a chat begins; the
 * script is both in one. The client of Twilio is 575 of them.
 */
const budgetsKb: Readonly<Record<string, number>> = {
  'web/service-desk.mjs': 30,
  'web/conversations-client.mjs': 590,
  'web/service-desk.js': 620,
};

const folder = temporaryFolder();
let files: readonly WebFile[] = [];
beforeAll(async () => {
  files = await buildWeb(folder);
});

test('every file for browsers is within its budget', () => {
  expect(files.map(({ path }) => path)).toEqual(Object.keys(budgetsKb));
  const over = files.filter(({ path, bytes }) => bytes > (budgetsKb[path] ?? 0) * 1_000);
  expect(over.map(({ path, bytes }) => `${path}: ${bytes} bytes`)).toEqual([]);
});

test('what a page loads at once holds nothing but ours and what checks answers', () => {
  const first = files.find(({ path }) => path === 'web/service-desk.mjs');
  expect(Object.keys(first?.packages ?? {}).sort()).toEqual(['handover', 'valibot']);
});
