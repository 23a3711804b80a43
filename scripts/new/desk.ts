import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 30;

/** Names that `DESK` has for itself, whether or not their folder is there. */
const RESERVED: readonly string[] = ['phone', 'flex', 'genesys', 'servicenow', 'webhook', 'stage', 'web-chat', 'desk'];

/** The files of a desk, and where each template goes. */
const filesOf = (name: string): Readonly<Record<string, string>> => ({
  'index.ts.txt': `shared/desks/${name}/index.ts`,
  'client.ts.txt': `shared/desks/${name}/client.ts`,
  'translate.ts.txt': `shared/desks/${name}/translate.ts`,
  'payloads.ts.txt': `shared/desks/${name}/payloads.ts`,
  'events.ts.txt': `shared/desks/${name}/events.ts`,
  'README.md.txt': `shared/desks/${name}/README.md`,
  'test.ts.txt': `tests/desks/${name}.test.ts`,
});

const INDEX = 'shared/desks/index.ts';
const EVENTS = 'shared/desks/events.ts';

/** `acme-chat` as a variable and as the beginning of a setting. */
const spelledOf = (name: string) => ({
  name,
  camel: name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
  UPPER: name.toUpperCase().replaceAll('-', '_'),
});

type Spelled = ReturnType<typeof spelledOf>;

function filled(template: string, spelled: Spelled): string {
  return template.replace(/\{\{(name|camel|UPPER)\}\}/g, (_, which: keyof Spelled) => spelled[which]);
}

/** Puts a text behind a place in a file. Throws when the file no longer has that place. */
function inserted(file: string, text: string, places: readonly (readonly [RegExp, string])[]): string {
  return places.reduce((now, [place, addition]) => {
    if (!place.test(now)) throw new Error(`${file} has no ${place} any more: add the desk there by hand`);
    return now.replace(place, (found) => found + addition);
  }, text);
}

const registered = ({ name, camel }: Spelled): Readonly<Record<string, readonly (readonly [RegExp, string])[]>> => ({
  [INDEX]: [
    [/^/, `import { ${camel}Desk, ${camel}DeskSettings } from './${name}/index.ts';\n`],
    [/const groups = \{/, ` '${name}': ${camel}DeskSettings, `],
    [/switch \(settings\.DESK\) \{/, `\n    case '${name}':\n      return ${camel}Desk({ settings, send: sendHttp });`],
  ],
  [EVENTS]: [
    [/^/, `import { ${camel}Telling } from './${name}/events.ts';\n`],
    [/const ownTellings[^=]*= new Map(?:<[^(]*>)?\(\[/, `['${name}', ${camel}Telling], `],
  ],
});

/** Why a desk cannot be called so; undefined when it can. `settings` are the names that there are already. */
function objection(root: string, name: string, settings: ReadonlySet<string>): string | undefined {
  if (!NAME.test(name) || name.length > LONGEST)
    return `a desk is called like acme-chat: small letters, digits and single hyphens, at most ${LONGEST}`;
  if (RESERVED.includes(name)) return `${name} is taken`;
  const there = Object.values(filesOf(name)).find((path) => existsSync(join(root, path)));
  if (there) return `${name} is taken: there is ${there}`;
  if (existsSync(join(root, 'shared/desks', `${name}.ts`))) return `${name} is taken: shared/desks/${name}.ts`;
  const { UPPER } = spelledOf(name);
  const taken = [`${UPPER}_URL`, `${UPPER}_API_KEY`].find((setting) => settings.has(setting));
  return taken === undefined ? undefined : `${name} is taken: ${taken} is a setting of something else`;
}

function run(root: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args[0]} failed: ${stderr}`);
}

/** Writes a desk that works, and says what is left to do. Nothing is written when it cannot be called so. */
export function makeDesk(
  root: string,
  name: string,
  settings: ReadonlySet<string>,
): { readonly written: readonly string[]; readonly next: string } {
  const against = objection(root, name, settings);
  if (against !== undefined) throw new Error(against);
  const spelled = spelledOf(name);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const files = Object.entries(filesOf(name)).map(([template, path]) => {
    return [path, filled(read(`scripts/new/desk/${template}`), spelled)] as const;
  });
  const lines = Object.entries(registered(spelled)).map(([path, places]) => {
    return [path, inserted(path, read(path), places)] as const;
  });
  const all = [...files, ...lines];
  for (const [path, text] of all) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const code = all.map(([path]) => path).filter((path) => path.endsWith('.ts'));
  run(root, 'node_modules/@biomejs/biome/bin/biome', 'check', '--write', ...code);
  run(root, 'scripts/generate.ts');
  return {
    written: [...all.map(([path]) => path), '.env.example'],
    next: [
      `DESK=${name} works: npm test -- tests/desks/${name}.test.ts`,
      `Now make translate.ts, payloads.ts and events.ts speak what ${name} speaks, say in its README.md where that is written`,
      'and what it cannot do, and give the stage a twin of it under stage/twins/.',
    ].join('\n'),
  };
}
