import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { stageOfFile } from '../stage/stage-of-file.ts';

const stage = stageOfFile();

/** Runs `npm run erase` against the stage. */
async function erase(...args: readonly string[]) {
  const env = { ...process.env, PUBLIC_BASE_URL: stage.url, ADMIN_KEY: 'admin-key-0123456789abcdef' };
  return promisify(execFile)(process.execPath, ['scripts/erase.ts', ...args], { env }).then(
    ({ stdout }) => stdout,
    (error: { readonly stderr: string }) => error.stderr,
  );
}

test('a conversation goes, and what others hold is said', async () => {
  const lines = [{ by: 'customer', text: 'Hello', atMs: 1, id: 'c-1' }];
  await stage.ask('POST', '/_stage/state', {
    conversationId: 'c-1',
    mode: 'human',
    pausedForMs: 60_000,
    bot: 'plain',
    lines,
  });
  expect(await erase('--conversation', 'c-1')).toMatch(/^[2-9] items erased\n\nyour bot: .*\n.*\n {2}c-1\n/);
  expect(await erase('--conversation', 'c-1')).toMatch(/^0 items erased\n/);
}, 60_000);

test.for([[], ['--user', 'u'], ['--conversation', 'c', '--bot', 'b']])('%j is not understood', async (args) => {
  expect(await erase(...args)).toMatch(/npm run erase -- \(/);
});
