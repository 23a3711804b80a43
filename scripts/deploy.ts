import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Env } from '../shared/core/settings.ts';
import { givenSettings } from '../stage/settings.ts';
import { root } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { build } from './build.ts';
import { DeployError, missingFor, type Plan, settingFaults, type Target } from './deploy/plan.ts';
import { deployStudio } from './deploy/studio.ts';
import { targets } from './deploy/targets.ts';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { installPlatforms } from './install.mjs';

const usage = `npm run deploy -- <function…|all|studio> --to <${Object.keys(targets).join('|')}> [--dry-run]`;

/** Says what keeps the functions from being deployed, or would keep them from starting. Only a dry run goes on after it. */
function checkSettings(plan: Plan, target: Target): void {
  const { knows } = target;
  const faults = [...missingFor(target, plan.env), ...settingFaults(plan, knows)];
  for (const fault of faults) plan.say(`! ${fault}`);
  if (faults.length > 0 && !plan.dryRun) throw new DeployError('nothing was deployed: see above');
  if (knows.includes('PUBLIC_BASE_URL') && !plan.env.PUBLIC_BASE_URL) {
    const several = plan.apart && plan.functions.length > 1;
    const address = several ? 'one of the addresses, and FUNCTION_URLS to all of them,' : 'the address';
    const printed = several ? 'are' : 'is';
    plan.say(`PUBLIC_BASE_URL is not set: set it to ${address} that ${printed} printed below, then deploy once more`);
  }
}

/** Of AWS keys only those in `.env` are meant for the functions: those in the environment are whoever deploys. */
function settingsToDeploy(): Env {
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const inFile = givenSettings(process.cwd(), {});
  const { STAGE: _stage, ...given } = givenSettings(process.cwd(), process.env);
  return { ...given, ...Object.fromEntries(keys.map((name) => [name, inFile[name]])) };
}

async function deploy(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const given = [...new Set(positionals)];
  const dryRun = values['dry-run'];
  const env = settingsToDeploy();
  const say = (line: string) => console.log(line);
  for (const alone of ['all', 'studio']) {
    if (given.includes(alone) && given.length > 1) throw new DeployError(`${alone} stands by itself\n${usage}`);
  }
  if (given[0] === 'studio') return deployStudio({ env, dryRun, say });

  const target = targets[values.to ?? ''];
  if (given.length === 0 || !target) throw new DeployError(usage);
  const names = given[0] === 'all' ? undefined : given;
  const functions = (await readFunctions(join(root, 'functions'), names)).map(({ fn }) => fn);
  const plan: Plan = { functions, apart: names !== undefined, env, dryRun, say };
  checkSettings(plan, target);
  if (!dryRun) installPlatforms();
  await build({ names });
  await target.deploy(plan);
}

deploy(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
