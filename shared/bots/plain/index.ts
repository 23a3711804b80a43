import * as v from 'valibot';
import type { BotCall, BotPlatform, Standing } from '../../core/handover/bot.ts';
import { minutesLeft } from '../../core/handover/pause.ts';
import { optionalPartnerUrl } from '../../core/partner-url.ts';
import { json, type Reply } from '../../core/reply.ts';
import { optional, type SettingsGroup, settings } from '../../core/settings.ts';
import { sendEvent, type WebhookTarget, webhookSecrets } from '../../http/standard-webhook.ts';
import { type PlainBody, plainBody } from './payloads.ts';
import { askedBy, botEvent } from './translate.ts';

const TRY_MS = 2_000;
const TYPING_TRY_MS = 1_000;

const url = optionalPartnerUrl('BOT_PUSH_URL', undefined, {
  is: 'where a plain, Rasa or Watson-channel bot receives what agents say',
  example: 'https://bot.example.com/handover',
});

const secret = settings({
  BOT_PUSH_SECRET: optional(webhookSecrets, undefined, {
    is: 'signs what goes to BOT_PUSH_URL: whsec_ and base64; two separated by a space while it is rotated',
    secret: true,
  }),
});

interface PlainSettings {
  readonly BOT_PUSH_URL: string | undefined;
  readonly BOT_PUSH_SECRET: readonly string[] | undefined;
}

/** Where agents' words go. Without a URL nothing can be shown; a URL needs a secret. */
export const plainSettings: SettingsGroup<PlainSettings> = {
  infos: [...url.infos, ...secret.infos],
  read(env, faults) {
    const before = faults.length;
    const values = { ...url.read(env, faults), ...secret.read(env, faults) };
    if (faults.length === before && values.BOT_PUSH_URL !== undefined && values.BOT_PUSH_SECRET === undefined)
      faults.push('BOT_PUSH_SECRET is missing (signs what goes to BOT_PUSH_URL)');
    return values;
  },
};

/**
 * Three members always, so that a client can rely on them; `reason` when a person was asked for in vain. The place in line,
 * the wait and when the hours begin only where they are known.
 */
function answer(standing: Standing, nowMs: number): Reply {
  if (standing.paused) {
    const { untilMs, positionInQueue, waitSeconds } = standing;
    const minutesPaused = minutesLeft(untilMs, nowMs);
    return json(200, { paused: true, minutesPaused, untilMs, positionInQueue, waitSeconds });
  }
  const { reason, opensAt } = standing;
  return json(200, { paused: false, minutesPaused: 0, untilMs: 0, reason, opensAt });
}

const callOf = (body: PlainBody): BotCall => ({
  bot: 'plain',
  botId: undefined,
  conversationId: body.conversationId,
  asked: askedBy(body),
  // It asks before every turn, so most of its questions come while nobody but the bot is there.
  inDoubt: 'bot',
  answer,
});

/** A bot's question in the plain form. */
export const plainCall: v.GenericSchema<unknown, BotCall> = v.pipe(plainBody, v.transform(callOf));

/** A bot that receives what agents say at an address of its own. */
export function plainPlatform(target: WebhookTarget): BotPlatform {
  return {
    async show(ref, event, eventId, deadline) {
      const tryMs = event.kind === 'typing' ? TYPING_TRY_MS : TRY_MS;
      await sendEvent(target, { id: eventId, ...botEvent(ref, event) }, tryMs, deadline);
    },
  };
}
