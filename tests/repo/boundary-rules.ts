import { transformSync } from 'esbuild';

/** A folder whose files may import only what its rule names. */
interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Files of the project it may import, by path from the root; `{own}` stands for the first group of `files`. */
  readonly own: readonly string[];
  /** Packages and Node modules it may import. Absent means any. */
  readonly packages?: readonly string[];
  /** What must not stand in its code, whatever is imported. */
  readonly forbids?: Readonly<Record<string, RegExp>>;
}

const CORE = '^shared/core/';

/** A call of the global: not of a method that has its name. */
const called = (name: string) => new RegExp(`(?<![.\\w$])(?:globalThis\\.)?${name}\\(`);

const noGlobalFetch = { 'the global fetch': called('fetch') };

/** Who may import whom. The first layer that a file belongs to counts. */
export const layers: readonly Layer[] = [
  {
    name: 'core',
    files: /^shared\/core\//,
    own: [CORE],
    packages: ['node:crypto', 'node:zlib', 'valibot', 'libphonenumber-js', 'jose', '@noble/hashes'],
    forbids: {
      ...noGlobalFetch,
      'process.env': /\bprocess\b/,
      'Date.now': /\bDate\.now\b/,
      'a date of now': /\bnew Date\b(?!\([^)])/,
      'Math.random': /\bMath\.random\b/,
      'a timer': called('set(?:Timeout|Interval|Immediate)'),
    },
  },
  {
    name: 'http',
    files: /^shared\/http\//,
    own: [CORE, '^shared/http/'],
    packages: ['node:crypto', 'node:http', 'node:https', 'valibot'],
    forbids: noGlobalFetch,
  },
  {
    name: 'runtimes',
    files: /^shared\/runtimes\//,
    own: [CORE, '^shared/runtimes/'],
    packages: ['node:fs'],
    forbids: noGlobalFetch,
  },
  {
    name: 'store',
    files: /^shared\/store\//,
    own: [CORE, '^shared/store/'],
    packages: ['@aws-sdk/client-dynamodb', 'valibot', 'node:crypto', 'node:zlib', 'node:util'],
    forbids: noGlobalFetch,
  },
  {
    name: 'twilio',
    files: /^shared\/twilio\//,
    own: [CORE, '^shared/http/', '^shared/twilio/'],
    packages: ['valibot', 'node:crypto'],
    forbids: noGlobalFetch,
  },
  {
    name: 'servicenow',
    files: /^shared\/servicenow\//,
    own: [CORE, '^shared/http/', '^shared/servicenow/'],
    packages: ['valibot'],
    forbids: noGlobalFetch,
  },
  {
    name: 'index of desks and bots',
    files: /^shared\/(desks|bots)\/[^/]+$/,
    own: [CORE, '^shared/http/', '^shared/twilio/', '^shared/servicenow/', '^shared/{own}/'],
    packages: ['valibot'],
    forbids: noGlobalFetch,
  },
  {
    name: 'partners that are reached over Twilio',
    files: /^shared\/((?:desks\/flex|bots\/web-chat))\//,
    own: [CORE, '^shared/http/', '^shared/twilio/', '^shared/desks/queues\\.ts$', '^shared/{own}/'],
    packages: ['valibot', 'node:crypto'],
    forbids: noGlobalFetch,
  },
  {
    name: 'one desk or bot',
    files: /^shared\/((?:desks|bots)\/[^/]+)\//,
    own: [CORE, '^shared/http/', '^shared/servicenow/', '^shared/desks/queues\\.ts$', '^shared/{own}/'],
    packages: ['valibot', 'node:crypto'],
    forbids: noGlobalFetch,
  },
  {
    name: 'the rest of shared',
    files: /^shared\//,
    own: ['^shared/(?!runtimes/)'],
    packages: ['valibot', 'node:crypto'],
    forbids: noGlobalFetch,
  },
  {
    name: 'functions',
    files: /^functions\//,
    own: ['^shared/(?!runtimes/)', '^web/[^/]+/page-files\\.ts$'],
    packages: ['valibot', 'node:crypto'],
    forbids: noGlobalFetch,
  },
  {
    // It runs in the pages of others, so what it takes of the core must be fit for browsers.
    name: 'service desk',
    files: /^web\/service-desk\//,
    own: [`${CORE}(id|parsed-url|plain-text|public-picture)\\.ts$`, '^web/service-desk/'],
    packages: ['valibot', '@twilio/conversations'],
    forbids: {
      process: /\bprocess\b/,
      'a console': /\bconsole\b/,
      HTML: /\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/,
      'code from text': called('(?:eval|Function)'),
    },
  },
  {
    name: 'page of the real web chat',
    files: /^web\/carbon-ai-chat\//,
    own: ['^web/(service-desk|carbon-ai-chat)/'],
  },
  {
    name: 'the files of a page',
    files: /^web\/[^/]+\/page-files\.ts$/,
    own: [],
    packages: ['node:fs'],
    forbids: noGlobalFetch,
  },
  { name: 'a page', files: /^web\/([^/]+)\/[^/]+\.js$/, own: ['^web/{own}/[^/]+\\.js$'], packages: [] },
  { name: 'the plug-in', files: /^flex\//, own: [], packages: ['@twilio/flex-plugin'], forbids: noGlobalFetch },
  { name: 'stage', files: /^stage\//, own: ['^(functions|shared|stage|scripts|web)/'] },
  { name: 'scripts', files: /^scripts\//, own: ['^(functions|shared|stage|scripts|web)/'] },
  // What else a machine does is no fault of ours: tests measure by the steady clock.
  { name: 'tests', files: /^tests\//, own: [''], forbids: { 'performance.now': /\bperformance\.now\b/ } },
];

interface Import {
  readonly from: string;
  /** Gone after the types are stripped. */
  readonly typeOnly: boolean;
}

function importsOf(source: string): readonly Import[] {
  const statement = /^(import|export)(\s+type\b)?(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"]+)\3/gm;
  const dynamic = /\b(?:import|require)\(\s*(['"])([^'"]+)\1/g;
  return [
    ...[...source.matchAll(statement)].map(([, , type, , from]) => ({
      from: from ?? '',
      typeOnly: type !== undefined,
    })),
    ...[...source.matchAll(dynamic)].map(([, , from]) => ({ from: from ?? '', typeOnly: false })),
  ];
}

/** Where a relative import leads, from the root of the project. */
const resolved = (file: string, from: string) => new URL(from, `file:///${file}`).pathname.slice(1);

const isPart = (from: string, name: string) => from === name || from.startsWith(`${name}/`);

/** What a file of the project does that its layer forbids: one sentence per fault. */
export function boundaryFaults(file: string, source: string): readonly string[] {
  const layer = layers.find(({ files }) => files.test(file));
  if (!layer) return [];
  const own = layer.files.exec(file)?.[1] ?? '';
  const allowed = layer.own.map((pattern) => new RegExp(pattern.replace('{own}', own)));
  const faults: string[] = [];
  for (const { from, typeOnly } of importsOf(source)) {
    if (from.startsWith('.')) {
      const target = resolved(file, from);
      if (!allowed.some((pattern) => pattern.test(target))) faults.push(`${layer.name} must not import ${target}`);
    } else if (layer.packages && !typeOnly && !layer.packages.some((name) => isPart(from, name))) {
      faults.push(`${layer.name} must not import ${from}`);
    }
  }
  // Comments and types are gone after the transform, so only code is searched.
  const { code } = transformSync(source, { loader: 'ts' });
  for (const [what, pattern] of Object.entries(layer.forbids ?? {})) {
    if (pattern.test(code)) faults.push(`${layer.name} must not use ${what}`);
  }
  return faults;
}
