import { type HttpAnswer, type HttpRequest, NoAnswer, type SendHttp } from '../http.ts';
import { retryAfterMs } from '../retry-after.ts';

/** The other side, a desk or a bot's platform, did not take what it was given. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** `refused`: it said no, and will again. `unreachable`: it surely has not taken it. `unknown`: it may have. */
  readonly kind: 'refused' | 'unreachable' | 'unknown';
  /** How long it asked us to wait, if it did. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: NotTaken['kind'], reason: string, retryAfterMs?: number, cause?: unknown) {
    super(reason, { cause });
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whatever it asks for. */
const MAX_WAIT_MS = 60_000;

const mayWorkLater = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * What is in an answer that says "taken": the JSON value, or undefined when there is none. Throws `NotTaken` for every
 * status but 2xx, and for a 2xx that says otherwise: `success:false`, or a page of HTML from somebody in between.
 */
export function takenAnswer(answer: HttpAnswer): unknown {
  const { status, body } = answer;
  const waitMs = retryAfterMs(answer, MAX_WAIT_MS);
  if (status === 429 || status === 503) throw new NotTaken('unreachable', `status ${status}`, waitMs);
  if (mayWorkLater(status)) throw new NotTaken('unknown', `status ${status}`, waitMs);
  if (status < 200 || status > 299) throw new NotTaken('refused', `status ${status}`);
  if (/^\s*</.test(body)) throw new NotTaken('unreachable', 'a page instead of an answer');
  let value: unknown;
  try {
    value = body.trim() === '' ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
  if (Object(value).success === false) throw new NotTaken('unreachable', 'the answer says that it was not taken');
  return value;
}

/** Asks once. Resolves to the answer whatever its status. Throws `NotTaken` when none came back. */
export async function answerTo(send: SendHttp, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await send(request);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new NotTaken(error.maybeReceived ? 'unknown' : 'unreachable', error.message, undefined, error);
  }
}
