import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Env, SettingInfo } from '../../shared/core/settings.ts';
import { type Runtime, root } from '../build/bundle.ts';
import { settingsOf } from '../build/lambda-list.ts';

/** What is to be deployed, with which settings. */
export interface Plan {
  readonly functions: readonly AnyFunction[];
  /** Whether each was named: it is then deployed by itself, whichever others are named with it, and all of them are not one service. */
  readonly apart: boolean;
  /** The settings given in `.env` and the environment, without those that have no place in a deployment. */
  readonly env: Env;
  /** Say what would be done, do nothing. */
  readonly dryRun: boolean;
  say(line: string): void;
}

/** A platform that functions can be deployed to. */
export interface Target {
  readonly runtime: Runtime;
  /** The settings that it finds out by itself. */
  readonly knows: readonly string[];
  /** Settings for the deployment itself, with what each is. All are given when `deploy` is called. */
  readonly needs: Readonly<Record<string, string>>;
  /** Whether a deployment of all takes away what an earlier one has brought and it does not. */
  readonly replacesAll: boolean;
  deploy(plan: Plan): Promise<void>;
}

/** The deployment cannot go on as asked; the message says what to do. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

/** The settings that functions declare and that are given, with their values. Never print the values. */
export function givenSettingsOf(
  functions: readonly AnyFunction[],
  env: Env,
): readonly (SettingInfo & { value: string })[] {
  const infos = new Map(functions.flatMap(settingsOf).map((info) => [info.name, info]));
  return [...infos.values()].flatMap((info) => {
    const value = env[info.name];
    return value ? [{ ...info, value }] : [];
  });
}

/** What a function would say of its settings when it starts: names only. What the platform knows is left out. */
export function settingFaults(fn: AnyFunction, env: Env, knows: readonly string[]): readonly string[] {
  const faults: string[] = [];
  fn.caller.settings.read(env, faults);
  fn.settings.read(env, faults);
  return unknownFaults(faults, knows);
}

/** Faults of settings, each once, without those that a platform mends by itself. */
export function unknownFaults(faults: readonly string[], knows: readonly string[]): readonly string[] {
  return [...new Set(faults)].filter((fault) => !knows.some((name) => fault.startsWith(`${name} is missing`)));
}

/** Settings that the deployment itself needs and that are not given: name and what it is, never a value. */
export function missingFor({ needs }: Target, env: Env): readonly string[] {
  return Object.entries(needs).flatMap(([name, is]) => (env[name] ? [] : [`${name} is missing (${is})`]));
}

/** What is deployed at once where functions share a service: all of them, else each that was named by itself. */
export const deploymentsOf = (plan: Plan): readonly Plan[] =>
  plan.apart ? plan.functions.map((fn) => ({ ...plan, functions: [fn] })) : [plan];

/** Says a vendor's command as one would type it, and runs it with that environment unless this is a dry run. */
export function runVendor(
  { functions, apart, say, dryRun }: Plan,
  command: string,
  file: string,
  args: readonly string[],
  env: Env,
): void {
  say(`$ ${command} ${args.join(' ')}`);
  if (dryRun) return;
  const tool = join(root, 'platforms/node_modules', file);
  const { status } = spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: 'inherit', env });
  if (status === 0) return;
  const [named] = apart ? functions : [];
  throw new DeployError(
    `${command} failed${named ? ` for ${named.name}; what was named after it was not deployed` : ''}`,
  );
}
