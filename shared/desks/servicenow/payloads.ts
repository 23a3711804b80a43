import * as v from 'valibot';
import { id } from '../../core/decode.ts';

/** Whatever is of another type than documented counts as missing: a partner's body is never refused for a part of it. */
const lenient = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined);

const text = lenient(v.string());
const flag = lenient(v.boolean());

/** What may stand in one item of `body`. */
const item = v.object({
  uiType: text,
  actionType: text,
  messageId: text,
  header: text,
  label: text,
  /** A text, or of a link `{action}`. */
  value: v.optional(v.unknown()),
  altText: text,
  /** Of a card: JSON as text. */
  data: text,
  /** Of a message in several parts: another item. */
  content: v.optional(v.unknown()),
  options: lenient(v.array(v.unknown())),
  values: lenient(v.array(v.unknown())),
  streamState: text,
  waitTime: text,
  agentInfo: lenient(v.object({ agentId: text, agentName: text, agentAvatar: text, sentFromAgent: flag })),
});

/** An item of `body`; undefined for what is none. */
export function itemOf(value: unknown): Item | undefined {
  const parsed = v.safeParse(item, value);
  return parsed.success ? parsed.output : undefined;
}

export type Item = v.InferOutput<typeof item>;

const optionalId = lenient(id);

/** What Virtual Agent tells. Source: ServiceNow docs, bot integration API and its controls, 2026-03-12. */
export const callback = v.object({
  clientSessionId: optionalId,
  clientVariables: lenient(v.object({ handoverId: optionalId })),
  requestId: text,
  agentChat: flag,
  completed: flag,
  takeControl: flag,
  body: v.fallback(v.optional(v.array(v.unknown()), []), []),
});

export type Callback = v.InferOutput<typeof callback>;

/** How ServiceNow says no with a status of 200. */
const failure = v.object({ status: v.literal('failure') });

export const isFailure = (answer: unknown): boolean => v.is(failure, answer);
