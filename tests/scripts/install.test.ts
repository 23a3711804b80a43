import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { isInstalled } from '../../scripts/install.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

type Packages = Readonly<Record<string, { readonly version: string; readonly optional?: boolean }>>;

/** A folder whose lock file wants some packages, in which npm has noted others. */
function folderWith(wanted: Packages, there: Packages | undefined): string {
  const path = mkdtempSync(join(folder, 'packages-'));
  writeFileSync(join(path, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (there) {
    mkdirSync(join(path, 'node_modules'));
    writeFileSync(join(path, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: there }));
  }
  return path;
}

const one = { 'node_modules/a': { version: '1.0.0' } };

test.for<readonly [string, Packages, Packages | undefined, boolean]>([
  ['nothing was installed', one, undefined, false],
  ['what is wanted is there', one, one, true],
  ['a package is missing', one, {}, false],
  ['a version is another', one, { 'node_modules/a': { version: '1.0.1' } }, false],
  ['an optional package is for another machine', { 'node_modules/a': { version: '1.0.0', optional: true } }, {}, true],
  [
    'an optional package has another version',
    { 'node_modules/a': { version: '1.0.0', optional: true } },
    { 'node_modules/a': { version: '0.9.0' } },
    false,
  ],
])('%s: known before npm is asked', ([, wanted, there, expected]) => {
  expect(isInstalled(folderWith(wanted, there))).toBe(expected);
});
