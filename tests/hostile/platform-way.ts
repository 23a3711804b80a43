import { vi } from 'vitest';
import type { AnyFunction } from '../../shared/core/function.ts';
import { findFunctions } from '../../stage/functions.ts';
import { openStage } from '../../stage/stage.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { patient } from '../support/patient-table.ts';
import type { Exported } from '../support/platforms/platforms.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { corpusClockMs, corpusSettings, type Input } from './corpus.ts';
import type { HostilePlatform } from './platforms.ts';
import { askStage, type Way } from './way.ts';

/** The partners and the table, with functions beside them that are called as a platform would. */
export interface PlatformStage {
  /** The way to the functions on one platform. Each input gets a new instance of its function. */
  on(platform: HostilePlatform): Way;
  close(): Promise<void>;
}

/** A function with a fault planned for its insides. */
const throwing = (fn: AnyFunction): AnyFunction => ({
  ...fn,
  answer() {
    throw new Error('thrown because the input says so');
  },
});

/** The function as an input needs it: twenty calls at once share their one process with the table, and wait for it. */
function functionFor(fn: AnyFunction, input: Input | undefined): AnyFunction {
  if (input?.given.faults?.internal) return throwing(fn);
  return input?.concurrent && fn.ports.table ? patient(fn) : fn;
}

/** Opens a stage in this process, at the time of the corpus, and keeps everything that is written meanwhile. */
export async function openPlatformStage(): Promise<PlatformStage> {
  vi.useFakeTimers({ toFake: ['Date'], now: corpusClockMs });
  const written = keepLogLines();
  const stage = await openStage({ given: corpusSettings, port: 0, write: () => {} });
  const functions = new Map((await findFunctions()).map((fn) => [fn.name, fn]));
  const own = { ...process.env };
  const shared = { holds: undefined };
  let taken = 0;

  function on(platform: HostilePlatform): Way {
    let current: Input | undefined;
    let instances = new Map<string, Exported>();

    /** One instance of a function per input, as a platform has it for a while. */
    function instanceOf(name: string): Exported {
      const fn = functions.get(name);
      if (!fn) throw new Error(`there is no function ${name}`);
      const instance = instances.get(name) ?? platform.wrap(functionFor(fn, current));
      instances.set(name, instance);
      return instance;
    }

    return {
      stage: shared,
      begin(input) {
        current = input;
        instances = new Map();
        // Settings are read at the first call of an instance, so they must be there until then.
        for (const name of Object.keys(process.env)) delete process.env[name];
        Object.assign(process.env, own, stage.settings, input.given.env);
      },
      async send(call, name) {
        const context = { ...stage.settings, ...current?.given.env };
        const exported = instanceOf(name);
        const took = stopwatch();
        const answer = await (current?.call
          ? platform.call(exported, call, context)
          : platform.event(exported, current?.event ?? null, context));
        return { ...answer, ms: took() };
      },
      async takeLogLines(functionName) {
        const lines = written.slice(taken);
        taken = written.length;
        return lines.filter((line) => Object(JSON.parse(line)).function === functionName);
      },
      ask: (method, path, body) => askStage(stage.url, method, path, body),
    };
  }

  return {
    on,
    async close() {
      Object.assign(process.env, own);
      vi.useRealTimers();
      await stage.close();
    },
  };
}
