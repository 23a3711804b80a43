import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyFunction } from '../../shared/core/function.ts';

export interface FunctionFile {
  /** Absolute path of the TypeScript file. */
  readonly file: string;
  readonly fn: AnyFunction;
}

/**
 * Reads the declarations of a folder, or only those of the names given, so that a broken one does not stop the others.
 * Throws for a name that there is not, and when a function is called differently from its file.
 */
export async function readFunctions(folder: string, names?: readonly string[]): Promise<readonly FunctionFile[]> {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no function ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return Promise.all(
    (names ?? known).map(async (name) => {
      const file = join(folder, `${name}.ts`);
      const { default: fn } = (await import(pathToFileURL(file).href)) as { default?: AnyFunction };
      if (!fn) throw new Error(`${file} has no default export: export a declaration made by defineFunction`);
      if (fn.name !== name) throw new Error(`${file} declares "${fn.name}": a function is called as its file`);
      return { file, fn };
    }),
  );
}
