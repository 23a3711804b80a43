import * as v from 'valibot';

/*
 * What Genesys Cloud takes, as strictly as its pages and SDKs name it: a field that they do not have is a fault here.
 */

const texts = v.record(v.string(), v.string());

const from = v.strictObject({
  id: v.pipe(v.string(), v.nonEmpty()),
  idType: v.picklist(['Email', 'Phone', 'Opaque']),
  nickname: v.optional(v.string()),
  firstName: v.optional(v.string()),
  lastName: v.optional(v.string()),
  image: v.optional(v.string()),
  email: v.optional(v.string()),
});

const time = v.pipe(v.string(), v.isoTimestamp());

export const inboundMessage = v.strictObject({
  channel: v.strictObject({
    from,
    time,
    messageId: v.pipe(v.string(), v.nonEmpty()),
    metadata: v.optional(v.strictObject({ customAttributes: v.optional(texts, {}) })),
  }),
  // How long it may be is written nowhere; agents may write 4,000.
  text: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4_000)),
  metadata: v.optional(texts),
});

export type InboundMessage = v.InferOutput<typeof inboundMessage>;

export const inboundEvent = v.strictObject({
  channel: v.strictObject({ from, time }),
  events: v.pipe(v.array(v.strictObject({ eventType: v.literal('Typing') })), v.nonEmpty()),
});

export const update = v.strictObject({ state: v.literal('disconnected') });

export const observationQuery = v.strictObject({
  filter: v.strictObject({
    type: v.picklist(['and', 'or']),
    predicates: v.pipe(
      v.array(
        v.strictObject({
          type: v.literal('dimension'),
          dimension: v.literal('queueId'),
          operator: v.literal('matches'),
          value: v.string(),
        }),
      ),
      v.nonEmpty(),
    ),
  }),
  metrics: v.array(v.picklist(['oOnQueueUsers', 'oWaiting', 'oInteracting', 'oMemberUsers', 'oActiveUsers'])),
});
