import * as v from 'valibot';
import type { BotProof } from '../core/callers/bot.ts';
import type { PortContext } from '../core/function.ts';
import type { BotCall } from '../core/handover/bot.ts';
import type { BotTold } from '../core/handover/bot-told.ts';
import type { BotPlatforms } from '../core/handover/to-bot.ts';
import type { Problem } from '../core/problems.ts';
import type { Reply } from '../core/reply.ts';
import { type SettingsOf, together } from '../core/settings.ts';
import { sendHttp } from '../http/client.ts';
import { webChatCalls, webChatReach } from '../twilio/web-chat-reach.ts';
import { botcopyCall, botcopyPlatform, botcopySettings } from './botcopy/index.ts';
import { plainCall, plainPlatform, plainSettings } from './plain/index.ts';
import { plainTold } from './plain/lines.ts';
import { actionShape } from './watson/action.ts';
import { watsonTold } from './watson/events.ts';
import { handoverAction, handoverProblem } from './watson/handover-action.ts';
import { watsonCall } from './watson/index.ts';
import { webChatPlatform } from './web-chat/index.ts';
import { webChatTextSettings } from './web-chat/texts.ts';

const has = (body: unknown, name: string): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name);

/** Names that only Botcopy's webhooks have at the top. */
const BOTCOPY_NAMES = ['userId', 'botId', 'queryInput', 'dialogflowResponse', 'sessionId', 'eventType'];

/** Told apart by their shape: Watson's webhook, Botcopy's, what a Watson dialog asks, else the plain form. */
function formOf(body: unknown): 'watson' | 'botcopy' | 'action' | 'plain' {
  if (has(body, 'event') && has(body, 'payload')) return 'watson';
  if (!has(body, 'conversationId') && BOTCOPY_NAMES.some((name) => has(body, name))) return 'botcopy';
  return actionShape(body) === 'named' ? 'action' : 'plain';
}

const calls = { watson: watsonCall, botcopy: botcopyCall, action: handoverAction, plain: plainCall };

/** Whatever a bot's platform asks. */
export const botCall: v.GenericSchema<unknown, BotCall> = v.lazy((body) => calls[formOf(body)]);

/** The answer to a problem for a caller that reads no status: Watson's dialog webhook. Undefined for all others. */
export function botProblem(problem: Problem, body: unknown, by: BotProof): Reply | undefined {
  const form = formOf(body);
  const isDialog = form === 'action' || (form === 'plain' && by === 'watson');
  return isDialog ? handoverProblem(problem, body) : undefined;
}

/** Whatever a bot's platform tells after the fact: a webhook of Watson, or the plain form. */
export const botTold: v.GenericSchema<unknown, BotTold> = v.lazy((body) =>
  formOf(body) === 'watson' ? watsonTold : plainTold,
);

/** How the platforms are reached on which customers see what agents say. All of them may be missing. */
export const botSettings = together(botcopySettings, plainSettings, webChatReach, webChatTextSettings);

/** Opens the platforms by the name that the state keeps. A Watson channel is reached like a plain bot. */
export function openBots({
  settings,
  clock,
}: Pick<PortContext<SettingsOf<typeof botSettings>>, 'settings' | 'clock'>): BotPlatforms {
  const { BOTCOPY_API_KEY: apiKey, BOTCOPY_PUSH_URL, BOT_PUSH_URL: url, BOT_PUSH_SECRET: secrets } = settings;
  const send = sendHttp;
  const botcopy = apiKey === undefined ? undefined : botcopyPlatform({ url: BOTCOPY_PUSH_URL, apiKey, send });
  const plain = url === undefined || !secrets ? undefined : plainPlatform({ url, secrets, send, clock });
  const calls = webChatCalls(settings, send);
  const webChat = calls && webChatPlatform(calls, settings.WEB_CHAT_TEXTS);
  return (bot) => {
    if (bot === 'web-chat') return webChat;
    return bot === 'botcopy' ? botcopy : plain;
  };
}
