import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import { root } from '../build/bundle.ts';
import { notForLambda, settingsOf } from '../build/lambda-list.ts';
import { DeployError, deploymentsOf, givenSettingsOf, type Plan, runVendor, type Target } from './plan.ts';

/** Writes the lists of these functions beside those of all in a folder, for the variable HANDOVER_LISTED of serverless.yml. */
export function cutOut(folder: string, functions: readonly AnyFunction[], listed: string): void {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, `${name}${listed}.json`), `${JSON.stringify(value, null, 2)}\n`);
  const [all, allRoles] = [read('functions'), read('roles').Resources];
  const entries = functions.map(({ name }) => [name, all[name]] as const);
  const roles = entries.map(([, { role }]) => [role, allRoles[role]] as const);
  write('functions', Object.fromEntries(entries));
  write('roles', { Resources: Object.fromEntries(roles) });
}

const usesTable = (fn: AnyFunction) => settingsOf(fn).some(({ name }) => name === 'HANDOVER_TABLE');

/** What osls is told besides the settings: which functions, and for one that has its own service its name and whose table. */
function variables({ apart, functions: [fn], env }: Plan): { HANDOVER_LISTED: string } & Record<string, string> {
  if (!apart || !fn) return { HANDOVER_LISTED: '-deployed' };
  const only = `-${fn.name}`;
  const table = usesTable(fn) ? (env.HANDOVER_TABLE ?? '') : 'none';
  return { HANDOVER_LISTED: only, HANDOVER_ONLY: only, HANDOVER_TABLE: table };
}

/** All functions have one table between them; those that are deployed by themselves must be told of one. */
function checkTable({ apart, functions, env }: Plan): void {
  const without = apart && !env.HANDOVER_TABLE ? functions.filter(usesTable).map(({ name }) => name) : [];
  if (without.length === 0) return;
  throw new DeployError(
    `${without.join(' ')} needs a table that others can share: set HANDOVER_TABLE, or deploy all, which makes one`,
  );
}

function deployOnce(plan: Plan): void {
  const told = variables(plan);
  cutOut(join(root, 'dist/lambda'), plan.functions, told.HANDOVER_LISTED);
  const settings = givenSettingsOf(plan.functions, plan.env).filter(({ name }) => !notForLambda.includes(name));
  plan.say(`settings: ${settings.map(({ name }) => name).join(' ')}`);
  for (const [name, value] of Object.entries(told)) plan.say(`${name}=${value}`);
  const given = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  runVendor(plan, 'osls', 'osls/bin/serverless.js', ['deploy'], { ...process.env, ...given, ...told });
}

/** AWS Lambda, by osls. All functions make one service; one that was named has its own. */
export const lambda: Target = {
  runtime: 'lambda',
  replacesAll: true,
  knows: ['PUBLIC_BASE_URL', 'HANDOVER_TABLE', 'AWS_REGION'],
  needs: {},
  async deploy(plan) {
    checkTable(plan);
    deploymentsOf(plan).forEach(deployOnce);
  },
};
