import { spawn } from 'node:child_process';
import { join } from 'node:path';

const PAIRS = 30;
const WARM_UP_PAIRS = 2;

const once = join(import.meta.dirname, 'once.cjs');
const many = join(import.meta.dirname, 'many.cjs');
const floor = join(import.meta.dirname, 'peers/empty.cjs');

/** What is run: a CommonJS file with a `handler`, the event for it, and the status that it answers. */
export interface Subject {
  readonly file: string;
  readonly eventFile: string;
  readonly status: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface StartUp {
  /** Median of the ratios of 30 pairs: this function to an empty one, each from the start of the process to its end. */
  readonly ratio: number;
  /** Medians in milliseconds. */
  readonly ms: number;
  readonly floorMs: number;
}

/** With it in the environment Node reads certificates at every start, and every ratio shrinks. */
function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, ...env };
}

/** What it prints is read only when it is asked for: a platform has its pipe for log lines already. */
function run(args: readonly string[], env: Readonly<Record<string, string>>, read: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', read ? 'pipe' : 'ignore', 'inherit'] as const;
    const child = spawn(process.execPath, args, { env: environment(env), stdio: [...stdio] });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${args.join(' ')} failed: ${output}`)),
    );
  });
}

async function timed(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const startNs = process.hrtime.bigint();
  await run(args, env, false);
  return Number(process.hrtime.bigint() - startNs) / 1e6;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Starts an empty function and this one in turn. Throws when it does not answer as it should. */
export async function startUp({ file, eventFile, status, env }: Subject): Promise<StartUp> {
  const pairs: { floorMs: number; ms: number }[] = [];
  for (let pair = -WARM_UP_PAIRS; pair < PAIRS; pair++) {
    const floorMs = await timed([once, floor, eventFile, '200'], env);
    const ms = await timed([once, file, eventFile, String(status)], env);
    if (pair >= 0) pairs.push({ floorMs, ms });
  }
  return {
    ratio: median(pairs.map(({ floorMs, ms }) => ms / floorMs)),
    ms: median(pairs.map(({ ms }) => ms)),
    floorMs: median(pairs.map(({ floorMs }) => floorMs)),
  };
}

/** Invocations per second of a warm function, one after the other in one process. */
export async function perSecond({ file, eventFile, env }: Subject): Promise<number> {
  return Number(await run([many, file, eventFile], env, true));
}
