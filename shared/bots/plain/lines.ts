import * as v from 'valibot';
import { id } from '../../core/decode.ts';
import type { BotTold } from '../../core/handover/bot-told.ts';
import { givenLine } from '../../core/handover/line.ts';

/** One request can store so many in its time. */
const MAX_LINES = 500;

/** The plain form: our own, so nothing in it may be unknown. */
const linesBody = v.strictObject({
  conversationId: id,
  lines: v.pipe(v.array(givenLine), v.minLength(1), v.maxLength(MAX_LINES)),
  /** Counts like `Authorization`; looked at before. */
  accessToken: v.optional(v.string()),
});

/** What was said, told by any bot: `{conversationId, lines: [{by, text, atMs?, id?}]}`. */
export const plainTold: v.GenericSchema<unknown, BotTold> = v.pipe(
  linesBody,
  v.transform(({ conversationId, lines }): BotTold => {
    return {
      bot: 'plain',
      event: 'lines',
      conversations: [conversationId],
      lines,
      handoverId: undefined,
      legSid: undefined,
      wish: undefined,
      endReason: undefined,
      atMs: undefined,
    };
  }),
);
