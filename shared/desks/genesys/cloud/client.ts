import { textAt } from '../../../core/at.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Deadline } from '../../../core/deadline.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import { answerTo, NotTaken, takenAnswer } from '../../../core/handover/not-taken.ts';
import type { HttpAnswer, HttpRequest, SendHttp } from '../../../core/http.ts';
import type { CloudSettings } from '../settings.ts';
import { openTokens } from './token.ts';

const TRY_MS = 1_500;

type Refs = Pick<HandoverRef, 'handoverId' | 'conversationId'>;

interface CloudCall {
  readonly method: HttpRequest['method'];
  /** Begins with `/api/v2/`. */
  readonly path: string;
  readonly body?: unknown;
  /** Which handover it belongs to, in headers for whoever reads the traffic. Absent where it belongs to none. */
  readonly refs?: Refs;
  readonly tryMs?: number;
}

/** Genesys Cloud's API. */
export interface GenesysCloud {
  /**
   * Asks once, and once more with a new token where the old one is refused. Resolves to the JSON of the answer. Throws
   * `NotTaken`, whose message has Genesys's `contextId` where it gave one: their support asks for it.
   */
  ask(call: CloudCall, deadline: Deadline): Promise<unknown>;
}

function contextIn({ body }: HttpAnswer): string {
  try {
    const id = textAt(JSON.parse(body), 'contextId');
    return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) ? `, contextId ${id}` : '';
  } catch {
    return '';
  }
}

/** What is in an answer that says "taken", else `NotTaken` with the `contextId`. */
function takenOf(answer: HttpAnswer): unknown {
  try {
    return takenAnswer(answer);
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    throw new NotTaken(error.kind, `${error.message}${contextIn(answer)}`, error.retryAfterMs, error);
  }
}

/** Whether Genesys said that there is none of that, or that it is over: it will say so for ever. */
export const isGone = (error: unknown): boolean =>
  error instanceof NotTaken && /^status (?:404|409|410)\b/.test(error.message);

export function openCloud(settings: CloudSettings, send: SendHttp, clock: Clock): GenesysCloud {
  const tokens = openTokens(settings, send, clock);

  const once = ({ method, path, body, refs, tryMs = TRY_MS }: CloudCall, token: string, deadline: Deadline) =>
    answerTo(send, {
      method,
      url: settings.apiUrl + path,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(refs ? { 'x-handover-id': refs.handoverId, 'x-conversation-id': refs.conversationId } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      tryMs,
      deadline,
    });

  return {
    async ask(call, deadline) {
      const grant = await tokens.current(deadline);
      const answer = await once(call, grant.token, deadline);
      if (answer.status !== 401) return takenOf(answer);
      tokens.refused(grant);
      const { token } = await tokens.current(deadline);
      return takenOf(await once(call, token, deadline));
    },
  };
}
