import { readdir } from 'node:fs/promises';
import type { Clock } from '../shared/core/clock.ts';
import type { AnyFunction } from '../shared/core/function.ts';
import type { WriteLine } from '../shared/core/log.ts';
import { type Handle, start } from '../shared/core/pipeline.ts';
import type { Env } from '../shared/core/settings.ts';
import type { Faults } from './faults.ts';

const folder = new URL('../functions/', import.meta.url);

/** Every function of the repository, by the order of their names. */
export async function findFunctions(): Promise<readonly AnyFunction[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const modules = await Promise.all(
    files.map(async (file) => (await import(new URL(file, folder).href)) as { default: AnyFunction }),
  );
  return modules.map((module) => module.default);
}

/** The function with a fault planned for its insides. */
function faulty(fn: AnyFunction, faults: Faults): AnyFunction {
  return {
    ...fn,
    answer(call) {
      // Not the schedule's own call, which comes at a time that nobody chose.
      const isOnSchedule = call.inbound.trust === 'platform-key';
      if (!isOnSchedule && faults.take('internal') === 'throw') throw new Error('thrown because the stage was told so');
      return fn.answer(call);
    },
  };
}

/** Starts every function as one instance; the key is the last part of its URL. */
export function startFunctions(
  functions: readonly AnyFunction[],
  surroundings: { readonly env: Env; readonly clock: Clock; readonly write: WriteLine },
  faults: Faults,
): ReadonlyMap<string, Handle> {
  return new Map(functions.map((fn) => [fn.name, start(faulty(fn, faults), surroundings)]));
}
