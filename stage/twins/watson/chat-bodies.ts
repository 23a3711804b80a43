import { randomUUID } from 'node:crypto';
import { isoTime } from '../../../shared/core/iso-time.ts';
import type { WatsonChat } from './chat.ts';

/*
 * What Watson's webhooks send of a chat, as documented. Sources: cloud.ibm.com/docs/watson-assistant, webhook-pre,
 * webhook-post, webhook-log and dialog-integrations, and the Log type of ibm-watson 12, read 2026-11-28.
 */

/** One exchange of a chat. */
export interface ChatTurn {
  readonly said: string;
  /** `output.generic` of Watson's `/message`. */
  readonly generic: readonly Readonly<Record<string, unknown>>[];
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** Before a turn: the request as the page sent it, so nothing of what Watson keeps in the session. */
export function chatReceived({ sessionId, userId }: WatsonChat, said: string) {
  return {
    event: { name: 'message_received' },
    payload: {
      input: { message_type: 'text', text: said },
      user_id: userId,
      context: { global: { session_id: sessionId, system: { user_id: userId } }, integrations: { chat: {} } },
    },
  };
}

function contextOf({ sessionId, userId, variables, turnCount }: WatsonChat) {
  return {
    global: { session_id: sessionId, system: { user_id: userId, turn_count: turnCount, locale: 'en-us' } },
    skills: { 'actions skill': { user_defined: {}, skill_variables: variables, system: { state: 'eyJ4IjoxfQ==' } } },
    integrations: { chat: { browser_info: { browser_name: 'chrome' } } },
  };
}

const outputOf = ({ generic }: ChatTurn) => ({ intents: [], entities: [], generic });

/** After a turn, before the customer has the answer. */
export function chatProcessed(chat: WatsonChat, turn: ChatTurn) {
  return {
    event: { name: 'message_processed' },
    options: {},
    payload: { output: outputOf(turn), user_id: chat.userId, context: contextOf(chat) },
  };
}

/** After a turn, for the record. */
export function chatLogged(chat: WatsonChat, turn: ChatTurn) {
  return {
    event: { name: 'message_logged' },
    payload: {
      log_id: randomUUID(),
      session_id: chat.sessionId,
      language: 'en',
      request_timestamp: isoTime(turn.askedAtMs),
      response_timestamp: isoTime(turn.answeredAtMs),
      request: { input: { message_type: 'text', text: turn.said } },
      response: { output: outputOf(turn), user_id: chat.userId, context: contextOf(chat) },
    },
  };
}
