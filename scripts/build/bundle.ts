import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { FunctionFile } from './functions.ts';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

interface Target {
  readonly make: string;
  readonly exported: string;
  readonly node: string;
  /** The file of a function below the folder of the build. */
  path(fn: AnyFunction): string;
  readonly footer?: string;
}

const targets = {
  twilio: {
    make: 'toTwilio',
    exported: 'handler',
    node: 'node22',
    path: (fn) => `twilio/functions/${fn.name}${fn.caller.kind === 'twilio' ? '.protected' : ''}.js`,
  },
  lambda: { make: 'toLambda', exported: 'handler', node: 'node22', path: (fn) => `lambda/${fn.name}.js` },
  openwhisk: {
    make: 'toOpenWhisk',
    exported: 'main',
    node: 'node20',
    path: (fn) => `openwhisk/${fn.name}.js`,
    // The platform evaluates the text inside a function and looks for a variable of this name.
    footer: 'var main=module.exports.main;',
  },
  'code-engine': { make: 'toCodeEngine', exported: 'main', node: 'node22', path: (fn) => `code-engine/${fn.name}.js` },
} as const satisfies Record<string, Target>;

export type Runtime = keyof typeof targets;

export const runtimes = Object.keys(targets) as readonly Runtime[];

/** One file that was built. */
export interface Bundle {
  readonly name: string;
  readonly runtime: Runtime;
  /** Below the folder of the build. */
  readonly path: string;
  readonly bytes: number;
  /** What it is made of: bytes by npm package, our own code as `handover`. */
  readonly packages: Readonly<Record<string, number>>;
  /** The table's operations that its code can call at all. Least privilege follows from it. */
  readonly tableActions: readonly string[];
}

/** Why a function is not built for a runtime; undefined when it is. */
export function notBuiltBecause(fn: AnyFunction, runtime: Runtime): string | undefined {
  return runtime === 'twilio' && fn.caller.needsRawBody
    ? `${fn.name} is not built for Twilio Functions: its caller check needs the raw body, which that platform does not hand over`
    : undefined;
}

export const bundlePath = (fn: AnyFunction, runtime: Runtime): string => targets[runtime].path(fn);

function inputsOf(metafile: Metafile): (readonly [string, number])[] {
  const output = Object.values(metafile.outputs).find((each) => each.entryPoint !== undefined);
  return Object.entries(output?.inputs ?? {})
    .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
    .filter(([, bytes]) => bytes > 0);
}

function packagesOf(metafile: Metafile): Record<string, number> {
  const packages: Record<string, number> = {};
  for (const [path, bytes] of inputsOf(metafile)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'handover';
    packages[name] = (packages[name] ?? 0) + bytes;
  }
  return packages;
}

/** `DescribeEndpoints` comes along with every client, for a discovery that is off. */
function tableActionsOf(metafile: Metafile): string[] {
  const command = /client-dynamodb\/dist-[a-z]+\/commands\/(?!DescribeEndpoints)(\w+)Command\.js$/;
  return inputsOf(metafile)
    .flatMap(([path]) => command.exec(path)?.[1] ?? [])
    .sort();
}

/** Bundles one function for one runtime into one self-contained, minified CommonJS file with a source map. */
export async function bundle({ file, fn }: FunctionFile, runtime: Runtime, outFolder: string): Promise<Bundle> {
  const target: Target = targets[runtime];
  const path = target.path(fn);
  const outfile = join(outFolder, path);
  const { metafile } = await build({
    stdin: {
      contents: [
        `import fn from ${JSON.stringify(`./${relative(root, file)}`)};`,
        `import { ${target.make} } from './shared/runtimes/${runtime}.ts';`,
        `module.exports.${target.exported} = ${target.make}(fn);`,
      ].join('\n'),
      resolveDir: root,
      sourcefile: `${runtime}/${fn.name}.ts`,
      loader: 'ts',
    },
    outfile,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: target.node,
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(root, 'scripts/build/no-credential-chain.ts') },
    // Without: `require` starts no loader of modules, and works where a platform evaluates the text. With: literals that
    // nobody uses are left out, and every target knows them.
    supported: { 'dynamic-import': false, 'regexp-unicode-property-escapes': true },
    // The entry says `module.exports` itself; wrapping its exports costs time at every start.
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
    legalComments: 'none',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    ...(target.footer === undefined ? {} : { footer: { js: target.footer } }),
  });
  return {
    name: fn.name,
    runtime,
    path,
    bytes: statSync(outfile).size,
    packages: packagesOf(metafile),
    tableActions: tableActionsOf(metafile),
  };
}

/** The exact version of one of the platform tools. */
export function platformVersion(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'platforms/package.json'), 'utf8'));
  return dependencies[name];
}
