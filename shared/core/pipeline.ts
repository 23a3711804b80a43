import type { Clock } from './clock.ts';
import { readContent, takeMeaning } from './content.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { AnyFunction, FailedCall, PerCall } from './function.ts';
import type { Inbound } from './inbound.ts';
import { logLine, type Notes, type WriteLine } from './log.ts';
import { Problem } from './problems.ts';
import type { PublicUrls } from './public-urls.ts';
import { problemReply, type Reply } from './reply.ts';
import type { Env } from './settings.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_HEADER_BYTES = 15_000;
const MAX_HEADERS = 90;

export interface Surroundings {
  readonly env: Env;
  readonly clock: Clock;
  readonly write: WriteLine;
}

/** Takes a call, answers it, never rejects. */
export type Handle = (inbound: Inbound) => Promise<Reply>;

/** What a problem is answered with. */
type Known = Omit<FailedCall<unknown, unknown>, 'settings'>;

interface Ready {
  readonly settings: { readonly urls?: PublicUrls; readonly ALLOWED_ORIGINS?: readonly string[] };
  readonly ports: Readonly<Record<string, unknown>>;
}

function prepare(fn: AnyFunction, { env, clock }: Surroundings): Ready | Problem {
  const faults: string[] = [];
  const settings = { ...fn.caller.settings.read(env, faults), ...fn.settings.read(env, faults) };
  if (faults.length > 0) {
    return new Problem('misconfigured', { reason: `${fn.name} cannot start: ${[...new Set(faults)].join('; ')}` });
  }
  try {
    const made = Object.entries(fn.ports).map(([name, make]) => [name, make({ settings, clock, env })]);
    return { settings, ports: Object.fromEntries(made) };
  } catch (cause) {
    return new Problem('internal', { cause });
  }
}

function refuseTransport(fn: AnyFunction, inbound: Inbound): void {
  if (!fn.methods.includes(inbound.method)) throw new Problem('method_not_allowed', { allowed: fn.methods });
  const headers = Object.entries(inbound.headers);
  const headerBytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headers.length > MAX_HEADERS || headerBytes > MAX_HEADER_BYTES) throw new Problem('headers_too_large');
  if ((inbound.body?.byteLength ?? 0) > MAX_BODY_BYTES) throw new Problem('too_large');
  if ((inbound.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Problem('unsupported_media_type', { reason: 'compressed body' });
  }
}

function corsHeaders(inbound: Inbound, ready: Ready | Problem): Record<string, string> {
  const origin = inbound.headers.origin;
  const allowed = ready instanceof Problem ? [] : (ready.settings.ALLOWED_ORIGINS ?? []);
  return origin !== undefined && allowed.includes(origin)
    ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after', vary: 'Origin' }
    : { vary: 'Origin' };
}

function preflight(inbound: Inbound, ready: Ready): Reply {
  const headers = corsHeaders(inbound, ready);
  if (headers['access-control-allow-origin'] === undefined) throw new Problem('origin_not_allowed');
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
      'access-control-max-age': '600',
    },
    body: '',
  };
}

/** What names one delivery or its way here, differs where all else is equal, and is read by no function. */
const OF_ONE_DELIVERY =
  /^(x-amzn-.*|x-amz-cf-.*|x-forwarded-.*|forwarded|via|x-request-id|x-correlation-id|traceparent|tracestate|x-b3-.*|x-cloud-trace-context|i-twilio-idempotency-token)$/;

/** The same for requests in which nothing that a function reads differs. Undefined where none may share an answer. */
function likeness({ body, headers, ...rest }: Inbound): string | undefined {
  try {
    const read = Object.entries(headers).filter(([name]) => !OF_ONE_DELIVERY.test(name));
    return JSON.stringify([read, rest]) + Buffer.from(body ?? []).toString('latin1');
  } catch {
    // What a platform parsed may be nested too deep to be written again.
    return undefined;
  }
}

/**
 * Leads from an answer to its log line and tells nothing but the moment: a UUID of version 7 with the millionths of its
 * millisecond where others put chance, which would cost a library at start.
 */
