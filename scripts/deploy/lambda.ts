import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/bundle.ts';
import { notForLambda, settingsOf } from '../build/lambda-list.ts';
import { DeployError, givenSettingsOf, type Plan, runVendor, type Target } from './plan.ts';

const listed = (name: string) => join(root, 'dist/lambda', name);
const read = (name: string) => JSON.parse(readFileSync(listed(name), 'utf8'));
const write = (name: string, value: unknown) => writeFileSync(listed(name), `${JSON.stringify(value, null, 2)}\n`);

/** Writes the lists of one function beside those of all, for the variable HANDOVER_ONLY of serverless.yml. */
function cutOut(name: string): void {
  const { [name]: entry } = read('functions.json');
  write(`functions-${name}.json`, { [name]: entry });
  const { [entry.role]: role } = read('roles.json').Resources;
  write(`roles-${name}.json`, { Resources: { [entry.role]: role } });
}

/** What osls is told besides the settings: which functions, and whose table. */
function variables({ alone, functions, env }: Plan): Record<string, string> {
  if (alone === undefined) return {};
  const usesTable = functions.some((fn) => settingsOf(fn).some(({ name }) => name === 'HANDOVER_TABLE'));
  if (usesTable && !env.HANDOVER_TABLE) {
    throw new DeployError(
      `${alone} needs a table that others can share: set HANDOVER_TABLE, or deploy all, which makes one`,
    );
  }
  return { HANDOVER_ONLY: `-${alone}`, HANDOVER_TABLE: usesTable ? (env.HANDOVER_TABLE ?? '') : 'none' };
}

/** AWS Lambda, by osls. All functions make one service; a function alone has its own. */
export const lambda: Target = {
  knows: ['PUBLIC_BASE_URL', 'HANDOVER_TABLE', 'AWS_REGION'],
  needs: {},
  async deploy(plan) {
    const told = variables(plan);
    if (plan.alone) cutOut(plan.alone);
    const settings = givenSettingsOf(plan.functions, plan.env).filter(({ name }) => !notForLambda.includes(name));
    plan.say(`settings: ${settings.map(({ name }) => name).join(' ')}`);
    for (const [name, value] of Object.entries(told)) plan.say(`${name}=${value}`);
    const given = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
    runVendor(plan, 'osls', 'osls/bin/serverless.js', ['deploy'], { ...process.env, ...given, ...told });
  },
};
