import * as v from 'valibot';
import type { Deadline } from '../../../core/deadline.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import { answerTo, NotTaken, takenAnswer } from '../../../core/handover/not-taken.ts';
import type { HttpAnswer, SendHttp } from '../../../core/http.ts';
import { failed } from './payloads.ts';

const TRY_MS = 1_500;

type Refs = Pick<HandoverRef, 'handoverId' | 'conversationId'>;

/** Who the customer is in a chat, and which chat it is. Both together are the ticket. */
export interface ChatIds {
  readonly chatId: string;
  readonly participantId: string;
}

export const ticketOf = ({ chatId, participantId }: ChatIds): string =>
  `${encodeURIComponent(chatId)}:${encodeURIComponent(participantId)}`;

/** The chat that a ticket names; undefined for one that names none, as when the opening broke off. */
export function chatIn(ticket: string): ChatIds | undefined {
  const [chatId, participantId, ...more] = ticket.split(':');
  if (!chatId || !participantId || more.length > 0) return undefined;
  try {
    return { chatId: decodeURIComponent(chatId), participantId: decodeURIComponent(participantId) };
  } catch {
    return undefined;
  }
}

/** The server does not know the chat's participant. */
class UnknownParticipant extends NotTaken {}

/** Whether the server said that it knows the chat no more, also after a reconnection. */
export const isUnknown = (error: unknown): boolean => error instanceof UnknownParticipant;

function takenOf(answer: HttpAnswer): unknown {
  if (answer.status !== 400 && answer.status !== 410) return takenAnswer(answer);
  let errorId: string | undefined;
  try {
    const parsed = v.safeParse(failed, JSON.parse(answer.body));
    errorId = parsed.success && /^[\w.]{1,100}$/.test(parsed.output.errorId) ? parsed.output.errorId : undefined;
  } catch {
    errorId = undefined;
  }
  const reason = `status ${answer.status}${errorId === undefined ? '' : `, ${errorId}`}`;
  const isLost = answer.status === 410 || /\.invalid(?:ParticipantId|ChatId)$/.test(errorId ?? '');
  throw isLost ? new UnknownParticipant('refused', reason) : new NotTaken('refused', reason);
}

export interface IcwsWebChat {
  /** Asks once. Resolves to the JSON of the answer. Throws `NotTaken`. */
  ask(method: 'GET' | 'POST', path: string, body: unknown, refs: Refs, deadline: Deadline): Promise<unknown>;
  /**
   * The same for a chat that has begun; `path` ends with the participant. Where the server does not know the participant,
   * reconnects them and asks once more: an unknown participant has surely done nothing.
   */
  askIn(
    chat: ChatIds,
    call: { readonly method: 'GET' | 'POST'; readonly resource: string; readonly body?: unknown },
    refs: Refs,
    deadline: Deadline,
  ): Promise<unknown>;
}

/** ICWS's web chat: no login, no signature; the network and a proxy of the customer's own protect it. */
export function openWebChat(url: string, send: SendHttp): IcwsWebChat {
  async function ask(method: 'GET' | 'POST', path: string, body: unknown, refs: Refs, deadline: Deadline) {
    const answer = await answerTo(send, {
      method,
      url: `${url}/icws/web-chat/${path}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        'x-handover-id': refs.handoverId,
        'x-conversation-id': refs.conversationId,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      tryMs: TRY_MS,
      deadline,
    });
    return takenOf(answer);
  }

  return {
    ask,
    async askIn(chat, { method, resource, body }, refs, deadline) {
      const path = `${resource}/${encodeURIComponent(chat.participantId)}`;
      try {
        return await ask(method, path, body, refs, deadline);
      } catch (error) {
        if (!isUnknown(error)) throw error;
        await ask('POST', 'reconnect', chat, refs, deadline);
        return ask(method, path, body, refs, deadline);
      }
    },
  };
}