export function answerId({ nowMs, monotonicMs }: Clock): string {
  const hex = (value: number, digits: number) => Math.floor(value).toString(16).padStart(digits, '0').slice(-digits);
  const ms = hex(nowMs(), 12);
  const millionths = hex((monotonicMs() % 1) * 1e6, 5);
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${millionths.slice(0, 3)}-8${millionths.slice(3)}0-000000000000`;
}

const isPerCall = (port: unknown): port is PerCall<unknown> => typeof Object(port).within === 'function';

function boundTo(deadline: Deadline, ports: Ready['ports']): Ready['ports'] {
  const bound = Object.entries(ports).map(([name, port]) => [name, isPerCall(port) ? port.within(deadline) : port]);
  return Object.fromEntries(bound);
}

/**
 * Starts a function in its surroundings: the only pipeline there is. Settings and ports are made at once and kept; after
 * that every call goes settings, transport, caller, meaning, work, answer, one log line. Equal requests that arrive while
 * the first is under way in this instance share its answer.
 */
export function start(fn: AnyFunction, surroundings: Surroundings): Handle {
  const { clock, write } = surroundings;
  const ready = prepare(fn, surroundings);
  const underWay = new Map<string, Promise<Reply>>();

  function replyTo(problem: Problem, known: Known, note: (notes: Notes) => void) {
    note({ code: problem.code, reason: problem.detail.reason ?? reasonOf(problem.cause) });
    try {
      const settings = ready instanceof Problem ? undefined : ready.settings;
      const recovered = settings && fn.recover?.(problem, { ...known, settings });
      return recovered ?? problemReply(problem, known.id);
    } catch (error) {
      note({ code: 'internal', reason: reasonOf(error) });
      return problemReply(new Problem('internal'), known.id);
    }
  }

  async function work(inbound: Inbound, note: (notes: Notes) => void, id: string): Promise<Reply> {
    const deadline = startDeadline(clock, fn.deadlineMs);
    let known: Known = { id, inbound, verified: false, who: undefined, content: undefined };
    try {
      if (ready instanceof Problem) throw ready;
      const { settings, ports } = ready;
      if (fn.browser && inbound.method === 'OPTIONS') return preflight(inbound, ready);
      refuseTransport(fn, inbound);
      const content = readContent(fn.input, inbound);
      known = { ...known, content };
      const url = (settings.urls?.of(fn.name) ?? '') + (inbound.query === '' ? '' : `?${inbound.query}`);
      const check = { inbound, content, settings, url, nowMs: clock.nowMs() };
      const who = await deadline.race(fn.caller.check(check));
      known = { ...known, verified: true, who };
      const input = takeMeaning(fn.input, content);
      const call = { who, input, settings, ports: boundTo(deadline, ports), deadline, clock, inbound, note };
      return await deadline.race(Promise.resolve(fn.answer(call)));
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('internal', { cause: error });
      return replyTo(problem, known, note);
    } finally {
      deadline.close();
    }
  }

  function writeSafely(line: string): void {
    try {
      write(line);
    } catch {
      // A log that cannot be written must not cost the answer.
    }
  }

  async function handle(inbound: Inbound): Promise<Reply> {
    const startedMs = clock.monotonicMs();
    const id = answerId(clock);
    let notes: Notes = {};
    const note = (more: Notes) => {
      notes = { ...notes, ...more };
    };
    const key = fn.caller.isStranger?.(inbound) ? undefined : likeness(inbound);
    const first = key === undefined ? undefined : underWay.get(key);
    if (first) note({ shared: true });
    const answering = first ?? work(inbound, note, id);
    if (key !== undefined && !first) underWay.set(key, answering);
    try {
      const reply = await answering;
      const extra = fn.browser ? corsHeaders(inbound, ready) : {};
      const ms = Math.round(clock.monotonicMs() - startedMs);
      writeSafely(
        logLine({ level: levelOf(reply.status, notes), function: fn.name, status: reply.status, ms, id, ...notes }),
      );
      return { ...reply, headers: { ...reply.headers, ...extra, ...fn.headers } };
    } finally {
      if (key !== undefined && !first) underWay.delete(key);
    }
  }
  return handle;
}

/** A recovered problem is answered with 200, and an answer that was shared has its problem in the line of the first. */
function levelOf(status: number, { code }: Notes): 'error' | 'warn' | 'info' {
  if (status >= 500 || code === 'internal') return 'error';
  return status >= 400 || code !== undefined ? 'warn' : 'info';
}

/** What may be said of an unexpected error in the log: its kind and where, never its message, which may hold data. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = (error.stack ?? '').slice(`${error.name}: ${error.message}`.length);
  const place = /^ +at .*?([\w.-]+\.(?:ts|js)):(\d+):\d+\)?$/m.exec(frames);
  return place ? `${error.name} at ${place[1]}:${place[2]}` : error.name;
}
