import type { AnyFunction } from '../core/function.ts';
import { headerMap, type Inbound } from '../core/inbound.ts';
import { bytesOfBase64, bytesOfText } from './platform-body.ts';
import { serve } from './serve.ts';

/** What is read of an event: HTTP API payload 2.0 and function URLs, REST API payload 1.0, or whatever invoked it directly. */
interface LambdaEvent {
  readonly httpMethod?: string;
  readonly rawQueryString?: string;
  readonly queryStringParameters?: Readonly<Record<string, string>> | null;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>> | null;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | null;
  readonly cookies?: readonly string[];
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext?: {
    readonly http?: { readonly method?: string; readonly sourceIp?: string };
    readonly identity?: { readonly sourceIp?: string };
  };
}

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Payload 1.0 gives the query decoded; it is spelled anew, so only its order and letters are those of the caller. */
function queryOf(event: LambdaEvent): string {
  if (event.rawQueryString !== undefined) return event.rawQueryString;
  const parameters = event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {};
  return Object.entries(parameters)
    .flatMap(([name, values]) =>
      [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    )
    .join('&');
}

function bodyOf({ body, isBase64Encoded }: LambdaEvent): Uint8Array | undefined {
  return isBase64Encoded ? bytesOfBase64(body ?? '') : bytesOfText(body ?? '');
}

function inboundOf(event: LambdaEvent): Inbound {
  const context = event.requestContext;
  if (!context && event.httpMethod === undefined) {
    const fields = { ...event };
    const nothing = { query: '', headers: headerMap({}), body: undefined, sourceAddress: undefined };
    return { method: 'POST', fields, trust: 'platform-key', ...nothing };
  }
  const cookies = event.cookies?.length ? { cookie: event.cookies.join('; ') } : {};
  return {
    method: (context?.http?.method ?? event.httpMethod ?? '').toUpperCase(),
    query: queryOf(event),
    headers: headerMap({ ...(event.multiValueHeaders ?? event.headers), ...cookies }),
    body: bodyOf(event),
    fields: undefined,
    trust: 'none',
    sourceAddress: context?.http?.sourceIp ?? context?.identity?.sourceIp,
  };
}

/** A function as an AWS Lambda handler. Without HTTP around it, it was invoked with a key of the AWS account. */
export function toLambda(fn: AnyFunction): (event: LambdaEvent) => Promise<LambdaAnswer> {
  const answer = serve(fn);
  return async (event) => {
    const { status, headers, body } = await answer(
      () => process.env,
      () => inboundOf(event),
    );
    return { statusCode: status, headers, body };
  };
}
