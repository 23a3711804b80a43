import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyFunction } from '../../shared/core/function.ts';

export interface FunctionFile {
  /** Absolute path of the TypeScript file. */
  readonly file: string;
  readonly fn: AnyFunction;
}

/** Reads every declaration of a folder, by name. Throws when one is called differently from its file. */
export async function readFunctions(folder: string): Promise<readonly FunctionFile[]> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
  return Promise.all(
    files.map(async (file) => {
      const { default: fn } = (await import(pathToFileURL(file).href)) as { default?: AnyFunction };
      const name = basename(file, '.ts');
      if (!fn) throw new Error(`${file} has no default export: export a declaration made by defineFunction`);
      if (fn.name !== name) throw new Error(`${file} declares "${fn.name}": a function is called as its file`);
      return { file, fn };
    }),
  );
}
