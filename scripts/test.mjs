/**
 * `npm test`: from a fresh clone to "N passed, N failed", the last line of its output; what failed is named
 * right before it. Further arguments go to vitest.
 * Plain JavaScript, because it starts on whatever Node is there; the tests themselves run on the pinned one.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countTests } from './count-tests.mjs';
import { installPlatforms, installRoot, installWebChat, pinnedNode, root, runScript } from './install.mjs';
import { prepareMachine } from './machine.mjs';
import { nameFailures } from './name-failures.mjs';

/** How long a process of a test may take to go away after the last test. */
const LEAVE_MS = 3_000;

/** Runs vitest in a process group of its own, so that whatever the tests started can be found again. */
function runVitest(report) {
  const vitest = spawn(
    pinnedNode(),
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.kill(-vitest.pid, signal));
  return new Promise((resolve, reject) => {
    vitest.on('error', reject);
    vitest.on('exit', (code) => resolve({ code, group: -vitest.pid }));
  });
}

function isAlive(group) {
  try {
    process.kill(group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether the tests left a process behind; it is ended. */
async function leftProcesses(group) {
  const endMs = Date.now() + LEAVE_MS;
  while (isAlive(group) && Date.now() < endMs) await sleep(50);
  if (!isAlive(group)) return false;
  process.kill(group, 'SIGKILL');
  return true;
}

async function run(folder) {
  installRoot();
  installPlatforms();
  installWebChat();
  prepareMachine();
  runScript('scripts/build.ts');
  const report = join(folder, 'report.json');
  const { code, group } = await runVitest(report);
  const left = await leftProcesses(group);
  if (left) console.error('A test left a process running.');
  const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { testResults: [] };
  const counts = countTests(results, code);
  for (const line of nameFailures(results, root)) console.log(line);
  return { passed: counts.passed, failed: counts.failed + (left ? 1 : 0) };
}

const folder = mkdtempSync(join(tmpdir(), 'handover-test-'));
let counts = { passed: 0, failed: 1 };
try {
  counts = await run(folder);
} catch (error) {
  console.error(error.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = counts.failed === 0 ? 0 : 1;
console.log(`${counts.passed} passed, ${counts.failed} failed`);
