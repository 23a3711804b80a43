import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnyFunction } from '../shared/core/function.ts';
import type { Env } from '../shared/core/settings.ts';
import { systemClock } from '../shared/runtimes/system.ts';
import { tableSettings } from '../shared/store/table.ts';
import { givenSettings } from '../stage/settings.ts';
import { root } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { settingsOf } from './build/lambda-list.ts';
import { targetNamed, targets } from './deploy/targets.ts';
import { checkChatWebhook } from './doctor/chat-webhook.ts';
import { type Check, sayCheck } from './doctor/check.ts';
import { checkClock } from './doctor/clock.ts';
import { checkSettings, checkUrls } from './doctor/settings.ts';
import { checkTable } from './doctor/table.ts';

const usage = `npm run doctor [-- <function>… --for <${Object.keys(targets).join('|')}>]`;

/** Where it will run, as far as that changes what is asked for. */
interface Place {
  readonly name: string | undefined;
  /** Settings that the platform finds out by itself. */
  readonly knows: readonly string[];
}

/** Twilio's own names of the account stand in for ours there. */
function envAt({ name }: Place, env: Env): Env {
  if (name !== 'twilio') return env;
  const { ACCOUNT_SID, AUTH_TOKEN } = env;
  return {
    ...env,
    TWILIO_ACCOUNT_SID: env.TWILIO_ACCOUNT_SID || ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: env.TWILIO_AUTH_TOKEN || AUTH_TOKEN,
  };
}

const folder = join(root, 'functions');
const functionNames = readdirSync(folder).map((file) => basename(file, '.ts'));

const reachesTable = (fn: AnyFunction) =>
  settingsOf(fn).some(({ name }) => tableSettings.infos.some((info) => info.name === name));

async function examine(functions: readonly AnyFunction[], place: Place, env: Env): Promise<readonly Check[]> {
  const built = place.name === 'twilio' ? functions.filter((fn) => !fn.caller.needsRawBody) : functions;
  // A table that the deployment makes is not there yet.
  const isMade = place.knows.includes('HANDOVER_TABLE') && !env.HANDOVER_TABLE;
  const table = built.some(reachesTable) && !isMade ? [checkTable(env), checkClock(env, systemClock)] : [];
  const chats = built.some(({ name }) => name === 'flex-token') ? [checkChatWebhook(env)] : [];
  return [
    ...built.map((fn) => checkSettings(fn, env, place.knows)),
    checkUrls(functionNames, env, place.knows),
    ...(await Promise.all([...table, ...chats])).filter((check) => check !== undefined),
  ];
}

async function main(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { for: { type: 'string' } },
  });
  const target = targetNamed(values.for);
  if (values.for !== undefined && !target) throw new Error(usage);
  const names = positionals.length > 0 ? positionals : undefined;
  const functions = (await readFunctions(folder, names)).map(({ fn }) => fn);
  const place = { name: values.for, knows: target?.knows ?? [] };
  const checks = await examine(functions, place, envAt(place, givenSettings(process.cwd(), process.env)));
  for (const check of checks) console.log(sayCheck(check));
  return checks.every(({ faults }) => faults.length === 0);
}

main(process.argv.slice(2)).then(
  (isWell) => {
    process.exitCode = isWell ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
