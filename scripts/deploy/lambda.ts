import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import { root } from '../build/bundle.ts';
import { notForLambda, settingsOf } from '../build/lambda-list.ts';
import { DeployError, deploymentsOf, givenSettingsOf, type Plan, runVendor, type Target } from './plan.ts';

const listed = (name: string) => join(root, 'dist/lambda', name);
const read = (name: string) => JSON.parse(readFileSync(listed(name), 'utf8'));
const write = (name: string, value: unknown) => writeFileSync(listed(name), `${JSON.stringify(value, null, 2)}\n`);

/** Writes the lists of one function beside those of all, for the variable HANDOVER_ONLY of serverless.yml. */
function cutOut({ name }: AnyFunction): void {
  const { [name]: entry } = read('functions.json');
  write(`functions-${name}.json`, { [name]: entry });
  const { [entry.role]: role } = read('roles.json').Resources;
  write(`roles-${name}.json`, { Resources: { [entry.role]: role } });
}

const usesTable = (fn: AnyFunction) => settingsOf(fn).some(({ name }) => name === 'HANDOVER_TABLE');

/** What osls is told besides the settings: which function, and whose table. */
function variables({ apart, functions: [fn], env }: Plan): Record<string, string> {
  if (!apart || !fn) return {};
  return { HANDOVER_ONLY: `-${fn.name}`, HANDOVER_TABLE: usesTable(fn) ? (env.HANDOVER_TABLE ?? '') : 'none' };
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
  const [fn] = plan.functions;
  if (plan.apart && fn) cutOut(fn);
  const told = variables(plan);
  const settings = givenSettingsOf(plan.functions, plan.env).filter(({ name }) => !notForLambda.includes(name));
  plan.say(`settings: ${settings.map(({ name }) => name).join(' ')}`);
  for (const [name, value] of Object.entries(told)) plan.say(`${name}=${value}`);
  const given = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  runVendor(plan, 'osls', 'osls/bin/serverless.js', ['deploy'], { ...process.env, ...given, ...told });
}

/** AWS Lambda, by osls. All functions make one service; one that was named has its own. */
export const lambda: Target = {
  knows: ['PUBLIC_BASE_URL', 'HANDOVER_TABLE', 'AWS_REGION'],
  needs: {},
  async deploy(plan) {
    checkTable(plan);
    deploymentsOf(plan).forEach(deployOnce);
  },
};
