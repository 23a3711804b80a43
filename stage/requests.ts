import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseJson } from '../shared/core/body.ts';
import { agentLink } from '../shared/core/callers/agent-link.ts';
import { twilioSignature } from '../shared/core/callers/twilio.ts';
import { decode } from '../shared/core/decode.ts';
import type { Env } from '../shared/core/settings.ts';
import type { StageClock } from './clock.ts';
import type { EventLog } from './events.ts';
import { type Faults, faultModes, faultVendors } from './faults.ts';
import { type Schedule, sweepNow } from './schedule.ts';
import { secretOf, sessionToken } from './session.ts';

/** Answers one of the stage's own requests with JSON; undefined becomes an empty object. Throws a `Problem`. */
export type StageRequest = (input: unknown) => unknown;

/** By method and path, like `POST /_stage/reset`. */
export type StageRequests = Readonly<Record<string, StageRequest>>;

/** The body of a request of the stage's own: JSON whatever the media type says, so that a bare `curl -d` works. */
export function stageInput(body: Uint8Array): unknown {
  return body.byteLength === 0 ? {} : parseJson(body).value;
}

/** A request whose input has a shape. */
export function takes<T>(schema: v.GenericSchema<unknown, T>, answer: (input: T) => unknown): StageRequest {
  return (input) => answer(decode(schema, input));
}

/** What a calendar can hold: a clock that is nowhere would stay so until the next reset. */
const milliseconds = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15));

const clockChange = v.union([v.strictObject({ advanceMs: milliseconds }), v.strictObject({ nowMs: milliseconds })]);

const faultPlan = v.strictObject({
  vendor: v.picklist(faultVendors),
  mode: v.union([v.picklist(faultModes), v.array(v.picklist(faultModes))]),
});

const toSign = v.union([
  v.strictObject({ url: v.string(), params: v.record(v.string(), v.union([v.string(), v.array(v.string())])) }),
  v.strictObject({ url: v.string(), body: v.unknown() }),
]);

/** Other claims are taken as they are, those that usually are ours too. */
const sessionOf = v.looseObject({ sub: v.string(), role: v.optional(v.string()) });

interface Parts {
  readonly env: Env;
  readonly clock: StageClock;
  readonly faults: Faults;
  readonly log: EventLog;
  readonly schedule: Schedule;
  putState(input: unknown): Promise<unknown>;
  reset(): Promise<void>;
}

function sign(env: Env, { url: given, ...what }: v.InferOutput<typeof toSign>): { signature: string; url: string } {
  const full = given.startsWith('/') ? `${env.PUBLIC_BASE_URL ?? ''}${given}` : given;
  const token = secretOf(env, 'TWILIO_AUTH_TOKEN');
  if ('params' in what) {
    const fields = Object.entries(what.params).map(([name, value]) => [name, [value].flat()] as const);
    return { signature: twilioSignature(token, full, new Map(fields)), url: full };
  }
  const body = typeof what.body === 'string' ? what.body : JSON.stringify(what.body);
  const hash = createHash('sha256').update(body).digest('hex');
  // Who names a hash, perhaps a wrong one, gets the signature of just that URL.
  const named = /[?&]bodySHA256=/.test(full);
  const url = named ? full : `${full}${full.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
  return { signature: twilioSignature(token, url, new Map()), url };
}

/** What the stage answers besides the functions: events, clock, faults, state, signatures, sessions, a fresh start. */
export function stageRequests({ env, clock, faults, log, schedule, putState, reset }: Parts): StageRequests {
  return {
    'GET /_stage/events': () => log.all(),
    'DELETE /_stage/events': () => log.clear(),
    'GET /_stage/clock': () => ({ nowMs: clock.nowMs() }),
    'POST /_stage/clock': takes(clockChange, async (change) => {
      await schedule.advance('advanceMs' in change ? change.advanceMs : change.nowMs - clock.nowMs());
      return { nowMs: clock.nowMs() };
    }),
    'POST /_stage/sweep': () => sweepNow(schedule),
    'GET /_stage/faults': () => ({ vendors: faultVendors, modes: faultModes, planned: faults.planned() }),
    'POST /_stage/faults': takes(faultPlan, ({ vendor, mode }) => faults.plan(vendor, mode)),
    'POST /_stage/state': (input) => putState(input),
    'POST /_stage/sign': takes(toSign, (what) => sign(env, what)),
    'POST /_stage/session': takes(sessionOf, async (claims) => ({
      token: await sessionToken(env, clock.nowMs(), claims),
    })),
    'POST /_stage/agent-link': takes(v.strictObject({ handoverId: v.string() }), ({ handoverId }) => {
      const urls = { of: (name: string) => `${env.PUBLIC_BASE_URL}/${name}` };
      return { url: agentLink(urls, secretOf(env, 'SESSION_SECRET'), handoverId, clock.nowMs()) };
    }),
    'POST /_stage/reset': () => reset(),
  };
}
