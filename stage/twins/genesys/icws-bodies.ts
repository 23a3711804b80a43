import * as v from 'valibot';

/*
 * What PureConnect's web chat takes, as strictly as its documentation names it: a field that it does not name is a fault
 * here.
 */

const words = v.pipe(v.string(), v.nonEmpty());

export const startChat = v.strictObject({
  participantName: words,
  targetName: words,
  targetType: v.picklist(['Workgroup', 'User', 'Station', 'System']),
  transcriptEmailAddress: v.optional(v.string()),
  language: v.optional(v.string()),
  notes: v.optional(v.string()),
});

export type StartChat = v.InferOutput<typeof startChat>;

export const sendMessage = v.strictObject({ message: words, contentType: v.picklist(['text/plain', 'text/html']) });

export const typingState = v.strictObject({ typingIndicator: v.boolean() });

export const reconnect = v.strictObject({ chatId: words, participantId: words });
