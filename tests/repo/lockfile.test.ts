import { expect, test } from 'vitest';
import { lockFaults, manifestFaults } from './dependency-rules.ts';
import { projectFiles, readProjectFile } from './tree.ts';

const manifests = projectFiles.filter((file) => /(^|\/)package\.json$/.test(file));
const locks = projectFiles.filter((file) => /(^|\/)package-lock\.json$/.test(file));

test('every package.json has its lock file', () => {
  expect(locks).toEqual(manifests.map((file) => file.replace(/package\.json$/, 'package-lock.json')));
});

test.for(manifests)('%s names exact versions only', (file) => {
  expect(manifestFaults(JSON.parse(readProjectFile(file)))).toEqual([]);
});

test.for(locks)('%s names no host, has every hash, and nothing below a version floor', (file) => {
  expect(lockFaults(JSON.parse(readProjectFile(file)))).toEqual([]);
});

test('nothing that the functions are built from runs a script when it is installed', () => {
  const { packages } = JSON.parse(readProjectFile('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
  };
  const scripted = Object.entries(packages).filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev);
  expect(scripted.map(([path]) => path)).toEqual([]);
});

test.for([
  [{ dependencies: { a: '^1.0.0' } }, 'a is ^1.0.0'],
  [{ devDependencies: { a: 'latest' } }, 'a is latest'],
  [{ optionalDependencies: { a: '1.x' } }, 'a is 1.x'],
  [{ dependencies: { a: 'https://example.com/a.tgz' } }, 'a is https://example.com/a.tgz'],
] as const)('a planted version range is found: %j', ([manifest, fault]) => {
  expect(manifestFaults(manifest)).toEqual([fault]);
});

const sound = { version: '2.0.0', integrity: 'sha512-x' };

test.for([
  [{ ...sound, resolved: 'https://example.com/a.tgz' }, 'a', 'node_modules/a names the host it came from'],
  [{ version: '2.0.0' }, 'a', 'node_modules/a has no hash'],
  [{ ...sound, version: '1.15.0' }, 'axios', 'node_modules/axios is 1.15.0, below 1.15.1'],
  [{ ...sound, version: '6.14.1' }, 'qs', 'node_modules/qs is 6.14.1, below 6.14.2'],
  [{ ...sound, version: '8.5.1' }, 'jsonwebtoken', 'node_modules/jsonwebtoken is 8.5.1, below 9.0.3'],
] as const)('a planted fault in a lock file is found: %j', ([entry, name, fault]) => {
  expect(lockFaults({ packages: { '': {}, [`node_modules/${name}`]: entry } })).toEqual([fault]);
});

test('a nested copy is held to the same floor', () => {
  const packages = { 'node_modules/express/node_modules/qs': { ...sound, version: '6.9.0' } };
  expect(lockFaults({ packages })).toEqual(['node_modules/express/node_modules/qs is 6.9.0, below 6.14.2']);
});
