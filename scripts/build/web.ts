import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { root } from './bundle.ts';

/** One file for browsers. */
export interface WebFile {
  /** Below the folder of the build. */
  readonly path: string;
  readonly bytes: number;
  /** What it is made of: bytes by npm package, our own code as `handover`. */
  readonly packages: Readonly<Record<string, number>>;
}

const shared = {
  absWorkingDir: join(root, 'web/service-desk'),
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

function packagesOf(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): Record<string, number> {
  const packages: Record<string, number> = {};
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'handover';
    packages[name] = (packages[name] ?? 0) + bytesInOutput;
  }
  return packages;
}

/** The module that carries the words stays a file of its own, beside the one that imports it when a chat begins. */
const clientApart: Plugin = {
  name: 'client apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/twilio-conversation\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './conversations-client.mjs', external: true } : undefined,
    );
  },
};

/**
 * Bundles the service desk for browsers: `service-desk.mjs`, which loads `conversations-client.mjs` when a chat begins, and
 * `service-desk.js`, one script with everything, which leaves `HandoverServiceDesk` behind.
 */
export async function buildWeb(outFolder: string): Promise<readonly WebFile[]> {
  const folder = join(outFolder, 'web');
  rmSync(folder, { recursive: true, force: true });
  const files: readonly (BuildOptions & { readonly outfile: string })[] = [
    { format: 'esm', entryPoints: ['index.ts'], outfile: 'service-desk.mjs', plugins: [clientApart] },
    { format: 'esm', entryPoints: ['twilio-conversation.ts'], outfile: 'conversations-client.mjs' },
    { format: 'iife', entryPoints: ['index.ts'], outfile: 'service-desk.js', globalName: 'HandoverServiceDesk' },
  ];
  return Promise.all(
    files.map(async ({ outfile, ...file }) => {
      const { metafile } = await build({ ...shared, ...file, outfile: join(folder, outfile) });
      const output = Object.entries(metafile?.outputs ?? {}).find(([path]) => path.endsWith(outfile))?.[1];
      if (!output) throw new Error(`${outfile} was not built`);
      return { path: join('web', outfile), bytes: output.bytes, packages: packagesOf(output.inputs) };
    }),
  );
}
