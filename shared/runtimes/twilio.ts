import type {} from '@twilio-labs/serverless-runtime-types';
import type { AnyFunction } from '../core/function.ts';
import { headerMap, type Inbound } from '../core/inbound.ts';
import type { Reply } from '../core/reply.ts';
import type { Env } from '../core/settings.ts';
import { jsonOf } from './platform-body.ts';
import { serve } from './serve.ts';

type Context = Readonly<Record<string, unknown>>;
type Event = Readonly<Record<string, unknown>>;
type Callback = (error: null, answer: object) => void;

/** The platform's own names of the account stand in for ours. */
function envOf(context: Context): Env {
  const env: Env = Object.fromEntries(
    Object.entries(context).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return {
    ...env,
    TWILIO_ACCOUNT_SID: env.TWILIO_ACCOUNT_SID || env.ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: env.TWILIO_AUTH_TOKEN || env.AUTH_TOKEN,
  };
}

const isText = (value: unknown) => typeof value === 'string';
const isHeader = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText));

/** A field of the body called `request` replaces the platform's own: then there are no headers. */
function headersOf(request: unknown): Record<string, unknown> {
  const headers: unknown = Object(request).headers;
  const plain = typeof headers === 'object' && headers !== null && !Array.isArray(headers);
  return plain && Object.values(headers).every(isHeader) ? { ...headers } : {};
}

function inboundOf(fn: AnyFunction, { request, ...fields }: Event): Inbound {
  return {
    // The platform does not tell; it lets only GET, POST and OPTIONS through and answers OPTIONS itself.
    method: fn.methods.includes('POST') ? 'POST' : (fn.methods[0] ?? 'POST'),
    query: '',
    headers: headerMap(headersOf(request)),
    body: undefined,
    fields,
    trust: fn.caller.kind === 'twilio' ? 'twilio-gateway' : 'none',
    sourceAddress: undefined,
  };
}

/** The platform writes JSON itself, so it wants the object; a text would be written twice. */
function answerOf(reply: Reply): object {
  const answer = new Twilio.Response();
  answer.setStatusCode(reply.status);
  for (const [name, value] of Object.entries(reply.headers)) {
    const capital = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    answer.appendHeader(capital, value);
  }
  if (reply.body !== '') answer.setBody((jsonOf(reply) as object | undefined) ?? reply.body);
  return answer;
}

/** A function as a Twilio Functions handler. It calls back in every case and never rejects. */
export function toTwilio(fn: AnyFunction): (context: Context, event: Event, callback: Callback) => Promise<void> {
  // The platform takes its log from the console.
  const answer = serve(fn, (line) => console.log(line));
  return async (context, event, callback) => {
    const reply = await answer(
      () => envOf(context),
      () => inboundOf(fn, event),
    );
    callback(null, answerOf(reply));
  };
}
