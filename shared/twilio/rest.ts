import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { type HttpAnswer, NoAnswer, type SendHttp } from '../core/http.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import type { TwilioSettings } from './settings.ts';

const TRY_MS = 3_000;
/** Left after the last try that may change something, so that what came of it can still be written down. */
const RESERVE_MS = 800;
const FIRST_BACKOFF_MS = 250;
/** Of what Twilio asks us to wait. */
const LONGEST_ASKED_MS = 3_000;

/** How a call to Twilio ended. */
export type TwilioAnswer<T> =
  | { readonly is: 'done'; readonly value: T }
  /** Twilio said no, so nothing was done. `code` is its own error code, if it gave one. */
  | { readonly is: 'refused'; readonly status: number; readonly code: number | undefined }
  /** Too busy or not to be reached, so surely nothing was done: repeating it later is safe. */
  | { readonly is: 'unavailable'; readonly retryAfterSec: number }
  /** It may have been done or not: repeating it may do it twice. */
  | { readonly is: 'unknown' };

type Form = Readonly<Record<string, string | readonly string[]>>;
type Expected<T> = v.GenericSchema<unknown, T>;

/**
 * Twilio's REST API. `host` is Twilio's own, like `api.twilio.com`; `path` begins with a slash; a list in a form becomes a
 * repeated field; `expected` says what the JSON of a success holds. Whatever Twilio or the network does is an answer; only
 * what is wrong with us is thrown.
 */
export interface TwilioRest {
  /** Makes something new. Repeated only while surely nothing was received. */
  create<T>(
    host: string,
    path: string,
    form: Form,
    expected: Expected<T>,
    deadline: Deadline,
  ): Promise<TwilioAnswer<T>>;
  /** Sets something to a state that it may already be in, so an unknown outcome is tried once more. */
  update<T>(
    host: string,
    path: string,
    form: Form,
    expected: Expected<T>,
    deadline: Deadline,
  ): Promise<TwilioAnswer<T>>;
  /** Looks something up, which may be repeated as it is: whatever went wrong is tried once more while there is time. */
  read<T>(host: string, path: string, expected: Expected<T>, deadline: Deadline): Promise<TwilioAnswer<T>>;
}

/** A SID as Twilio writes it: two letters for its kind and 32 hexadecimal digits. */
export const sidOf = (prefix: string) => v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`)));

function encoded(form: Form): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) fields.append(name, String(one));
  return fields.toString();
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * Codes of a 429 that no wait within a call ends: too many checks of a verification, too many texts to a phone. Source:
 * Twilio's pages on errors 60202 and 60203, read 2026-11-28.
 */
const USED_UP: ReadonlySet<unknown> = new Set([60202, 60203]);

const codeIn = (body: string): unknown => (Object(jsonIn(body)) as { readonly code?: unknown }).code;

const mayPass = ({ status, body }: HttpAnswer): boolean => status === 429 && !USED_UP.has(codeIn(body));

/** What an answer means that no wait will change. A success without the expected body did something, but we cannot say what. */
function meaningOf<T>({ status, body }: HttpAnswer, expected: Expected<T>): TwilioAnswer<T> {
  if (status >= 500 || status === 408) return { is: 'unknown' };
  if (status >= 300) {
    const code = codeIn(body);
    return { is: 'refused', status, code: typeof code === 'number' ? code : undefined };
  }
  const parsed = v.safeParse(expected, jsonIn(body));
  return parsed.success ? { is: 'done', value: parsed.output } : { is: 'unknown' };
}

interface Question {
  readonly host: string;
  readonly path: string;
  /** Absent where something is looked up. */
  readonly form: Form | undefined;
  /** Whether an unknown outcome may be tried once more. */
  readonly mayRepeat: boolean;
  readonly reserveMs: number;
}

/** `random` gives numbers from 0 to 1 for the jitter between tries. */
export function twilioRest(
  settings: TwilioSettings,
  send: SendHttp,
  random = () => randomInt(1_000) / 1_000,
): TwilioRest {
  const { TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_API_BASE_URL } = settings;
  const credentials = Buffer.from(`${TWILIO_API_KEY}:${TWILIO_API_SECRET}`).toString('base64');

  async function ask({ host, path, form, reserveMs }: Question, deadline: Deadline): Promise<HttpAnswer | NoAnswer> {
    try {
      return await send({
        method: form ? 'POST' : 'GET',
        url: (TWILIO_API_BASE_URL ?? `https://${host}`) + path,
        headers: {
          authorization: `Basic ${credentials}`,
          accept: 'application/json',
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(TWILIO_API_BASE_URL === undefined ? {} : { 'x-twilio-host': host }),
        },
        ...(form === undefined ? {} : { body: encoded(form) }),
        tryMs: Math.min(TRY_MS, deadline.remainingMs() - reserveMs),
        deadline,
      });
    } catch (error) {
      if (error instanceof NoAnswer) return error;
      throw error;
    }
  }

  async function answerTo<T>(question: Question, expected: Expected<T>, deadline: Deadline): Promise<TwilioAnswer<T>> {
    const timeLeftMs = () => deadline.remainingMs() - question.reserveMs;
    let spare = { connection: 1, outcome: question.mayRepeat ? 1 : 0 };
    let unknown = false;
    for (let tries = 0; timeLeftMs() > 0; tries++) {
      const answer = await ask(question, deadline);
      if (answer instanceof NoAnswer && !answer.maybeReceived) {
        if (spare.connection === 0) break;
        spare = { ...spare, connection: 0 };
      } else if (!(answer instanceof NoAnswer) && mayPass(answer)) {
        const waitMs = (retryAfterMs(answer, LONGEST_ASKED_MS) ?? 0) + random() * FIRST_BACKOFF_MS * 2 ** tries;
        if (waitMs >= timeLeftMs()) break;
        await deadline.sleep(waitMs);
      } else {
        const meaning = answer instanceof NoAnswer ? ({ is: 'unknown' } as const) : meaningOf(answer, expected);
        if (meaning.is !== 'unknown' || spare.outcome === 0) return meaning;
        spare = { ...spare, outcome: 0 };
        unknown = true;
      }
    }
    return unknown ? { is: 'unknown' } : { is: 'unavailable', retryAfterSec: 5 };
  }

  return {
    create: (host, path, form, expected, deadline) =>
      answerTo({ host, path, form, mayRepeat: false, reserveMs: RESERVE_MS }, expected, deadline),
    update: (host, path, form, expected, deadline) =>
      answerTo({ host, path, form, mayRepeat: true, reserveMs: RESERVE_MS }, expected, deadline),
    read: (host, path, expected, deadline) =>
      answerTo({ host, path, form: undefined, mayRepeat: true, reserveMs: 0 }, expected, deadline),
  };
}
