import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const machine = new URL('../../scripts/machine.mjs', import.meta.url).href;

const java = '#!/bin/sh\necho \'openjdk version "17.0.15"\' >&2\n';
const chromium = '#!/bin/sh\necho Chromium 156\n';
/** Notes what it is asked, and puts both programs beside itself when it is to install. */
const aptGet = `#!/bin/sh
here=\${0%/*}
[ "$1" = --version ] && exit 0
echo "$@" >> "$here/asked"
[ "$1" = install ] || exit 0
/bin/cp "$here/kept-java" "$here/java"
/bin/cp "$here/kept-chromium" "$here/chromium"
`;

/** Prepares a machine that has these programs and no others, as root or as somebody. */
function prepare(programs: Readonly<Record<string, string>>, userId: number) {
  const path = mkdtempSync(join(folder, 'machine-'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, name), script);
    chmodSync(join(path, name), 0o755);
  }
  const source = `process.getuid = () => ${userId}; (await import('${machine}')).prepareMachine();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  const asked = join(path, 'asked');
  return { isReady: status === 0, said: stderr, asked: existsSync(asked) ? readFileSync(asked, 'utf8') : '' };
}

const kept = { 'kept-java': java, 'kept-chromium': chromium };

test('the Java and the Chromium that are there are taken', () => {
  expect(prepare({ java, chromium, 'apt-get': aptGet, ...kept }, 0)).toMatchObject({ isReady: true, asked: '' });
  expect(prepare({ java, 'google-chrome': chromium }, 1_000)).toMatchObject({ isReady: true });
});

test('what is missing is installed for root', () => {
  const { isReady, asked } = prepare({ 'apt-get': aptGet, ...kept }, 0);
  expect(asked).toBe('update\ninstall -y --no-install-recommends chromium openjdk-17-jre-headless\n');
  expect(isReady).toBe(true);
});

test('a Java that is too old is missing', () => {
  const old = java.replace('17.0.15', '11.0.2');
  expect(prepare({ java: old, chromium, 'apt-get': aptGet, ...kept }, 0).asked).toContain(
    'recommends openjdk-17-jre-headless\n',
  );
});

test('somebody else is told the one command', () => {
  const { isReady, said, asked } = prepare({ java, 'apt-get': aptGet, ...kept }, 1_000);
  expect({ isReady, asked }).toEqual({ isReady: false, asked: '' });
  expect(said).toContain('sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium');
});

test('without apt-get the missing programs are named', () => {
  expect(prepare({ java }, 0)).toMatchObject({ isReady: false, said: expect.stringContaining('Missing: chromium') });
});

test('an installation that does not help is a failure', () => {
  const useless = '#!/bin/sh\nexit 0\n';
  expect(prepare({ java, 'apt-get': useless }, 0)).toMatchObject({
    isReady: false,
    said: expect.stringContaining('apt-get could not install chromium'),
  });
});
