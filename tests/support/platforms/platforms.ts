import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { HttpCall } from './events.ts';
import * as events from './events.ts';

/** What a client gets back. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what a bundle exports is as untyped as the platforms that call it
export type Exported = (...args: any[]) => any;

/** A platform around a function: makes its event of a call, and HTTP of what the function returned. */
export type Platform = (exported: Exported, call: HttpCall) => Promise<HttpAnswer>;

const devRuntime = fileURLToPath(
  new URL('../../../platforms/node_modules/@twilio/runtime-handler/dist/dev-runtime/', import.meta.url),
);
const { Response } = createRequire(devRuntime)('./internal/response.js');

const lowerCased = (headers: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

interface Returned {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

const lambda =
  (eventOf: (call: HttpCall) => unknown): Platform =>
  async (exported, call) => {
    const { statusCode, headers, body }: Returned = await exported(eventOf(call));
    if (typeof body !== 'string') throw new Error('Lambda takes text bodies only');
    return { status: statusCode, headers: lowerCased(headers), body };
  };

const isJson = (headers: Readonly<Record<string, string>>) =>
  /^application\/json\b/.test(headers['content-type'] ?? '');

const openWhisk =
  (eventOf: (call: HttpCall) => unknown): Platform =>
  async (exported, call) => {
    const { statusCode, body, ...returned }: Returned = await exported(eventOf(call));
    const headers = lowerCased(returned.headers);
    if (typeof body !== 'string') throw new Error('OpenWhisk takes text bodies only');
    return { status: statusCode, headers, body: isJson(headers) ? Buffer.from(body, 'base64').toString() : body };
  };

const codeEngine: Platform = async (exported, call) => {
  const { statusCode, body, ...returned }: Returned = await exported(events.codeEngineEvent(call));
  const headers = lowerCased(returned.headers);
  if (isJson(headers) === (typeof body === 'string'))
    throw new Error('Code Engine takes JSON as an object, nothing else');
  // Nothing is written after this status, whatever there is.
  if (statusCode === 204) return { status: statusCode, headers, body: '' };
  return { status: statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
};

interface TwilioResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** With the platform's own response class. `context` is what it would hold. */
export const twilio =
  (context: Readonly<Record<string, unknown>>): Platform =>
  (exported, call) =>
    new Promise((resolve, reject) => {
      Object.assign(globalThis, { Twilio: { Response } });
      const callback = (error: unknown, answer: TwilioResponse) => {
        if (error !== null || !(answer instanceof Response))
          return reject(new Error('not an answer', { cause: error }));
        const { 'set-cookie': _none, ...headers } = lowerCased(answer.headers);
        const body = typeof answer.body === 'object' && answer.body ? JSON.stringify(answer.body) : (answer.body ?? '');
        resolve({ status: answer.statusCode, headers, body: String(body) });
      };
      Promise.resolve(exported(context, events.twilioEvent(call), callback)).catch(reject);
    });

/** The platforms that hand over everything a client sends. */
export const seeingPlatforms = {
  'Lambda behind an HTTP API or a function URL': lambda(events.lambdaV2Event),
  'an OpenWhisk raw web action': openWhisk(events.openWhiskRawEvent),
  'Code Engine': codeEngine,
} as const satisfies Record<string, Platform>;

/** The platforms that keep something to themselves. */
export const partlyBlindPlatforms = {
  'Lambda behind a REST API': lambda(events.lambdaV1Event),
  'an OpenWhisk web action that is not raw': openWhisk(events.openWhiskWebEvent),
} as const satisfies Record<string, Platform>;
