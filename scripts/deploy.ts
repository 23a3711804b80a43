import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Env } from '../shared/core/settings.ts';
import { givenSettings } from '../stage/settings.ts';
import { root } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { build } from './build.ts';
import { deployable } from './deploy/deployable.ts';
import { DeployError, type Plan, type Target } from './deploy/plan.ts';
import { deployStudio } from './deploy/studio.ts';
import { targetNamed, targets } from './deploy/targets.ts';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { installPlatforms } from './install.mjs';

const usage = `npm run deploy -- <function…|all|studio> --to <${Object.keys(targets).join('|')}> [--dry-run]`;

/** A platform may give the address only when it has the functions: then they are deployed twice. */
function sayAddress(plan: Plan, { knows }: Target): void {
  if (!knows.includes('PUBLIC_BASE_URL') || plan.env.PUBLIC_BASE_URL) return;
  const several = plan.apart && plan.functions.length > 1;
  const address = several ? 'one of the addresses, and FUNCTION_URLS to all of them,' : 'the address';
  const printed = several ? 'are' : 'is';
  plan.say(`PUBLIC_BASE_URL is not set: set it to ${address} that ${printed} printed below, then deploy once more`);
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

  const target = targetNamed(values.to);
  if (given.length === 0 || !target) throw new DeployError(usage);
  const names = given[0] === 'all' ? undefined : given;
  const wanted = (await readFunctions(join(root, 'functions'), names)).map(({ fn }) => fn);
  const plan: Plan = { functions: wanted, apart: names !== undefined, env, dryRun, say };
  const functions = deployable(plan, target);
  if (!dryRun) installPlatforms();
  await build({ names });
  sayAddress(plan, target);
  await target.deploy({ ...plan, functions });
  const leftOut = wanted.filter((fn) => !functions.includes(fn)).map(({ name }) => name);
  if (leftOut.length > 0) say(`left out, for what stands at the top: ${leftOut.join(' ')}`);
}

deploy(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
