import { spawn } from 'node:child_process';
import type { Env } from '../../shared/core/settings.ts';

/** Runs a script of the project in a folder, with these settings and no others. Resolves when all that it says is read. */
export async function runScript(file: string, cwd: string, args: readonly string[], env: Env) {
  const { PATH, NODE_OPTIONS = '' } = process.env;
  const child = spawn(process.execPath, [file, ...args], { cwd, env: { PATH, NODE_OPTIONS, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, output };
}
