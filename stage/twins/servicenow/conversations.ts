import * as v from 'valibot';
import { newSysId } from './sys-id.ts';

const texts = v.record(v.string(), v.string());

/** A request to the bot integration, as strictly as the documentation names it. */
export const botRequest = v.object({
  requestId: v.pipe(v.string(), v.nonEmpty()),
  clientSessionId: v.optional(v.string()),
  userId: v.pipe(v.string(), v.nonEmpty()),
  action: v.optional(v.picklist(['START_CONVERSATION', 'END_CONVERSATION', 'TYPING', 'VIEWING'])),
  botToBot: v.optional(v.boolean()),
  timestamp: v.optional(v.number()),
  message: v.object({ text: v.string(), typed: v.literal(true), clientMessageId: v.optional(v.string()) }),
  clientVariables: v.optional(texts, {}),
  contextVariables: v.optional(texts, {}),
  history: v.optional(
    v.array(
      v.object({
        isBotMessage: v.boolean(),
        value: v.string(),
        displayName: v.string(),
        type: v.literal('text'),
        timestamp: v.pipe(v.string(), v.regex(/^\d{13}$/)),
      }),
    ),
    [],
  ),
});

export type BotRequest = v.InferOutput<typeof botRequest>;

/** One conversation of Virtual Agent, as an agent sees it. */
export interface Conversation {
  readonly interactionId: string;
  readonly handoverId: string;
  readonly userId: string;
  readonly clientVariables: Readonly<Record<string, string>>;
  readonly contextVariables: Readonly<Record<string, string>>;
  readonly history: BotRequest['history'];
  readonly lines: { readonly by: 'customer' | 'agent'; readonly text: string }[];
  state: 'waiting' | 'taken' | 'ended';
  agent: string | undefined;
  customerTypes: boolean;
  /** The customer's last request: callbacks name it. */
  last: Pick<BotRequest, 'requestId' | 'message'>;
}

export interface Conversations {
  all(): readonly Conversation[];
  /** The newest that fits what is named. */
  find(named: { handoverId?: string | undefined; userId?: string | undefined }): Conversation | undefined;
  start(request: BotRequest): Conversation;
  reset(): void;
}

export function virtualAgentConversations(): Conversations {
  const conversations: Conversation[] = [];
  return {
    all: () => conversations,
    find: ({ handoverId, userId }) =>
      conversations.findLast(
        (one) =>
          (handoverId === undefined || one.handoverId === handoverId) &&
          (userId === undefined || one.userId === userId),
      ),
    start(request) {
      const { clientSessionId = '', userId, clientVariables, contextVariables, history, message } = request;
      const conversation: Conversation = {
        interactionId: newSysId(),
        handoverId: clientSessionId,
        userId,
        clientVariables,
        contextVariables,
        history,
        lines: [{ by: 'customer', text: message.text }],
        state: 'waiting',
        agent: undefined,
        customerTypes: false,
        last: request,
      };
      conversations.push(conversation);
      return conversation;
    },
    reset: () => void conversations.splice(0),
  };
}
