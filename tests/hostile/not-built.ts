import { projectFiles } from '../repo/tree.ts';
import type { Input } from './corpus.ts';

/** The functions that are there. */
export const builtFunctions: readonly string[] = projectFiles.flatMap(
  (file) => /^functions\/([a-z-]+)\.ts$/.exec(file)?.[1] ?? [],
);

/** Functions that the corpus has inputs for and that later work brings. */
export const laterFunctions: readonly string[] = ['desk-events'];

/** Whether an input can run: its function is there, or it is for none. */
export function isBuilt(input: Input): boolean {
  return !laterFunctions.includes(input.function);
}
