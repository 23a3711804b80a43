import * as v from 'valibot';
import { id } from '../decode.ts';
import { conversationOf } from '../handover/conversation.ts';

/** Whom to erase: a conversation by its id, or by the bot and the user that a platform names instead. */
export const eraseRequest = v.pipe(
  v.strictObject({
    conversationId: v.optional(id),
    userId: v.optional(id),
    botId: v.optional(id),
  }),
  v.check(({ conversationId, userId }) => conversationId !== undefined || userId !== undefined, 'invalid_user_id'),
  v.check(({ userId, botId }) => (userId === undefined) === (botId === undefined)),
  v.check(({ conversationId, userId }) => conversationId === undefined || userId === undefined),
  v.transform(({ conversationId, userId = '', botId = '' }) => conversationId ?? conversationOf({ botId, userId })),
);
