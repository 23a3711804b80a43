import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ciRun = fileURLToPath(new URL('../../.ci/run', import.meta.url));
const folder = temporaryFolder();

/** What npm does when all goes well, by what it is called with. */
const well = {
  start: 'echo ready http://localhost:1; exec sleep 60',
  test: 'echo 3 passed, 0 failed',
  'run check': 'echo checked',
  'run demo': 'seq 300',
};

/** Runs .ci/run in a folder of its own, with an npm that does what is planted. */
function run(planted: Readonly<Record<string, string>> = {}) {
  const place = mkdtempSync(join(folder, 'clone-'));
  for (const name of ['.ci', 'bin']) mkdirSync(join(place, name));
  copyFileSync(ciRun, join(place, '.ci/run'));
  const cases = Object.entries({ ...well, ...planted }).map(([called, does]) => `'${called}') ${does} ;;`);
  writeFileSync(join(place, 'bin/npm'), `#!/usr/bin/env bash\ncase "$*" in\n${cases.join('\n')}\nesac\n`);
  chmodSync(join(place, 'bin/npm'), 0o755);
  const env = { ...process.env, PATH: `${join(place, 'bin')}${delimiter}${process.env.PATH}` };
  const { status, stdout } = spawnSync('bash', [join(place, '.ci/run')], { env, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('steps and tests are counted in the last line, and nothing is said when all pass', () => {
  const { status, lines } = run();
  expect(status).toBe(0);
  expect(lines.slice(-2)).toEqual(['300', '6 passed, 0 failed']);
});

test('the tests that failed are named again at the very end', () => {
  const failing =
    "echo RUN; echo '--- what failed'; echo a.test.ts: one; echo '    no'; echo 2 passed, 1 failed; exit 1";
  const { status, lines } = run({ test: failing });
  expect(status).toBe(1);
  expect(lines.slice(-5)).toEqual([
    '--- failed: npm test',
    'a.test.ts: one',
    '    no',
    '2 passed, 1 failed',
    '5 passed, 1 failed',
  ]);
});

test.each(['start', 'test', 'run check', 'run demo'])(
  'a step that fails is named with its last lines: npm %s',
  (name) => {
    const { status, lines } = run({ [name]: 'seq 500 600; exit 1' });
    expect(status).toBe(1);
    const said = lines.slice(lines.indexOf(`--- failed: npm ${name}`) + 1, -1);
    expect(said.length).toBeLessThanOrEqual(30);
    expect(said).toContain('600');
    expect(lines.at(-1)).toMatch(/^\d passed, 1 failed$/);
  },
);
