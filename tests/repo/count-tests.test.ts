import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
// @ts-expect-error: plain JavaScript, because `npm test` starts before anything is installed
import { countTests } from '../../scripts/count-tests.mjs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'handover-count-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest over planted suites and counts its report, as `npm test` does. */
function countOf(suites: Readonly<Record<string, string>>): unknown {
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  for (const [name, source] of Object.entries(suites)) {
    writeFileSync(join(folder, `${name}.test.mjs`), `import { beforeAll, test } from 'vitest';\n${source}`);
  }
  const report = join(folder, 'report.json');
  const vitest = join(modules, 'vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, args, { cwd: folder });
  return countTests(JSON.parse(readFileSync(report, 'utf8')), status);
}

const passing = "test('one', () => {}); test('two', () => {});";

test('passed and failed tests are counted over all suites', () => {
  const failing = "test('three', () => { throw new Error('no'); });";
  expect(countOf({ a: passing, b: failing })).toEqual({ passed: 2, failed: 1 });
});

test('a suite that cannot be loaded counts as failed', () => {
  expect(countOf({ a: passing, b: "import './missing.mjs';" })).toEqual({ passed: 2, failed: 1 });
});

test('a suite whose set-up fails counts as failed', () => {
  const broken = "beforeAll(() => { throw new Error('no'); }); test('three', () => {});";
  expect(countOf({ a: passing, b: broken })).toEqual({ passed: 2, failed: 1 });
});

test('an error outside of every test counts as failed', () => {
  const late = "test('three', () => { setTimeout(() => { throw new Error('late'); }, 0); });";
  expect(countOf({ a: passing, b: late })).toEqual({ passed: 3, failed: 1 });
});

test('a run without a test counts as failed', () => {
  expect(countTests({ testResults: [] }, 0)).toEqual({ passed: 0, failed: 1 });
});
