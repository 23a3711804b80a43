import type { AnyFunction } from '../core/function.ts';
import { jsonOf } from './platform-body.ts';
import { serve } from './serve.ts';
import { type Params, webAction } from './web-action.ts';

/** What IBM Code Engine takes as an answer: a JSON body is an object there. */
interface CodeEngineAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A function as an IBM Code Engine function. It is always reached over HTTP, so nothing is trusted beforehand. */
export function toCodeEngine(fn: AnyFunction): (params: Params) => Promise<CodeEngineAnswer> {
  const answer = serve(fn);
  return async (params) => {
    const reply = await answer(
      () => process.env,
      () => webAction('__ce_', params),
    );
    return { statusCode: reply.status, headers: reply.headers, body: jsonOf(reply) ?? reply.body };
  };
}
