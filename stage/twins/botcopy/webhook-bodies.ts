import { isoTime } from '../../../shared/core/iso-time.ts';
import type { BotReply, Chat, ChatLine } from './chat.ts';

/** `today` is what Botcopy's own page says now; `2021` is the older form with the token in the body and no history. */
export type Vintage = 'today' | '2021';

/** How a customer's words reach Botcopy. */
export interface Saying {
  readonly vintage: Vintage;
  /** Which Dialogflow is behind the bot. */
  readonly platform: 'ES' | 'CX';
  /** Which people the bot asks for. */
  readonly department: string | undefined;
}

const contexts = [{ name: 'botcopy-timezone', lifespanCount: 10, parameters: { tz: 'Europe/Vienna' } }];

/** CX keeps what it knows in the session and sends it with every answer. */
function cxResponse(text: string, reply: BotReply, department: string | undefined) {
  return {
    responseId: '00000000-0000-4000-8000-000000000002',
    queryResult: {
      text,
      languageCode: 'en',
      parameters: {
        ...(reply.wantsPerson && { bcHumanHandover: true }),
        ...(department && { bcDepartment: department }),
        bcTimeZone: 'Europe/Vienna',
      },
      responseMessages: [{ text: { text: [reply.text] } }],
      match: { intent: { displayName: 'human.wanted' }, matchType: 'INTENT', confidence: 1 },
    },
  };
}

function esResponse(text: string, reply: BotReply, department: string | undefined) {
  return {
    responseId: '00000000-0000-4000-8000-000000000001',
    queryResult: {
      fulfillmentMessages: [{ platform: 'PLATFORM_UNSPECIFIED', text: { text: [reply.text] }, message: 'text' }],
      outputContexts: [{ name: 'bc-human-handover', lifespanCount: 1, parameters: {} }, ...contexts],
      queryText: text,
      action: '',
      parameters: department ? { 'bc-department': department } : {},
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
function historyItem({ by, text, atMs }: ChatLine, index: number, sessionId: string, platform: Saying['platform']) {
  const messages = [{ text: { text: [text] } }];
  const answer =
    platform === 'ES' ? { fulfillmentText: text, fulfillmentMessages: messages } : { responseMessages: messages };
  const payload =
    by === 'customer'
      ? { queryParameters: {}, query: text, lang: 'en', sessionId }
      : by === 'agent'
        ? { text }
        : { queryResult: answer };
  return {
    _id: (index + 1).toString(16).padStart(24, '0'),
    // The odd capital is Botcopy's.
    botPlatform: platform === 'ES' ? 'dialogflowES' : 'dialogFlowCX',
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
export function startBody(chat: Chat, text: string, reply: BotReply, saying: Saying, accessToken: string) {
  const { vintage, platform, department } = saying;
  return {
    ...common(chat, text, vintage, accessToken),
    queryParams: platform === 'ES' ? { contexts } : { parameters: { bcTimeZone: 'Europe/Vienna' } },
    dialogflowResponse: (platform === 'ES' ? esResponse : cxResponse)(text, reply, department),
    ...(vintage === 'today' && {
      messageHistory: chat.lines
        .filter((line) => line.by !== 'system')
        .map((line, index) => historyItem(line, index, chat.sessionId, platform)),
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
