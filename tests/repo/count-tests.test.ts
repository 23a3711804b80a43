import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
// @ts-expect-error: plain JavaScript, because `npm test` starts before anything is installed
import { countTests } from '../../scripts/count-tests.mjs';
// @ts-expect-error: plain JavaScript, because `npm test` starts before anything is installed
import { nameFailures } from '../../scripts/name-failures.mjs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'handover-count-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest over planted suites, as `npm test` does. */
function run(suites: Readonly<Record<string, string>>) {
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  for (const [name, source] of Object.entries(suites)) {
    writeFileSync(join(folder, `${name}.test.mjs`), `import { beforeAll, describe, test } from 'vitest';\n${source}`);
  }
  const file = join(folder, 'report.json');
  const vitest = join(modules, 'vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync(process.execPath, args, { cwd: folder });
  return { report: JSON.parse(readFileSync(file, 'utf8')), status };
}

/** Counts the report of a run. */
function countOf(suites: Readonly<Record<string, string>>): unknown {
  const { report, status } = run(suites);
  return countTests(report, status);
}

/** What is said of the failures of a run. */
function saidOf(suites: Readonly<Record<string, string>>): readonly string[] {
  return nameFailures(run(suites).report, realpathSync(folder));
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

test('nothing is said when all pass', () => {
  expect(saidOf({ a: passing })).toEqual([]);
});

test('a test that failed is named by file, full name and message, without colours', () => {
  const failing =
    "describe('the bot', () => { test('answers', () => { throw new Error('\\x1b[31mno\\x1b[0m\\n\\nnever'); }); });";
  const said = saidOf({ a: passing, b: failing });
  expect(said.slice(0, 4)).toEqual(['--- what failed', 'b.test.mjs: the bot answers', '    Error: no', '    never']);
});

test.each([
  ['cannot be loaded', "import './missing.mjs';", 'missing.mjs'],
  ['cannot be set up', "beforeAll(() => { throw new Error('no table'); }); test('three', () => {});", 'no table'],
])('a suite that %s is named with the reason', (_, source, reason) => {
  const [heading, name, ...message] = saidOf({ a: passing, b: source });
  expect([heading, name]).toEqual(['--- what failed', 'b.test.mjs']);
  expect(message.join('\n')).toContain(reason);
});

test('however much failed, it is said in fewer than a hundred lines', () => {
  const many = `for (let n = 0; n < 50; n += 1) test('number ' + n, () => { throw new Error('a\\nb\\nc\\nd\\n' + 'e'.repeat(5_000)); });`;
  const said = saidOf({ a: many });
  expect(said.length).toBeLessThan(90);
  expect(said.at(-1)).toBe('and 30 more');
  expect(said.every((line) => line.length <= 210)).toBe(true);
  expect(said).toContain('a.test.mjs: number 19');
});
