import * as v from 'valibot';
import { id, languageTag, textOf } from '../decode.ts';
import { phoneNumber } from './phone-number.ts';

/** What is known of a call that somebody wishes for. The agent's leg is never part of it. */
export interface WishedCall {
  readonly phone: string;
  readonly conversationId: string | undefined;
  readonly topic: string | undefined;
  readonly name: string | undefined;
  readonly language: string | undefined;
}

const fields = v.strictObject({
  phone: v.optional(phoneNumber),
  conversationId: v.optional(id),
  topic: v.optional(textOf(1, 200)),
  name: v.optional(textOf(1, 200)),
  language: v.optional(languageTag),
  requestId: v.optional(id),
  /** A bot's token, checked with the caller. */
  accessToken: v.optional(v.string()),
});

/** The body of `click-to-call`: a wish, or with a requestId alone a question how an earlier one stands. */
export const callRequest = v.pipe(
  fields,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { requestId, accessToken: _, phone, conversationId, topic, name, language } = dataset.value;
    const wished = [phone, conversationId, topic, name, language].some((value) => value !== undefined);
    if (requestId !== undefined && !wished) return { kind: 'question', requestId } as const;
    if (requestId !== undefined || phone === undefined) {
      addIssue({ message: requestId === undefined ? 'invalid_phone' : 'invalid_request' });
      return NEVER;
    }
    const call: WishedCall = { phone, conversationId, topic, name, language };
    return { kind: 'wish', call } as const;
  }),
);
