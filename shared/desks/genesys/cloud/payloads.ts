import * as v from 'valibot';
import { ID } from '../../../core/decode.ts';

const id = v.pipe(v.string(), v.regex(ID));

/** The conversation that a message opened or joined: there only when it was asked for. */
export const accepted = v.object({ conversationId: id });

const time = v.optional(
  v.pipe(
    v.nullable(v.string()),
    v.transform((text) => (text === null ? Number.NaN : Date.parse(text))),
    v.transform((ms) => (Number.isNaN(ms) ? undefined : ms)),
  ),
);

const text = v.fallback(v.optional(v.string()), undefined);

const participant = v.object({
  id,
  name: text,
  purpose: text,
  state: text,
  disconnectType: text,
  connectedTime: time,
  endTime: time,
  /** What the first words of a handover brought along. */
  attributes: v.fallback(v.optional(v.object({ handoverId: text }), {}), {}),
});

export type Participant = v.InferOutput<typeof participant>;

/**
 * The part of a message conversation that says who is in it. Source: `MessageMediaParticipant` of Genesys's SDKs,
 * platform-client-sdk-javascript 259.0.0, 2026-08-15.
 */
export const conversation = v.object({ participants: v.array(participant) });

const stats = v.object({ count: v.fallback(v.optional(v.number(), 0), 0) });

/** How queues stand: groups with and without `mediaType`, metrics with and without `qualifier`. */
export const observations = v.object({
  results: v.array(
    v.object({
      group: v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {}),
      data: v.optional(
        v.array(v.object({ metric: v.string(), qualifier: text, stats: v.optional(stats, { count: 0 }) })),
        [],
      ),
    }),
  ),
});

export type Observations = v.InferOutput<typeof observations>;

export const estimates = v.object({
  results: v.array(v.object({ estimatedWaitTimeSeconds: v.nullish(v.pipe(v.number(), v.minValue(0))) })),
});
