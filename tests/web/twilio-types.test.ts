import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();
const declared = join(root, 'web/service-desk/twilio-conversations.d.ts');
const published = join(root, 'web/node_modules/@twilio/conversations/builds/lib.js');

/** What the compiler has to say of a program in which the client that is published stands for the one declared here. */
function faultsOf(program: string): string {
  const file = join(folder, 'check.ts');
  const imports = [
    `/// <reference path=${JSON.stringify(declared)} />`,
    `import type * as Real from ${JSON.stringify(published)};`,
    "import type * as Ours from '@twilio/conversations';",
  ];
  writeFileSync(file, [...imports, program].join('\n'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', 'node'];
  const types = ['--typeRoots', join(root, 'node_modules/@types')];
  const args = [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...types, '--target', 'es2023', file];
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('the client of Twilio has what is declared of it', () => {
  expect(faultsOf('declare const client: Real.Client;\nexport const ours: Ours.Client = client;')).toBe('');
});

test('a client that lacks something would be found', () => {
  const without = "declare const client: Omit<Real.Client, 'updateToken'>;\nexport const ours: Ours.Client = client;";
  expect(faultsOf(without)).toContain("Property 'updateToken' is missing");
  const other = 'declare const page: Real.Paginator<Real.Message>;\nexport const ours: Ours.Page<Ours.User> = page;';
  expect(faultsOf(other)).toContain('friendlyName');
});
