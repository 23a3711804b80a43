import { isoTime } from '../../../shared/core/iso-time.ts';
import type { BotReply, Chat, ChatLine } from './chat.ts';

/** `today` is what Botcopy's own page says now; `2021` is the older form with the token in the body and no history. */
export type Vintage = 'today' | '2021';

const contexts = [{ name: 'botcopy-timezone', lifespanCount: 10, parameters: { tz: 'Europe/Vienna' } }];

function dialogflowResponse(text: string, reply: BotReply) {
  return {
    responseId: '00000000-0000-4000-8000-000000000001',
    queryResult: {
      fulfillmentMessages: [{ platform: 'PLATFORM_UNSPECIFIED', text: { text: [reply.text] }, message: 'text' }],
      outputContexts: [{ name: 'bc-human-handover', lifespanCount: 1, parameters: {} }, ...contexts],
      queryText: text,
      action: '',
      parameters: {},
      allRequiredParamsPresent: true,
      fulfillmentText: reply.text,
      intent: { displayName: 'Human Handover', isFallback: false },
      intentDetectionConfidence: 1,
      languageCode: 'en',
    },
    webhookStatus: null,
  };
}

/** An item of `messageHistory`. What the customer wrote to a person is marked "out" by Botcopy, so the mark says nothing. */
function historyItem({ by, text, atMs }: ChatLine, index: number, sessionId: string) {
  const payload =
    by === 'customer'
      ? { queryParameters: {}, query: text, lang: 'en', sessionId }
      : by === 'agent'
        ? { text }
        : { queryResult: { fulfillmentText: text, fulfillmentMessages: [{ text: { text: [text] } }] } };
  return {
    _id: (index + 1).toString(16).padStart(24, '0'),
    botPlatform: 'dialogflowES',
    direction: by === 'customer' ? 'in' : 'out',
    payload,
    createdAt: isoTime(atMs),
  };
}

function common(chat: Chat, text: string, vintage: Vintage, accessToken: string) {
  return {
    accessToken,
    userId: chat.userId,
    botId: chat.botId,
    ...(vintage === 'today' && { sessionId: chat.sessionId }),
    session: `projects/shop/agent/sessions/${chat.sessionId}`,
    queryInput: { text: { text, languageCode: 'en' } },
  };
}

/** The bot's answer asks for a person: step one. */
export function startBody(chat: Chat, text: string, reply: BotReply, vintage: Vintage, accessToken: string) {
  return {
    ...common(chat, text, vintage, accessToken),
    queryParams: { contexts },
    dialogflowResponse: dialogflowResponse(text, reply),
    ...(vintage === 'today' && {
      messageHistory: chat.lines
        .filter((line) => line.by !== 'system')
        .map((line, index) => historyItem(line, index, chat.sessionId)),
    }),
  };
}

/** The customer writes while the bot is paused: step two. */
export function messageBody(chat: Chat, text: string, vintage: Vintage, accessToken: string) {
  return {
    ...common(chat, text, vintage, accessToken),
    queryParams: vintage === 'today' ? { contexts, payload: {}, webhookHeaders: {} } : { contexts },
    ...(vintage === 'today' && { eventType: 'message' }),
  };
}

/** The customer types while the bot is paused. It carries no token in its body. */
export function typingBody({ userId, botId, sessionId }: Chat) {
  return { userId, botId, sessionId, eventType: 'user_typing' };
}
