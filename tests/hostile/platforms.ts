import { createHash } from 'node:crypto';
import { parseJson } from '../../shared/core/body.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import { isProblemCode, problemKinds } from '../../shared/core/problems.ts';
import type { Env } from '../../shared/core/settings.ts';
import { toCodeEngine } from '../../shared/runtimes/code-engine.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { toOpenWhisk } from '../../shared/runtimes/openwhisk.ts';
import { toTwilio } from '../../shared/runtimes/twilio.ts';
import * as support from '../support/platforms/platforms.ts';
import { formFields, type HostileCall } from './call.ts';
import { corpusSettings } from './corpus.ts';

type Event = Readonly<Record<string, unknown>> | null;

/** One platform: how it wraps a function, brings it a call or a raw event, and what it keeps to itself. */
export interface HostilePlatform {
  wrap(fn: AnyFunction): support.Exported;
  call(exported: support.Exported, call: HostileCall, context: Env): Promise<support.HttpAnswer>;
  event(exported: support.Exported, event: Event, context: Env): Promise<support.HttpAnswer>;
  /** Why the function cannot see what makes this call special; undefined when it can. Told in docs/runtimes.md. */
  hides(call: HostileCall, fn: AnyFunction, env: Env): string | undefined;
  /** Whether the platform refuses a call by its own limits, so that it never arrives. */
  refuses(call: HostileCall): boolean;
}

const queryOf = ({ url }: HostileCall) => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
const sent = (call: HostileCall) => ({ ...call, query: queryOf(call) });
const nothing = { method: 'POST', query: '', headers: {}, body: new Uint8Array() };

const typeOf = ({ headers }: HostileCall) => headers['Content-Type']?.split(';')[0]?.trim() ?? '';
const isForm = (call: HostileCall) => typeOf(call) === 'application/x-www-form-urlencoded';
const isText = ({ body }: HostileCall) => Buffer.from(Buffer.from(body).toString('utf8')).equals(Buffer.from(body));

/** A platform of the tests' support, for calls and for events that are there already. */
function platform(
  wrap: (fn: AnyFunction) => support.Exported,
  around: support.Platform,
  hides: HostilePlatform['hides'],
): HostilePlatform {
  return {
    wrap,
    hides,
    refuses: () => false,
    call: (exported, call) => around(exported, sent(call)),
    event: (exported, event) => around(() => exported(event), nothing),
  };
}

/** A plain action answers with the JSON itself; the status that HTTP would have is that of the code in it. */
function plainAnswer(returned: Readonly<Record<string, unknown>>) {
  const code = String(Object(returned.error).code);
  const statusCode = isProblemCode(code) ? problemKinds[code].status : 200;
  const body = Buffer.from(JSON.stringify(returned)).toString('base64');
  return { statusCode, headers: { 'content-type': 'application/json' }, body };
}

const rawOpenWhisk = support.seeingPlatforms['an OpenWhisk raw web action'];

const damagedText = 'Lambda: the bytes of JSON or a text that are not UTF-8.';
const respelled =
  'Lambda behind a REST API: the spelling of the query. It is spelled anew as encodeURIComponent does, repeated names together.';
const damagedForm = 'OpenWhisk and Code Engine: the bytes of a form or a text that are not UTF-8.';

const asRestApiSpells = (query: string) =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

/** What Twilio's gateway lets through to a protected function. */
function passesGateway(call: HostileCall, env: Env): boolean {
  const hash = createHash('sha256').update(call.body).digest('hex');
  if (!isForm(call) && new URLSearchParams(queryOf(call)).getAll('bodySHA256').join() !== hash) return false;
  const url = `${corpusSettings.PUBLIC_BASE_URL}${call.url}`;
  const token = corpusSettings.TWILIO_AUTH_TOKEN ?? '';
  const signature = twilioSignature(token, url, isForm(call) ? formFields(call.body) : new Map());
  // It knows its own address and the account's token, whatever our settings say.
  return call.headers['X-Twilio-Signature'] === signature && !env.FUNCTION_URLS && env.TWILIO_AUTH_TOKEN === undefined;
}

const rawBody =
  'Twilio Functions: the raw body. Its gateway checks the signature of protected functions, with the primary auth token only.';

