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

/** What is at a path inside a value of unknown shape; undefined where the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** A text that says something; undefined for everything else. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' && found.trim() !== '' ? found : undefined;
};
