/** `npm run check`: format, lint, types, unused code and the rules of the repository, side by side. No network. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isInstalled, pinnedNode, root } from './install.mjs';

const REPO_RULES = ['boundaries', 'lockfile', 'words', 'docs'].map((name) => `tests/repo/${name}.test.ts`);

/** name, file in node_modules, arguments */
const checks = [
  [
    'format and lint',
    '@biomejs/biome/bin/biome',
    ['ci', '--error-on-warnings', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.'],
  ],
  ['types', 'typescript/bin/tsc', ['--project', '.']],
  ['unused code', 'knip/bin/knip.js', ['--no-progress']],
  ['repository rules', 'vitest/vitest.mjs', ['run', '--project', 'repo', '--reporter=dot', ...REPO_RULES]],
];

/** Runs one check and keeps what it prints, so that the checks do not talk into each other. */
function run([name, file, args]) {
  const startedMs = Date.now();
  const check = spawn(pinnedNode(), [join(root, 'node_modules', file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
  });
  let output = '';
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    check.on('error', (error) => resolve({ name, code: 1, output: error.message, ms: 0 }));
    check.on('close', (code) => resolve({ name, code, output, ms: Date.now() - startedMs }));
  });
}

if (!isInstalled(root)) {
  console.error('The packages are missing or stale: run npm install');
  process.exit(1);
}
const results = await Promise.all(checks.map(run));
for (const { name, code, output } of results) {
  if (code !== 0) console.log(`\n--- ${name}\n${output.trimEnd()}\n`);
}
for (const { name, code, ms } of results)
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${(ms / 1000).toFixed(1)} s)`);
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;
