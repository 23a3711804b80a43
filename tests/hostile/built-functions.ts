import { projectFiles } from '../repo/tree.ts';

/** The functions that are there. */
export const builtFunctions: readonly string[] = projectFiles.flatMap(
  (file) => /^functions\/([a-z-]+)\.ts$/.exec(file)?.[1] ?? [],
);
