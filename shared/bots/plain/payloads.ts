import * as v from 'valibot';
import { id, textOf } from '../../core/decode.ts';
import { givenLine, saidText } from '../../core/handover/line.ts';

const MAX_FIELDS = 50;
const MAX_LINES = 1_000;

const fields = v.pipe(
  v.record(textOf(1, 100), textOf(0, 1_000)),
  v.check((given) => Object.keys(given).length <= MAX_FIELDS),
);

/** The plain form: our own, so nothing in it may be unknown. */
export const plainBody = v.pipe(
  v.strictObject({
    conversationId: id,
    text: v.optional(saidText),
    handover: v.optional(
      v.strictObject({
        topic: v.optional(textOf(1, 200)),
        reason: v.optional(textOf(1, 1_000)),
        name: v.optional(textOf(1, 200)),
        language: v.optional(textOf(1, 35)),
        fields: v.optional(fields),
        lines: v.optional(v.pipe(v.array(givenLine), v.maxLength(MAX_LINES))),
      }),
    ),
    end: v.optional(v.literal(true)),
    /** Counts like `Authorization`; looked at before. */
    accessToken: v.optional(v.string()),
  }),
  v.check(({ handover, end }) => handover === undefined || end === undefined),
);

export type PlainBody = v.InferOutput<typeof plainBody>;
