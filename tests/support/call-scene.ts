import callEvents from '../../functions/call-events.ts';
import clickToCall from '../../functions/click-to-call.ts';
import type { AnyFunction } from '../../shared/core/function.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import type { Reply } from '../../shared/core/reply.ts';
import type { Table } from '../../shared/core/table.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { jsonCall, sessionToken, twilioCall } from './calls.ts';
import { testClock } from './clock.ts';
import { fakeTwilio } from './fake-twilio.ts';
import { memoryTable } from './memory-table.ts';
import { startFunction } from './start-function.ts';

export const phone = '+15005550006';
const callSid = 'CA00000000000000000000000000000001';

export interface Asking {
  readonly sub?: string;
  /** Further claims of the session. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly from?: string;
}

/** What a visitor's browser sends. */
export const asking = (body: object, { sub = 'user-1', claims = {}, key, from }: Asking = {}): Inbound => ({
  ...jsonCall(body, {
    origin: 'https://shop.example.com',
    authorization: `Bearer ${sessionToken({ sub, ...claims })}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }),
  sourceAddress: from,
});

/** An answer: its HTTP status, the code of its problem, and what else its body holds. */
export function read({ status, headers, body }: Reply) {
  const { error, ...rest } = JSON.parse(body);
  const retry = headers['retry-after'];
  return {
    http: status,
    ...(error === undefined ? {} : { code: error.code }),
    ...(retry === undefined ? {} : { retryAfter: Number(retry) }),
    ...rest,
  };
}

/** `click-to-call` and `call-events` over one table and a Twilio that does as it is told. */
export async function callScene(
  env: Record<string, string | undefined> = {},
  table: Table = memoryTable(),
  startsAtMs?: number,
) {
  const twilio = await fakeTwilio();
  const wall = testClock(startsAtMs);
  const clock = { ...systemClock, nowMs: wall.nowMs };
  const started = (fn: AnyFunction, over = table) =>
    startFunction(
      { ...fn, ports: { ...fn.ports, table: () => over } },
      { TWILIO_API_BASE_URL: twilio.url, ...env },
      clock,
    );
  const { call, lines } = started(clickToCall);
  const events = started(callEvents);
  return {
    twilio,
    table,
    lines,
    call,
    advance: wall.advance,
    /** An instance whose calls are placed like this. */
    run: (placeCall: unknown) =>
      started({ ...clickToCall, ports: { ...clickToCall.ports, placeCall: () => placeCall } } as AnyFunction).call,
    /** Another instance, by default over the same table. */
    another: (over = table) => started(clickToCall, over).call,
    ask: async (body: object, options?: Asking) => read(await call(asking(body, options))),
    /** Twilio tells how the call of a request comes on. */
    told: (requestId: string, fields: Record<string, string>) =>
      events.call(twilioCall('call-events', { CallSid: callSid, ...fields }, `requestId=${requestId}`)),
  };
}
