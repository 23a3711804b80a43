import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { bundlePath, root, saidOf } from '../build/bundle.ts';
import { deploymentsOf, givenSettingsOf, type Plan, runVendor, type Target } from './plan.ts';

const staging = join(root, 'dist/deploy/twilio');

/** One line of an env file, in the one quoting that takes any value as it is. */
function envLine([name, value]: readonly [string, string]): string {
  const quote = ["'", '"', '`'].find((each) => !value.includes(each)) ?? '"';
  return `${name}=${quote}${value}${quote}`;
}

/** Lays out what goes up: a build replaces everything in its service, so a function that was named has a service of its own. */
function stage(plan: Plan): void {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(join(staging, 'functions'), { recursive: true });
  for (const fn of plan.functions) {
    const said = saidOf(fn, 'twilio', plan.env);
    if (said) plan.say(said);
    const built = join(root, 'dist', bundlePath(fn, 'twilio'));
    copyFileSync(built, join(staging, 'functions', basename(built)));
  }
  copyFileSync(join(root, 'dist/twilio/package.json'), join(staging, 'package.json'));
}

function deployOnce(plan: Plan): void {
  const settings = givenSettingsOf(plan.functions, plan.env).map(({ name, value }) => [name, value] as const);
  const own = [
    ['ACCOUNT_SID', plan.env.TWILIO_ACCOUNT_SID ?? ''],
    ['AUTH_TOKEN', plan.env.TWILIO_AUTH_TOKEN ?? ''],
  ] as const;
  plan.say(`settings: ${settings.map(([name]) => name).join(' ')}`);
  stage(plan);
  const envFile = join(staging, '.env');
  const lines = [...own, ...settings].map(envLine);
  if (!plan.dryRun) writeFileSync(envFile, lines.join('\n'), { mode: 0o600 });
  try {
    const service = ['handover', ...(plan.apart ? plan.functions.map(({ name }) => name) : [])].join('-');
    const flags = ['-c', 'twilio-serverless.json', '--cwd', relative(root, staging), '--service-name', service];
    runVendor(plan, 'twilio-run', 'twilio-run/bin/twilio-run.js', ['deploy', ...flags, '--production'], process.env);
  } finally {
    rmSync(envFile, { force: true });
  }
}

/** Twilio Functions, by Twilio's own tool. All functions make one service; one that was named has its own. */
export const twilio: Target = {
  runtime: 'twilio',
  replacesAll: true,
  knows: ['PUBLIC_BASE_URL'],
  needs: { TWILIO_ACCOUNT_SID: 'the account to deploy to', TWILIO_AUTH_TOKEN: 'its auth token' },
  async deploy(plan) {
    deploymentsOf(plan).forEach(deployOnce);
  },
};
