import * as v from 'valibot';
import { id, languageTag, textOf } from '../decode.ts';
import { callTime } from './call-time.ts';
import { phoneNumber } from './phone-number.ts';

/** What is known of a call that somebody wishes for. The agent's leg is never part of it. */
export interface WishedCall {
  readonly phone: string;
  readonly conversationId: string | undefined;
  readonly topic: string | undefined;
  readonly name: string | undefined;
  readonly language: string | undefined;
  /** When it is wanted; undefined for at once. */
  readonly atMs: number | undefined;
}

const fields = v.strictObject({
  phone: v.optional(phoneNumber),
  conversationId: v.optional(id),
  topic: v.optional(textOf(1, 200)),
  name: v.optional(textOf(1, 200)),
  language: v.optional(languageTag),
  at: v.optional(callTime),
  requestId: v.optional(id),
  cancel: v.optional(v.literal(true)),
  /** A bot's token, checked with the caller. */
  accessToken: v.optional(v.string()),
});

/** The body of `click-to-call`: a wish; with a requestId alone a question how an earlier one stands, or its end. */
export const callRequest = v.pipe(
  fields,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { requestId, cancel, accessToken: _, phone, conversationId, topic, name, language, at } = dataset.value;
    const wished = [phone, conversationId, topic, name, language, at].some((value) => value !== undefined);
    if (requestId !== undefined && !wished) return { kind: cancel ? 'cancel' : 'question', requestId } as const;
    if (requestId !== undefined || cancel !== undefined || phone === undefined) {
      const isWish = requestId === undefined && cancel === undefined;
      addIssue({ message: isWish ? 'invalid_phone' : 'invalid_request' });
      return NEVER;
    }
    const call: WishedCall = { phone, conversationId, topic, name, language, atMs: at };
    return { kind: 'wish', call } as const;
  }),
);
