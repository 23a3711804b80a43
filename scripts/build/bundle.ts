import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { FunctionFile } from './functions.ts';
import { lateBuiltins } from './late-builtins.ts';
import { numberingPlans } from './numbering-plans.ts';
import { pageFiles } from './page-files.ts';

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

/** What has to be said of a function on a runtime: that it is not built for it, or that nobody gets in with these settings. */
export function saidOf(fn: AnyFunction, runtime: Runtime, env: Env): string | undefined {
  return notBuiltBecause(fn, runtime) ?? (runtime === 'twilio' ? fn.caller.shutOnTwilio?.(env) : undefined);
}

export const bundlePath = (fn: AnyFunction, runtime: Runtime): string => targets[runtime].path(fn);

type Output = Metafile['outputs'][string];

/** What an output is made of: path and bytes. */
function inputsOf(output: Output): (readonly [string, number])[] {
  return Object.entries(output.inputs)
    .map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const)
    .filter(([, bytes]) => bytes > 0);
}

function packagesOf(output: Output): Record<string, number> {
  const packages: Record<string, number> = {};
  for (const [path, bytes] of inputsOf(output)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? 'handover';
    packages[name] = (packages[name] ?? 0) + bytes;
  }
  return packages;
}

/** `DescribeEndpoints` comes along with every client, for a discovery that is off. */
function tableActionsOf(output: Output): string[] {
  const command = /client-dynamodb\/dist-[a-z]+\/commands\/(?!DescribeEndpoints)(\w+)Command\.js$/;
  return inputsOf(output)
    .flatMap(([path]) => command.exec(path)?.[1] ?? [])
    .sort();
}

/** Throws for a late import of a module that has others: an engine would read all that it shares with the rest twice. */
function refuseLateImports({ inputs }: Metafile): void {
  for (const [path, { imports }] of Object.entries(inputs))
    for (const { kind, path: late, external } of imports)
      if (kind === 'dynamic-import' && !external && inputs[late]?.imports.length !== 0)
        throw new Error(`${path} imports ${late} late`);
}

/** Writes the entry of each function: its declaration, made into what the platform calls. */
function entries(files: readonly FunctionFile[], runtime: Runtime): Plugin {
  const { make, exported } = targets[runtime];
  return {
    name: 'entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
      onLoad({ filter: /.*/, namespace: 'entry' }, ({ path: name }) => {
        const file = files.find(({ fn }) => fn.name === name)?.file ?? name;
        const contents = [
          `import fn from ${JSON.stringify(`./${relative(root, file)}`)};`,
          `import { ${make} } from './shared/runtimes/${runtime}.ts';`,
          // Said outright, for wrapping the exports of a module costs time at every start.
          `module.exports.${exported} = ${make}(fn);`,
        ];
        return { contents: contents.join('\n'), resolveDir: root, loader: 'ts' };
      });
    },
  };
}

/** Parts of the SDK that DynamoDB has no use for and every start would pay for, and what is bundled in their place. */
const unused: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': 'no-credential-chain.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'no-endpoint-discovery.ts',
  '@smithy/core/event-streams': 'no-event-streams.ts',
};

/** Bundles functions for one runtime, each into one self-contained, minified CommonJS file with a source map. */
export async function bundle(
  files: readonly FunctionFile[],
  runtime: Runtime,
  outFolder: string,
): Promise<readonly Bundle[]> {
  const { node, path, footer }: Target = targets[runtime];
  const { metafile } = await build({
    entryPoints: files.map(({ fn }) => ({ in: `entry:${fn.name}`, out: path(fn).replace(/\.js$/, '') })),
    outdir: outFolder,
    plugins: [entries(files, runtime), pageFiles, numberingPlans, lateBuiltins],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: node,
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(Object.entries(unused).map(([name, file]) => [name, join(root, 'scripts/build', file)])),
    // The SDK asks whether a text is one of these. Node loads the web's streams at the question, for 0.7 ms at every start.
    define: { ReadableStream: 'undefined', Blob: 'undefined' },
    // Without: `require` starts no loader of modules, and works where a platform evaluates the text. With: literals that
    // nobody uses are left out, and every target knows them.
    supported: { 'dynamic-import': false, 'regexp-unicode-property-escapes': true },
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
    legalComments: 'none',
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
    ...(footer === undefined ? {} : { footer: { js: footer } }),
  });
  refuseLateImports(metafile);
  return files.map(({ fn }) => {
    const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === `entry:${fn.name}`);
    if (!output) throw new Error(`${fn.name} was not built for ${runtime}`);
    return {
      name: fn.name,
      runtime,
      path: path(fn),
      bytes: output.bytes,
      packages: packagesOf(output),
      tableActions: tableActionsOf(output),
    };
  });
}

/** The exact version of one of the platform tools. */
export function platformVersion(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'platforms/package.json'), 'utf8'));
  return dependencies[name];
}
