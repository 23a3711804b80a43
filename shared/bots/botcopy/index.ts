import * as v from 'valibot';
import type { BotCall, BotPlatform, Standing } from '../../core/handover/bot.ts';
import { botAndUserOf, conversationOf } from '../../core/handover/conversation.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import { minutesLeft } from '../../core/handover/pause.ts';
import { optionalPartnerUrl } from '../../core/partner-url.ts';
import { json, type Reply } from '../../core/reply.ts';
import { optional, settings, text, together } from '../../core/settings.ts';
import { type BotcopyTarget, sendPush } from './client.ts';
import { type WebhookBody, webhookBody } from './payloads.ts';
import { askedBy, pushBody } from './translate.ts';

/** How Botcopy is reached. Without the key nothing can be shown to its users. */
export const botcopySettings = together(
  optionalPartnerUrl('BOTCOPY_PUSH_URL', 'https://api.botcopy.com/webhooks/handover/push', {
    is: 'where pushes to Botcopy go, when it is not Botcopy itself',
  }),
  settings({
    BOTCOPY_API_KEY: optional(text(), undefined, { is: "key from Botcopy's portal, lets us push", secret: true }),
  }),
);

/**
 * `{paused:false}` gives this message to Dialogflow; with `minutesPaused:0` it ends the live chat, which is right only
 * when somebody ended it. Source: Botcopy's documentation, livechat/handover.md, read 2026-11-21.
 */
function answer(standing: Standing, nowMs: number): Reply {
  if (standing.paused) return json(200, { paused: true, minutesPaused: minutesLeft(standing.untilMs, nowMs) });
  return json(200, standing.ended ? { paused: false, minutesPaused: 0 } : { paused: false });
}

function callOf(body: WebhookBody): BotCall {
  const { userId, botId } = body;
  const asked = askedBy(body);
  return {
    bot: 'botcopy',
    botId,
    conversationId: conversationOf({ botId, userId }),
    asked,
    // It sends messages and typing only while it is paused itself: then a person is more likely to have it than the bot.
    inDoubt: 'person',
    answer,
  };
}

/** A webhook of Botcopy. */
export const botcopyCall: v.GenericSchema<unknown, BotCall> = v.pipe(webhookBody, v.transform(callOf));

/** Botcopy as the place where the customer sees what an agent says. */
export function botcopyPlatform(target: BotcopyTarget): BotPlatform {
  return {
    async show({ conversationId, handoverId }, event, eventId, deadline) {
      const ids = botAndUserOf(conversationId);
      if (!ids) throw new NotTaken('refused', 'the conversation names no bot and no user');
      if (event.kind === 'call') throw new NotTaken('refused', 'Botcopy has no event for calls');
      await sendPush(target, pushBody(ids, event), { conversationId, handoverId, eventId }, deadline);
    },
  };
}
