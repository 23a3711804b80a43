import { createHash, randomUUID } from 'node:crypto';
import { parseForm, parseJson } from './body.ts';
import type { Clock } from './clock.ts';
import { startDeadline } from './deadline.ts';
import { decode } from './decode.ts';
import type { AnyFunction, Content, InputSpec } from './function.ts';
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
  const ports = Object.fromEntries(
    Object.entries(fn.ports).map(([name, make]) => [name, make({ settings, clock, env })]),
  );
  return { settings, ports };
}

function refuseTransport(fn: AnyFunction, inbound: Inbound): void {
  if (!fn.methods.includes(inbound.method)) throw new Problem('method_not_allowed');
  const headers = Object.entries(inbound.headers);
  const headerBytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (headers.length > MAX_HEADERS || headerBytes > MAX_HEADER_BYTES) throw new Problem('headers_too_large');
  if ((inbound.body?.byteLength ?? 0) > MAX_BODY_BYTES) throw new Problem('too_large');
  if (inbound.headers['content-encoding'] !== undefined) {
    throw new Problem('unsupported_media_type', { reason: 'compressed body' });
  }
}

function mediaType(inbound: Inbound): string {
  return (inbound.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function fieldsOf(form: ReadonlyMap<string, readonly string[]>): Content {
  const value: Record<string, string> = Object.create(null);
  const repeated = new Set<string>();
  for (const [name, values] of form) {
    value[name] = values[0] ?? '';
    if (values.length > 1) repeated.add(name);
  }
  return { value, repeated, problem: undefined };
}

const nothing = new Set<string>();

/** Takes the body apart without giving it meaning. What is wrong with it is kept until the caller is known. */
function readContent(input: InputSpec<unknown>, inbound: Inbound): Content {
  const type = mediaType(inbound);
  if (inbound.fields) {
    const wrong = input.media === 'json' && type !== 'application/json' && inbound.trust !== 'platform-key';
    const problem = wrong ? new Problem('unsupported_media_type') : undefined;
    return { value: inbound.fields, repeated: nothing, problem };
  }
  const bytes = inbound.body ?? new Uint8Array();
  try {
    if (type === 'application/json') {
      const { value, repeated } = parseJson(bytes);
      const named = typeof value === 'object' && value !== null && !Array.isArray(value);
      return { value, repeated, problem: named ? undefined : new Problem('invalid_json', { reason: 'not an object' }) };
    }
    if (input.media === 'form') return fieldsOf(parseForm(bytes));
    return { value: undefined, repeated: nothing, problem: new Problem('unsupported_media_type') };
  } catch (error) {
    if (error instanceof Problem) return { value: undefined, repeated: nothing, problem: error };
    throw error;
  }
}

function takeMeaning<In>(input: InputSpec<In>, content: Content): In {
  if (content.problem) throw content.problem;
  const forbidden = [...content.repeated].some((name) => input.names === 'ours' || input.names.includes(name));
  if (forbidden) throw new Problem('invalid_json', { reason: 'repeated name' });
  return decode(input.schema, content.value);
}

function corsHeaders(inbound: Inbound, ready: Ready | Problem): Record<string, string> {
  const origin = inbound.headers.origin;
  const allowed = ready instanceof Problem ? [] : (ready.settings.ALLOWED_ORIGINS ?? []);
  return origin !== undefined && allowed.includes(origin)
    ? { 'access-control-allow-origin': origin, vary: 'Origin' }
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

/** Equal requests that are under way at the same moment: nothing that a function can see differs. */
function fingerprint({ body, ...rest }: Inbound): string {
  return createHash('sha256')
    .update(JSON.stringify(rest))
    .update(body ?? '')
    .digest('base64');
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

  async function work(inbound: Inbound, note: (notes: Notes) => void, id: string): Promise<Reply> {
    const deadline = startDeadline(clock, fn.deadlineMs);
    let verified = false;
    try {
      if (ready instanceof Problem) throw ready;
      const { settings, ports } = ready;
      if (fn.browser && inbound.method === 'OPTIONS') return preflight(inbound, ready);
      refuseTransport(fn, inbound);
      const content = readContent(fn.input, inbound);
      const url = (settings.urls?.of(fn.name) ?? '') + (inbound.query === '' ? '' : `?${inbound.query}`);
      const check = { inbound, content, settings, url, nowMs: clock.nowMs() };
      const who = await deadline.race(fn.caller.check(check));
      verified = true;
      const input = takeMeaning(fn.input, content);
      const call = { who, input, settings, ports, deadline, clock, inbound, note };
      return await deadline.race(Promise.resolve(fn.answer(call)));
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('internal', { cause: error });
      note({ code: problem.code, reason: problem.detail.reason ?? reasonOf(problem) });
      const settings = ready instanceof Problem ? undefined : ready.settings;
      const recovered = settings && fn.recover?.(problem, { verified, settings, id, inbound });
      return recovered ?? problemReply(problem, id);
    } finally {
      deadline.close();
    }
  }

  async function handle(inbound: Inbound): Promise<Reply> {
    const id = randomUUID();
    const startedMs = clock.monotonicMs();
    let notes: Notes = {};
    const note = (more: Notes) => {
      notes = { ...notes, ...more };
    };
    const key = fingerprint(inbound);
    const first = underWay.get(key);
    if (first) note({ shared: true });
    const answering = first ?? work(inbound, note, id);
    if (!first) underWay.set(key, answering);
    try {
      const reply = await answering;
      const extra = fn.browser ? corsHeaders(inbound, ready) : {};
      const level = reply.status >= 500 || notes.code === 'internal' ? 'error' : notes.code ? 'warn' : 'info';
      const ms = Math.round(clock.monotonicMs() - startedMs);
      write(logLine({ level, function: fn.name, status: reply.status, ms, id, ...notes }));
      return { ...reply, headers: { ...reply.headers, ...extra, ...fn.headers } };
    } finally {
      if (!first) underWay.delete(key);
    }
  }
  return handle;
}

/** What may be said of an unexpected error in the log: its kind and where, never its message, which may hold data. */
function reasonOf(problem: Problem): string | undefined {
  const { cause } = problem;
  if (!(cause instanceof Error)) return undefined;
  const place = /\(?([\w-]+\.(?:ts|js)):(\d+)/.exec(cause.stack ?? '');
  return place ? `${cause.name} at ${place[1]}:${place[2]}` : cause.name;
}
