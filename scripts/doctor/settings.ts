import type { AnyFunction } from '../../shared/core/function.ts';
import { publicUrls } from '../../shared/core/public-urls.ts';
import type { Env } from '../../shared/core/settings.ts';
import { settingFaults, unknownFaults } from '../deploy/plan.ts';
import type { Check } from './check.ts';

/** The settings of one function, all faults at once. What the platform finds out by itself is not asked for. */
export function checkSettings(fn: AnyFunction, env: Env, knows: readonly string[]): Check {
  return { what: `settings of ${fn.name}`, faults: settingFaults(fn, env, knows) };
}

/** The addresses that are handed out and signed: their form, and that each name in `FUNCTION_URLS` is a function. */
export function checkUrls(names: readonly string[], env: Env, knows: readonly string[]): Check {
  const found: string[] = [];
  publicUrls.read(env, found);
  const faults = unknownFaults(found, knows);
  const readable = !faults.some((fault) => fault.startsWith('FUNCTION_URLS'));
  const given = readable ? Object.keys(Object(JSON.parse(env.FUNCTION_URLS || '{}'))) : [];
  const strange = given.filter((name) => !names.includes(name)).length;
  return {
    what: 'public URLs',
    faults: strange === 0 ? faults : [...faults, `FUNCTION_URLS has ${strange} names that no function has`],
  };
}
