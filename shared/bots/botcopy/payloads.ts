import * as v from 'valibot';
import { id } from '../../core/decode.ts';
import { saidText } from '../../core/handover/line.ts';

/**
 * What Botcopy sends to the live chat endpoint: of all vintages, for ES and CX, the start, a message and typing. Only what
 * names somebody and what was said must be right; everything else is read where it is understood.
 * Source: Botcopy's documentation, livechat/handover.md and its older page on human handover, read 2026-11-21.
 */
export const webhookBody = v.object({
  userId: id,
  botId: id,
  session: v.optional(v.unknown()),
  eventType: v.optional(v.unknown()),
  queryInput: v.nullish(
    v.object({
      text: v.nullish(v.object({ text: v.nullish(saidText), languageCode: v.optional(v.unknown()) })),
      languageCode: v.optional(v.unknown()),
    }),
  ),
  queryParams: v.optional(v.unknown()),
  dialogflowResponse: v.optional(v.unknown()),
  messageHistory: v.optional(v.unknown()),
});

export type WebhookBody = v.InferOutput<typeof webhookBody>;
