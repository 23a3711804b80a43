import { parse as parseQuery } from 'node:querystring';

/** One HTTP call as a client sends it. */
export interface HttpCall {
  readonly method: string;
  /** Without "?". */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const CLIENT = '198.51.100.7';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const mediaType = ({ headers }: HttpCall) => {
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type');
  return entry?.[1].split(';')[0]?.trim().toLowerCase() ?? '';
};
const inLowerCase = (headers: HttpCall['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** HTTP API payload 2.0 and function URL: only text and JSON come as they are. */
export function lambdaV2Event(call: HttpCall) {
  const { cookie, ...headers } = inLowerCase(call.headers);
  const plain = /^(text\/|application\/(json|javascript|xml)$)/.test(mediaType(call));
  return {
    version: '2.0',
    routeKey: 'ANY /probe',
    rawPath: '/probe',
    rawQueryString: call.query,
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    requestContext: { http: { method: call.method, path: '/probe', sourceIp: CLIENT }, stage: '$default' },
    isBase64Encoded: !plain,
    ...(call.body.byteLength === 0 ? {} : { body: plain ? text(call.body) : base64(call.body) }),
  };
}

/** REST API payload 1.0: names in the caller's letters, values in lists, the query decoded. */
export function lambdaV1Event(call: HttpCall) {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(call.query)) query[name] = [...(query[name] ?? []), value];
  return {
    httpMethod: call.method,
    path: '/probe',
    headers: null,
    multiValueHeaders: Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: Object.keys(query).length === 0 ? null : query,
    requestContext: { stage: 'prod', path: '/prod/probe', identity: { sourceIp: CLIENT } },
    isBase64Encoded: false,
    body: call.body.byteLength === 0 ? null : text(call.body),
  };
}

const isNamed = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

function bodyOfAction(call: HttpCall) {
  const plain = /^(text\/|application\/x-www-form-urlencoded$)/.test(mediaType(call));
  return plain ? text(call.body) : base64(call.body);
}

/** OpenWhisk, annotation `raw-http`. */
export function openWhiskRawEvent(call: HttpCall) {
  return {
    __ow_method: call.method.toLowerCase(),
    __ow_headers: inLowerCase(call.headers),
    __ow_path: '',
    __ow_query: call.query,
    __ow_body: call.body.byteLength === 0 ? '' : bodyOfAction(call),
  };
}

/** OpenWhisk web action without `raw-http`: query, form and JSON become parameters, the body over the query. */
export function openWhiskWebEvent(call: HttpCall) {
  const own = { __ow_method: call.method.toLowerCase(), __ow_headers: inLowerCase(call.headers), __ow_path: '' };
  const query = Object.fromEntries(new URLSearchParams(call.query));
  if (call.body.byteLength === 0) return { ...query, ...own };
  if (mediaType(call) === 'application/x-www-form-urlencoded') {
    return { ...query, ...Object.fromEntries(new URLSearchParams(text(call.body))), ...own };
  }
  const json: unknown = mediaType(call) === 'application/json' ? JSON.parse(text(call.body)) : undefined;
  return isNamed(json) ? { ...query, ...Object(json), ...own } : { ...query, ...own, __ow_body: bodyOfAction(call) };
}

const canonical = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());

/** Code Engine: names in canonical letters, JSON beside its parts, no body without one. */
export function codeEngineEvent(call: HttpCall) {
  const json: unknown = mediaType(call) === 'application/json' ? parsed(text(call.body)) : undefined;
  return {
    ...Object.fromEntries(new URLSearchParams(call.query)),
    ...(isNamed(json) ? Object(json) : {}),
    __ce_method: call.method,
    __ce_headers: Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [canonical(name), value])),
    __ce_path: '/',
    ...(call.query === '' ? {} : { __ce_query: call.query }),
    ...(call.body.byteLength === 0 ? {} : { __ce_body: bodyOfAction(call) }),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Twilio Functions: what its runtime makes of query and body, some headers gone, the method nowhere. */
export function twilioEvent(call: HttpCall): Record<string, unknown> {
  const hidden = /^(x-amz|x-forwarded-|x-accel-|i-twilio-|i-t-|ot-)|^(via|referer|x-real-ip|connection|expect)$/;
  const headers = Object.entries(inLowerCase(call.headers)).filter(([name]) => !hidden.test(name));
  const form = mediaType(call) === 'application/x-www-form-urlencoded' ? parseQuery(text(call.body)) : {};
  const json: unknown = mediaType(call) === 'application/json' ? parsed(text(call.body)) : {};
  const request = { headers: Object.fromEntries(headers), cookies: {} };
  return { request, ...parseQuery(call.query), ...form, ...Object(json) };
}
