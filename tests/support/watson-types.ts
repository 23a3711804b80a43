import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/build/bundle.ts';
import { temporaryFolder } from './temporary-folder.ts';

const options = [
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--module',
  'preserve',
  '--target',
  'es2022',
  '--types',
  '',
  '--ignoreConfig',
];

/** What the compiler has against values of the types of ibm-watson, the vendor's own package, in one version of its API. */
export function watsonTypeFaults(version: 'v1' | 'v2') {
  const folder = temporaryFolder();
  const declared = join(root, `platforms/node_modules/ibm-watson/assistant/${version}`);
  return async (values: readonly (readonly [type: string, value: unknown])[]): Promise<readonly string[]> => {
    const lines = values.map(
      ([type, value], at) => `export const value${at}: Watson.${type} = ${JSON.stringify(value, undefined, 1)};`,
    );
    const source = join(folder, 'values.ts');
    writeFileSync(source, `import Watson from ${JSON.stringify(declared)};\n${lines.join('\n')}\n`);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const run = promisify(execFile)(process.execPath, [compiler, ...options, source]);
    return run.then(
      () => [],
      ({ stdout }: { stdout: string }) =>
        stdout
          .trim()
          .split('\n')
          .filter((line) => line.includes('error')),
    );
  };
}
