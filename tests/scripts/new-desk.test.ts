import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { projectFiles } from '../repo/tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = temporaryFolder();

/** Runs something of the copy as a person would. */
function run(...args: readonly string[]) {
  // Without what the tests around us set for themselves.
  const { NODE_OPTIONS: _, VITEST: __, FORCE_COLOR: ___, ...rest } = process.env;
  const env = { ...rest, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}

beforeAll(() => {
  for (const file of projectFiles) cpSync(join(root, file), join(copy, file), { recursive: true });
  for (const folder of ['.', 'platforms', 'web', 'web/carbon-ai-chat']) {
    const packages = join(root, folder, 'node_modules');
    if (existsSync(packages)) symlinkSync(packages, join(copy, folder, 'node_modules'));
  }
  spawnSync('git', ['init', '--quiet'], { cwd: copy });
}, 60_000);

test('a new desk passes the check and its contract before anybody has changed it', { timeout: 300_000 }, () => {
  expect(run('scripts/new.ts', 'desk', 'acme-chat')).toMatchObject({ status: 0 });
  for (const file of ['index', 'client', 'translate', 'payloads', 'events'])
    expect(readFileSync(join(copy, `shared/desks/acme-chat/${file}.ts`), 'utf8')).not.toContain('{{');
  expect(readFileSync(join(copy, '.env.example'), 'utf8')).toContain('needed if DESK=acme-chat');
  const contract = run(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'suites',
    'tests/desks/acme-chat.test.ts',
    'tests/desks/index.test.ts',
  );
  expect(contract.said).toMatch(/Tests +\d{2} passed/);
  expect(contract.status, contract.said).toBe(0);
  const checked = run('scripts/check.mjs');
  expect(checked.status, checked.said).toBe(0);
  expect(run('scripts/new.ts', 'desk', 'acme-chat')).toMatchObject({
    status: 1,
    said: expect.stringContaining('is taken'),
  });
});

test.for([
  [['desk', 'Acme'], 'a desk is called like acme-chat'],
  [['desk', 'acme--chat'], 'a desk is called like acme-chat'],
  [['desk', '../acme'], 'a desk is called like acme-chat'],
  [['desk', 'a'.repeat(31)], 'a desk is called like acme-chat'],
  [['desk', 'webhook'], 'webhook is taken'],
  [['desk', 'events'], 'events is taken: shared/desks/events.ts'],
  [['desk', 'twilio'], 'twilio is taken: TWILIO_API_KEY is a setting of something else'],
  [['desk'], 'usage: npm run new desk NAME'],
  [['bot', 'acme'], 'usage: npm run new desk NAME'],
] as const)('%j is refused: %s', ([args, says]) => {
  const index = () => readFileSync(join(copy, 'shared/desks/index.ts'), 'utf8');
  const before = index();
  expect(run('scripts/new.ts', ...args)).toMatchObject({ status: 1, said: expect.stringContaining(says) });
  expect(index()).toBe(before);
});
