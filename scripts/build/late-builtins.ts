import type { Plugin } from 'esbuild';

/** What is imported of modules of Node that a function seldom needs. */
const names: Readonly<Record<string, readonly string[]>> = {
  'node:fs/promises': ['readFile'],
  'node:zlib': ['deflateRawSync', 'inflateRawSync'],
};

/**
 * Has these modules of Node loaded when something of them is called first: the SDK imports them for files of settings that
 * it is not to read, we for long histories, and loading both costs 1.3 ms at every start (2026-11-28).
 */
export const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(names).join('|')})$`);
    onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'late-builtin' ? { path, external: true } : { path, namespace: 'late-builtin' },
    );
    onLoad({ filter: /.*/, namespace: 'late-builtin' }, ({ path }) => {
      const from = JSON.stringify(path);
      const lines = names[path]?.map(
        (name) => `export const ${name} = (...args) => require(${from}).${name}(...args);`,
      );
      return { contents: lines?.join('\n') ?? '', loader: 'js' };
    });
  },
};
