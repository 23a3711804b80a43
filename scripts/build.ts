import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../shared/core/settings.ts';
import { givenSettings } from '../stage/settings.ts';
import { type Bundle, bundle, notBuiltBecause, root, runtimes, saidOf } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { writeLists } from './build/lists.ts';
import { buildWeb } from './build/web.ts';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { installWeb } from './install.mjs';

interface BuildOptions {
  /** Where the declarations are. */
  readonly functionsFolder?: string;
  readonly outFolder?: string;
  /** Only these functions; the others stay as they were built last. All when absent. */
  readonly names?: readonly string[] | undefined;
  /** The settings that they will have, as far as they are known: something may be said of them. */
  readonly env?: Env;
}

interface Built {
  readonly bundles: readonly Bundle[];
  /** One sentence for each function that was left out of a runtime, or that nobody can call there. */
  readonly said: readonly string[];
}

/**
 * Bundles functions for every runtime and writes the lists derived from them: `bundles.json` (what each file is made of),
 * `lambda/functions.json` and `lambda/roles.json` (read by serverless.yml), and the package.json files.
 */
export async function build({
  functionsFolder,
  outFolder = join(root, 'dist'),
  names,
  env = {},
}: BuildOptions): Promise<Built> {
  const functions = await readFunctions(functionsFolder ?? join(root, 'functions'), names);
  for (const runtime of runtimes) {
    if (!names) rmSync(join(outFolder, runtime), { recursive: true, force: true });
    mkdirSync(join(outFolder, runtime), { recursive: true });
  }
  const said = functions.flatMap(({ fn }) => runtimes.flatMap((runtime) => saidOf(fn, runtime, env) ?? []));
  const perRuntime = runtimes.map((runtime) => {
    const files = functions.filter(({ fn }) => notBuiltBecause(fn, runtime) === undefined);
    return files.length === 0 ? [] : bundle(files, runtime, outFolder);
  });
  const bundles = (await Promise.all(perRuntime)).flat();
  const built = functions.map(({ fn }) => fn);
  writeLists(outFolder, built, bundles, names !== undefined);
  return { bundles, said };
}

/** Builds what the names say: `functions`, `web`, or single functions; everything without names. */
async function buildNamed(names: readonly string[]): Promise<void> {
  const single = names.filter((name) => name !== 'web' && name !== 'functions');
  const all = names.length === 0 || names.includes('functions');
  if (all || single.length > 0) {
    const env = givenSettings(process.cwd(), process.env);
    const { bundles, said } = await build({ names: all ? undefined : single, env });
    for (const { path, bytes } of bundles) console.log(`dist/${path}  ${Math.ceil(bytes / 1000)} KB`);
    for (const sentence of said) console.log(sentence);
  }
  if (names.length > 0 && !names.includes('web')) return;
  installWeb();
  for (const { path, bytes } of await buildWeb(join(root, 'dist')))
    console.log(`dist/${path}  ${Math.ceil(bytes / 1000)} KB`);
}

if (import.meta.main) await buildNamed(process.argv.slice(2));
