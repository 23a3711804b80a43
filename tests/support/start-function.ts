import type { AnyFunction } from '../../shared/core/function.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import { start } from '../../shared/core/pipeline.ts';
import type { Reply } from '../../shared/core/reply.ts';
import type { Env } from '../../shared/core/settings.ts';

import { testSettings } from './calls.ts';
import { steadyClock } from './steady-clock.ts';

export interface StartedFunction {
  call(inbound: Inbound): Promise<Reply>;
  /** The log lines written so far. */
  readonly lines: readonly string[];
}

/** A function as a platform would start it, with the settings that tests share and these on top; undefined removes one. */
export function startFunction(fn: AnyFunction, env: Env = {}, clock = steadyClock): StartedFunction {
  const lines: string[] = [];
  const call = start(fn, { env: { ...testSettings, ...env }, clock, write: (line) => lines.push(line) });
  return { call, lines };
}
