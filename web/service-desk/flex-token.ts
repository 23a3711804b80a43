import * as v from 'valibot';
import { type BrowserClock, pause } from './clock.ts';
import type { Pass } from './conversation.ts';
import type { KeptState } from './kept-state.ts';
import { Refusal } from './refusal.ts';

/** Longer than the function takes for an answer. */
const LIMIT_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

const START_TRIES = 3;
/** No try begins that could end after this. */
const START_LIMIT_MS = 20_000;
const PAUSE_MS = 1_000;

/** What the function knows how to do again: nothing was begun twice, whatever became of the first try. */
const tryAgain = [
  'unreachable',
  'in_progress',
  'chat_unavailable',
  'state_unavailable',
  'deadline_exceeded',
  'internal',
];

const passSchema = v.object({
  token: v.pipe(v.string(), v.minLength(1)),
  identity: v.pipe(v.string(), v.minLength(1)),
  conversationSid: v.pipe(v.string(), v.regex(/^CH[0-9a-fA-F]{32}$/)),
  expiresAt: v.pipe(v.string(), v.isoTimestamp()),
});

const availabilitySchema = v.object({
  online: v.nullable(v.boolean()),
  positionInQueue: v.optional(v.pipe(v.number(), v.minValue(1))),
  waitSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
});

type Availability = v.InferOutput<typeof availabilitySchema>;

const sessionSchema = v.object({ session: v.string() });
const errorSchema = v.object({ error: v.object({ code: v.string(), id: v.optional(v.string()) }) });

/** The JWT that the visitor's own login issues; undefined for somebody who is not signed in. */
export type SessionOfVisitor = () => string | undefined | Promise<string | undefined>;

interface FlexTokenParts {
  readonly url: string;
  readonly session: SessionOfVisitor | undefined;
  readonly kept: KeptState;
  readonly clock: BrowserClock;
}

/** The function `flex-token`, from a browser. Everything rejects with a `Refusal`. */
export interface FlexToken {
  /** The visitor's one open chat, begun if there is none. */
  start(wish: object): Promise<Pass>;
  refresh(): Promise<Pass>;
  availability(topic: string | undefined): Promise<Availability>;
  /** Closes the visitor's chat, so that the next start begins a new one. Repeating is harmless. */
  end(): Promise<void>;
}

async function textOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too large');
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What an answer that is no success means. Whatever is not ours, like the page of a proxy, is `unreachable`. */
function refusalOf({ status, headers }: Response, body: unknown): Refusal {
  const parsed = v.safeParse(errorSchema, body);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const isOpen = status >= 500 || status === 409;
  if (!parsed.success) return new Refusal('unreachable', isOpen);
  const { code, id } = parsed.output.error;
  return new Refusal(code, isOpen && code !== 'chat_not_open', {
    ...(id === undefined ? {} : { id }),
    ...(seconds >= 0 ? { retryAfterMs: seconds * 1_000 } : {}),
  });
}

export function flexToken({ url, session, kept, clock }: FlexTokenParts): FlexToken {
  async function send(body: object, jwt: string | undefined, keepalive: boolean): Promise<readonly [Response, string]> {
    const stop = new AbortController();
    const cancel = clock.after(LIMIT_MS, () => stop.abort());
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(jwt === undefined ? {} : { authorization: `Bearer ${jwt}` }),
        },
        body: JSON.stringify(body),
        credentials: 'omit',
        redirect: 'error',
        // The page may be going away.
        keepalive,
        signal: stop.signal,
      });
      return [answer, await textOf(answer)];
    } finally {
      cancel();
    }
  }

  async function ask(body: { readonly action: string }): Promise<unknown> {
    const jwt = (await session?.()) ?? kept.read().session;
    const sent = await send(body, jwt, body.action === 'end').catch(() => undefined);
    if (!sent) throw new Refusal('unreachable', true);
    const [answer, text] = sent;
    const json = jsonOf(text);
    // Comes along with errors too: a stranger who tries again must be the same one.
    const own = v.safeParse(sessionSchema, json);
    if (own.success && !session) kept.update({ session: own.output.session });
    if (answer.status !== 200) throw refusalOf(answer, json);
    return json;
  }

  function decoded<T>(schema: v.GenericSchema<unknown, T>, json: unknown): T {
    const parsed = v.safeParse(schema, json);
    if (!parsed.success) throw new Refusal('unreachable', true);
    return parsed.output;
  }

  async function passBy(body: { readonly action: string }): Promise<Pass> {
    const { expiresAt, ...pass } = decoded(passSchema, await ask(body));
    return { ...pass, endsAtMs: Date.parse(expiresAt) };
  }

  return {
    async start(wish) {
      const sinceMs = clock.nowMs();
      for (let tries = 1; ; tries += 1) {
        try {
          return await passBy({ ...wish, action: 'start' });
        } catch (error) {
          const { code, retryAfterMs = PAUSE_MS * tries } = error as Refusal;
          const endsAtMs = clock.nowMs() + retryAfterMs + LIMIT_MS;
          const mayTry = tries < START_TRIES && tryAgain.includes(code) && endsAtMs <= sinceMs + START_LIMIT_MS;
          // Who has no session is nobody that the function would know again.
          const isKnown = session !== undefined || kept.read().session !== undefined;
          if (!mayTry || !isKnown) throw error;
          await pause(clock, retryAfterMs);
        }
      }
    },
    refresh: () => passBy({ action: 'refresh' }),
    availability: async (topic) =>
      decoded(availabilitySchema, await ask({ action: 'availability', ...(topic === undefined ? {} : { topic }) })),
    async end() {
      await ask({ action: 'end' });
    },
  };
}