function hiddenByTwilio(call: HostileCall, fn: AnyFunction, env: Env): string | undefined {
  if (call.method !== 'POST')
    return 'Twilio Functions: the method. Every call counts as a POST, or as what the function takes.';
  if (queryOf(call) !== '' && fn.caller.kind !== 'twilio') {
    return 'Twilio Functions: the query apart from the body. They arrive as one, and the body wins.';
  }
  if (fn.caller.kind === 'twilio' && !passesGateway(call, env)) return rawBody;
  if (isForm(call) && [...formFields(call.body).values()].some((values) => values.length > 1)) {
    return 'Twilio Functions: a form field that comes twice is a list, elsewhere the first counts.';
  }
  if (!/^application\/(json|x-www-form-urlencoded)$/.test(typeOf(call))) {
    return 'Twilio Functions: text bodies, and the headers of proxies, like X-Forwarded-For, Via, Referer and I-Twilio-Idempotency-Token.';
  }
  return isForm(call) ? undefined : hiddenJson(call);
}

/** JSON whose text says more than its value. */
function hiddenJson({ body }: HostileCall): string | undefined {
  try {
    const { value, repeated } = parseJson(body);
    if (Object.hasOwn(Object(value), 'request')) {
      return 'Twilio Functions: all headers, when a field of the body is called request.';
    }
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && repeated.size === 0) return undefined;
    return 'Twilio Functions: a name that stands twice in JSON, and JSON that is not an object. The last one counts, the rest is no field.';
  } catch {
    return rawBody;
  }
}

/** 1 MB, not compressed, 90 headers and 15 kB of them. Source: Twilio's pages on Functions, read 2026-11-21. */
const isBeyondTwilio = ({ body, headers }: HostileCall) =>
  body.byteLength > 1_000_000 ||
  headers['Content-Encoding'] !== undefined ||
  Object.keys(headers).length > 90 ||
  JSON.stringify(headers).length > 15_000;

function callTwilio(exported: support.Exported, event: unknown, call: HostileCall | undefined, context: Env) {
  const around = support.twilio(context);
  if (call) return around(exported, sent(call));
  return around((given, _, callback) => exported(given, event, callback), nothing);
}

/** Every platform by the name that docs/runtimes.md gives it; the first is what the others are compared with. */
export const platforms: Readonly<Record<string, HostilePlatform>> = {
  'Lambda behind an HTTP API or a function URL': platform(
    toLambda,
    support.seeingPlatforms['Lambda behind an HTTP API or a function URL'],
    (call) => (isText(call) ? undefined : damagedText),
  ),
  'Lambda behind a REST API': platform(toLambda, support.partlyBlindPlatforms['Lambda behind a REST API'], (call) => {
    if (asRestApiSpells(queryOf(call)) !== queryOf(call)) return respelled;
    return isText(call) ? undefined : damagedText;
  }),
  'an OpenWhisk raw web action': platform(
    (fn) => {
      const exported = toOpenWhisk(fn);
      return async (event) => {
        const returned = await exported(event);
        return returned.statusCode === undefined ? plainAnswer(returned) : returned;
      };
    },
    rawOpenWhisk,
    (call) => (isText(call) || typeOf(call) === 'application/json' ? undefined : damagedForm),
  ),
  'Code Engine': platform(toCodeEngine, support.seeingPlatforms['Code Engine'], (call) =>
    isText(call) || typeOf(call) === 'application/json' ? undefined : damagedForm,
  ),
  'Twilio Functions': {
    wrap: toTwilio,
    hides: hiddenByTwilio,
    refuses: isBeyondTwilio,
    call: (exported, call, context) => callTwilio(exported, undefined, call, context),
    event: (exported, event, context) => callTwilio(exported, event, undefined, context),
  },
};

/** Which platform an event is of, where its input does not say. */
export function platformOfEvent(event: Event): string {
  const names = Object.keys(event ?? {});
  if (names.some((name) => name.startsWith('__ow_'))) return 'an OpenWhisk raw web action';
  if (names.some((name) => name.startsWith('__ce_'))) return 'Code Engine';
  return 'Lambda behind an HTTP API or a function URL';
}

/** What inputs call a platform. */
export const platformNames = {
  lambda: 'Lambda behind an HTTP API or a function URL',
  openwhisk: 'an OpenWhisk raw web action',
  'code-engine': 'Code Engine',
  twilio: 'Twilio Functions',
} as const;
