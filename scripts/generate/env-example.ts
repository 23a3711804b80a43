import type { AnyFunction } from '../../shared/core/function.ts';
import { needOf, type SettingInfo } from '../../shared/core/settings.ts';
import { settingsOf } from '../build/lambda-list.ts';
import { studioNeeds } from '../deploy/filled-flow.ts';
import { targets } from '../deploy/targets.ts';

interface Use {
  readonly info: SettingInfo;
  readonly by: readonly string[];
}

const HEADING = `# Settings, made from the declarations of the functions by \`npm run generate\`. Copy this file to .env and fill in what you use:
# an empty setting counts as missing, and the stage has a default for each. A function refuses to start without those that
# it needs, and its log line names them.
`;

/** Every setting once, as the strictest function needs it, with the functions that ask for it: the most shared first. */
function usesOf(functions: readonly AnyFunction[]): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const fn of functions) {
    for (const info of settingsOf(fn)) {
      const known = uses.get(info.name);
      const isKnown = known !== undefined && needOf(known.info) >= needOf(info);
      uses.set(info.name, { info: isKnown ? known.info : info, by: [...(known?.by ?? []), fn.name] });
    }
  }
  return [...uses.values()].sort((a, b) => b.by.length - a.by.length);
}

function entry({ info, by }: Use, all: number): string {
  const need = (info.optional ? 'optional' : 'needed') + (info.onlyIf ? ` if ${info.onlyIf}` : '');
  const users = by.length === all ? 'every function' : by.join(', ');
  return [
    `# ${info.is}`,
    `# ${need}${info.secret ? ', secret' : ''}; used by ${users}`,
    ...(info.example === '' || info.secret ? [] : [`# example: ${info.example}`]),
    `${info.name}=`,
    '',
  ].join('\n');
}

/** The text of `.env.example`. */
export function envExample(functions: readonly AnyFunction[]): string {
  const uses = usesOf(functions);
  const declared = new Set(uses.map(({ info }) => info.name));
  const needs = (what: string, named: Readonly<Record<string, string>>) =>
    Object.entries(named)
      .filter(([name]) => !declared.has(name))
      .map(([name, is]) => `# ${is}\n# needed for npm run deploy -- ${what}\n${name}=\n`);
  const deployment = [
    ...Object.entries(targets).flatMap(([runtime, target]) => needs(`… --to ${runtime}`, target.needs)),
    ...needs('studio', studioNeeds),
  ];
  return [HEADING, ...uses.map((use) => entry(use, functions.length)), ...deployment].join('\n');
}
