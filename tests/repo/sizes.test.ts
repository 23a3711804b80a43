import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Bundle } from '../../scripts/build/bundle.ts';
import { build } from '../../scripts/build.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Thousands of bytes of the minified file. What reaches no table needs no SDK. */
const WITHOUT_TABLE_KB = 90;
const WITH_TABLE_KB = 400;
/**
 * With the numbering plans of all countries; the sweep, which nobody waits for, with every desk as well; the helpdesk with
 * every bot that may have a call, and with what the built-in one has learnt.
 */
const budgetsKb: Readonly<Record<string, number>> = { 'click-to-call': 465, 'helpdesk-call': 640, sweep: 495 };

const folder = temporaryFolder();
let bundles: readonly Bundle[] = [];
beforeAll(async () => {
  ({ bundles } = await build({ outFolder: folder }));
}, 120_000);

test('every bundle is within its budget', () => {
  const over = bundles
    .map(({ name, path, bytes, tableActions }) => {
      const budget = budgetsKb[name] ?? (tableActions.length > 0 ? WITH_TABLE_KB : WITHOUT_TABLE_KB);
      return bytes > budget * 1_000 ? `${path}: ${bytes} bytes, ${budget} KB allowed` : '';
    })
    .filter((line) => line !== '');
  expect(over).toEqual([]);
});

test('the functions that must answer without a table do not bring one', () => {
  const names = ['receive-call', 'voice-fallback'];
  const with_ = bundles.filter(({ name, tableActions }) => names.includes(name) && tableActions.length > 0);
  expect(with_).toEqual([]);
});

test('nothing of a partner’s package is bundled', () => {
  const allowed =
    /^(handover|valibot|jose|@noble\/hashes|libphonenumber-js|tslib|@aws-sdk\/.*|@aws-crypto\/.*|@smithy\/.*|@aws\/.*)$/;
  const others = bundles.flatMap(({ path, packages }) =>
    Object.keys(packages)
      .filter((name) => !allowed.test(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(others).toEqual([]);
});

test('bundles for OpenWhisk use nothing newer than its Node 20', () => {
  const newer = /\bURL\.parse\(|\.withResolvers\(|Promise\.try\(|\bimport\(/;
  const own = bundles.filter(({ runtime }) => runtime === 'openwhisk');
  expect(
    own.filter(({ path }) => newer.test(readFileSync(join(folder, path), 'utf8'))).map(({ path }) => path),
  ).toEqual([]);
});
