import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Env } from '../../../shared/core/settings.ts';

/** Runs `npm run deploy` of a copy of the project, in a folder whose `.env` is empty, with these settings and no others. */
export async function runDeploy(project: string, cwd: string, args: readonly string[], env: Env) {
  const { PATH, NODE_OPTIONS = '' } = process.env;
  const child = spawn(process.execPath, [join(project, 'scripts/deploy.ts'), ...args], {
    cwd,
    env: { PATH, NODE_OPTIONS, HOME: cwd, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, output };
}
