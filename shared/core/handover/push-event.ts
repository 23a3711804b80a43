import * as v from 'valibot';
import { id } from '../decode.ts';
import { latePattern } from '../late-pattern.ts';
import { isPublicPicture } from '../public-picture.ts';
import type { AgentDoes, Pushed } from './agent-side.ts';
import type { AgentProfile } from './bot.ts';
import { conversationOf } from './conversation.ts';
import { saidText } from './line.ts';
import { MAX_PAUSE_MINUTES } from './pause.ts';

/** Control characters, halves of characters, and what turns the direction of the text around a name. */
const unprintable = latePattern(
  String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]`,
  'gu',
);

const name = v.pipe(
  v.string(),
  v.maxLength(200),
  v.transform((given) => given.replace(unprintable(), '').trim()),
);

const avatarUrl = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.check((url) => url === '' || isPublicPicture(url)),
);

const body = v.pipe(
  v.strictObject({
    eventType: v.picklist(['message', 'channel_update', 'user_typing']),
    userId: v.optional(id),
    botId: v.optional(id),
    conversationId: v.optional(id),
    text: v.optional(saidText),
    paused: v.optional(v.boolean()),
    minutesPaused: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PAUSE_MINUTES))),
    agentProfile: v.optional(v.strictObject({ name: v.optional(name), avatarUrl: v.optional(avatarUrl) })),
    unpauseChatEvent: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/))),
    eventId: v.optional(id),
    handoverId: v.optional(id),
    seq: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    /** Counts like `Authorization`; looked at before. */
    accessToken: v.optional(v.string()),
  }),
  v.check(({ conversationId, userId }) => conversationId !== undefined || userId !== undefined, 'invalid_user_id'),
  v.check(({ userId, botId }) => (userId === undefined) === (botId === undefined)),
  v.check(({ conversationId, userId }) => conversationId === undefined || userId === undefined),
  v.check(({ eventType, text }) => eventType !== 'message' || (text ?? '').trim() !== '', 'invalid_text'),
  v.check(
    ({ eventType, paused }) => (eventType === 'channel_update' ? paused !== undefined : paused !== false),
    'invalid_paused',
  ),
);

type Body = v.InferOutput<typeof body>;

function doesOf({ eventType, text = '', paused, minutesPaused: minutes, unpauseChatEvent }: Body): AgentDoes {
  if (eventType === 'message') return { kind: 'says', text, minutes };
  if (eventType === 'user_typing') return { kind: 'types', minutes };
  return paused ? { kind: 'takes', minutes } : { kind: 'leaves', botEvent: unpauseChatEvent };
}

function agentOf({ agentProfile }: Body): AgentProfile | undefined {
  const shown = Object.entries(agentProfile ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return shown.length > 0 ? Object.fromEntries(shown) : undefined;
}

export interface PushEvent {
  /** Where the desk names a bot and a user instead of a conversation. */
  readonly botId: string | undefined;
  readonly pushed: Pushed;
}

/**
 * What the middleware of a desk sends to `handover-push`: Botcopy's push shape with our own names added, checked to the
 * letter. A `paused:false` that comes with words or typing is refused: only `channel_update` gives the conversation back.
 */
export const pushEvent: v.GenericSchema<unknown, PushEvent> = v.pipe(
  body,
  v.transform((event): PushEvent => {
    const { userId = '', botId, conversationId, handoverId, seq, eventId } = event;
    return {
      botId,
      pushed: {
        conversationId: conversationId ?? conversationOf({ botId: botId ?? '', userId }),
        bot: botId === undefined ? 'plain' : 'botcopy',
        does: doesOf(event),
        agent: agentOf(event),
        stamp: { handoverId, seq },
        eventId,
      },
    };
  }),
);
