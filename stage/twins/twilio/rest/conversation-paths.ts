import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import type { TwinAnswer } from '../../../twin.ts';
import type { ChangedBy, ChatConversation, Conversations } from '../conversations/conversations.ts';
import type { ServiceWebhook } from '../conversations/webhooks.ts';
import { pageOf, type Resource } from './conversation-resources.ts';
import { notFound, refusal } from './errors.ts';
import type { Asked, Route } from './route.ts';

export interface ConversationParts {
  readonly env: () => Env;
  readonly clock: Pick<StageClock, 'nowMs'>;
  readonly conversations: Conversations;
  readonly service: ServiceWebhook;
  readonly serves: (name: string) => boolean;
}

/** Source: Twilio's page on error 50377, read 2026-11-21; which status comes with it is written nowhere. */
const closed = () => refusal(400, 50377, "Can't update conversation as it's in final closed state");

const HOST = 'conversations.twilio.com';
const COLLECTION = '^/v1(?:/Services/(IS\\w+))?/Conversations';

/** A change through REST is told to webhooks only where the request says so. */
export const byRest = ({ headers }: Asked): ChangedBy => ({
  source: 'API',
  isTold: headers['x-twilio-webhook-enabled'] === 'true',
});

/** What of a form was there, by other names. */
export function given<T extends Record<string, string | null>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const there = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(there) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Makes a route below one conversation, or one of the whole collection. */
export interface ConversationPaths {
  collection(method: 'GET' | 'POST', answer: Route['answer']): Route;
  /** What a closed conversation no longer takes is refused. The ids begin with service and conversation. */
  below(
    method: Route['method'],
    path: string,
    answer: (asked: Asked, conversation: ChatConversation) => TwinAnswer,
  ): Route;
}

/** Paths of the account's default service, or of the one that is named. */
export function conversationPaths({ env, conversations }: ConversationParts): ConversationPaths {
  const isOurs = ({ ids: [service] }: Asked) =>
    service === undefined || service === env().FLEX_CONVERSATIONS_SERVICE_SID;
  return {
    collection: (method, answer) => ({
      ...{ method, host: HOST, path: new RegExp(`${COLLECTION}$`) },
      answer: (asked) => (isOurs(asked) ? answer(asked) : notFound(asked.path)),
    }),
    below: (method, path, answer) => ({
      ...{ method, host: HOST, path: new RegExp(`${COLLECTION}/([^/]+)${path}$`) },
      answer(asked) {
        const conversation = isOurs(asked) ? conversations.find(asked.ids[1] ?? '') : undefined;
        if (!conversation) return notFound(asked.path);
        return method === 'POST' && conversation.state === 'closed' ? closed() : answer(asked, conversation);
      },
    }),
  };
}

/** Answers with a list, of which `Order=desc` asks for the newest first. */
export function listed({ path, query }: Asked, key: string, items: readonly Resource[]): TwinAnswer {
  const asked = Number(query.get('PageSize') ?? 50);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 100) : 50;
  const ordered = query.get('Order') === 'desc' ? [...items].reverse() : items;
  return { status: 200, body: pageOf(key, path, ordered, size) };
}
