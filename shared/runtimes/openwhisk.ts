import type { AnyFunction } from '../core/function.ts';
import { headerMap, type Inbound } from '../core/inbound.ts';
import type { Reply } from '../core/reply.ts';
import { jsonOf } from './platform-body.ts';
import { serve } from './serve.ts';
import { type Params, webAction } from './web-action.ts';

/** What remains when the platform has merged query, form or JSON into the parameters. */
function mergedFields(params: Params): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !name.startsWith('__ow_')));
}

function inboundOf(params: Params): Inbound {
  if (params.__ow_method === undefined) {
    const nothing = { query: '', headers: headerMap({}), body: undefined, sourceAddress: undefined };
    return { method: 'POST', fields: mergedFields(params), trust: 'platform-key', ...nothing };
  }
  const call = webAction('__ow_', params);
  // Only a raw web action has a query. Without it the bytes that a signature covers are gone: checks of it fail closed.
  if (params.__ow_query !== undefined) return call;
  return { ...call, body: undefined, fields: params.__ow_body === undefined ? mergedFields(params) : undefined };
}

/** JSON counts as binary, and a binary body is base64: apache/openwhisk docs/webactions.md, read 2026-11-21. */
function webAnswer(reply: Reply): Record<string, unknown> {
  const body = jsonOf(reply) === undefined ? reply.body : Buffer.from(reply.body).toString('base64');
  return { statusCode: reply.status, headers: reply.headers, body };
}

/** A plain action answers with an object: whoever invoked it reads the JSON itself. */
function plainAnswer(reply: Reply): Record<string, unknown> {
  const value = jsonOf(reply);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  return { statusCode: reply.status, headers: reply.headers, body: reply.body };
}

/** A function as an Apache OpenWhisk action: raw web action, web action, or plain action invoked with the platform's key. */
export function toOpenWhisk(fn: AnyFunction): (params: Params) => Promise<Record<string, unknown>> {
  const answer = serve(fn);
  return async (params) => {
    const reply = await answer(
      () => process.env,
      () => inboundOf(params),
    );
    return params?.__ow_method === undefined ? plainAnswer(reply) : webAnswer(reply);
  };
}
