import { headerMap, type Inbound } from '../core/inbound.ts';
import { bytesOfBase64, bytesOfText, comesAsText } from './platform-body.ts';

/** The one argument of an action. */
export type Params = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * What HTTP brought, from the parameters that OpenWhisk and its heir Code Engine keep for themselves and that no caller can
 * set. Whatever else is in the parameters is ignored. Their proxies' address headers can be written by the client.
 */
export function webAction(prefix: '__ow_' | '__ce_', params: Params): Inbound {
  const headers = headerMap({ ...Object(params[`${prefix}headers`]) });
  const body = textOf(params[`${prefix}body`]);
  return {
    method: textOf(params[`${prefix}method`]).toUpperCase(),
    query: textOf(params[`${prefix}query`]),
    headers,
    // A brace is not base64: then the platform did not count JSON as binary.
    body: comesAsText(headers['content-type']) || body.includes('{') ? bytesOfText(body) : bytesOfBase64(body),
    fields: undefined,
    trust: 'none',
    sourceAddress: undefined,
  };
}
