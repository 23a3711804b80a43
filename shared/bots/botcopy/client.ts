import type { Deadline } from '../../core/deadline.ts';
import type { SendHttp } from '../../core/http.ts';
import { postJson } from '../../http/post-json.ts';

const TRY_MS = 2_000;
const TYPING_TRY_MS = 1_000;

export interface BotcopyTarget {
  readonly url: string;
  readonly apiKey: string;
  readonly send: SendHttp;
}

/** What a push belongs to. Botcopy's body has no place for it, so it travels in headers, for whoever reads the traffic. */
export interface PushRefs {
  readonly conversationId: string;
  readonly handoverId: string;
  readonly eventId: string;
}

/** Sends one push, once. The key stands alone in `Authorization`. Throws `NotTaken`. */
export async function sendPush(
  { url, apiKey, send }: BotcopyTarget,
  body: { readonly eventType: string },
  { conversationId, handoverId, eventId }: PushRefs,
  deadline: Deadline,
): Promise<void> {
  const headers = {
    authorization: apiKey,
    'idempotency-key': eventId,
    'x-handover-id': handoverId,
    'x-conversation-id': conversationId,
  };
  const tryMs = body.eventType === 'user_typing' ? TYPING_TRY_MS : TRY_MS;
  await postJson(send, { url, headers, body: JSON.stringify(body), tryMs, deadline });
}
