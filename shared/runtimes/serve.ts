import type { AnyFunction } from '../core/function.ts';
import type { Inbound } from '../core/inbound.ts';
import { logLine, type WriteLine } from '../core/log.ts';
import { answerId, type Handle, start } from '../core/pipeline.ts';
import { Problem } from '../core/problems.ts';
import { problemReply, type Reply } from '../core/reply.ts';
import type { Env } from '../core/settings.ts';
import { systemClock } from './system.ts';
import { writeLine } from './write-line.ts';

/**
 * Serves a function from a platform's events: it is started at the first one and kept for the life of the instance. Never
 * rejects: an event that cannot be translated, or a function that cannot be started, is answered with `internal`.
 */
export function serve(
  fn: AnyFunction,
  write: WriteLine = writeLine,
): (env: () => Env, inbound: () => Inbound) => Promise<Reply> {
  let handle: Handle | undefined;
  return async (env, inbound) => {
    try {
      handle ??= start(fn, { env: env(), clock: systemClock, write });
      return await handle(inbound());
    } catch (error) {
      const id = answerId(systemClock);
      const reason = error instanceof Error ? error.name : 'not an error';
      write(logLine({ level: 'error', function: fn.name, status: 500, id, code: 'internal', reason }));
      return problemReply(new Problem('internal'), id);
    }
  };
}
