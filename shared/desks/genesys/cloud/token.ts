import * as v from 'valibot';
import type { Clock } from '../../../core/clock.ts';
import type { Deadline } from '../../../core/deadline.ts';
import { answerTo, NotTaken, takenAnswer } from '../../../core/handover/not-taken.ts';
import type { SendHttp } from '../../../core/http.ts';
import type { CloudSettings } from '../settings.ts';

const TRY_MS = 1_500;

/** Before it is over: a request that begins with it must end with it. */
const SPARE_MS = 60_000;

const granted = v.object({
  access_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,4000}$/)),
  expires_in: v.pipe(v.number(), v.minValue(0), v.maxValue(10 * 86_400)),
});

interface Grant {
  readonly token: string;
  readonly untilMs: number;
}

/** The token of this instance. */
interface Tokens {
  /** One that is good now; made when there is none. Throws `NotTaken`: surely nothing was sent. */
  current(deadline: Deadline): Promise<Grant>;
  /** Forgets one that was refused, so that the next is a new one. */
  refused(grant: Grant): void;
}

/** Without a token nothing is sent, so whatever happened here, nothing was taken. */
function notSent(error: unknown): NotTaken {
  if (!(error instanceof NotTaken)) throw error;
  const kind = error.kind === 'refused' ? 'refused' : 'unreachable';
  return new NotTaken(kind, `no token: ${error.message}`, error.retryAfterMs, error);
}

/**
 * Tokens of an OAuth client by its credentials, kept until shortly before they end. Requests that need one at the same time
 * ask once. Source: developer.genesys.cloud, authorization, client credentials grant, read 2026-11-21.
 */
export function openTokens({ loginUrl, clientId, clientSecret }: CloudSettings, send: SendHttp, clock: Clock): Tokens {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  let kept: Grant | undefined;
  let asking: Promise<Grant> | undefined;

  async function ask(deadline: Deadline): Promise<Grant> {
    const answer = await answerTo(send, {
      method: 'POST',
      url: `${loginUrl}/oauth/token`,
      headers: {
        authorization: `Basic ${credentials}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: 'grant_type=client_credentials',
      tryMs: TRY_MS,
      deadline,
    });
    const parsed = v.safeParse(granted, takenAnswer(answer));
    if (!parsed.success) throw new NotTaken('unreachable', 'no token in the answer');
    const { access_token: token, expires_in: seconds } = parsed.output;
    kept = { token, untilMs: clock.nowMs() + seconds * 1_000 - SPARE_MS };
    return kept;
  }

  return {
    async current(deadline) {
      if (kept && clock.nowMs() < kept.untilMs) return kept;
      asking ??= ask(deadline).finally(() => {
        asking = undefined;
      });
      return asking.catch((error: unknown) => Promise.reject(notSent(error)));
    },
    refused(grant) {
      if (kept === grant) kept = undefined;
    },
  };
}
