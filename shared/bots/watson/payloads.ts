import * as v from 'valibot';

const anything = v.optional(v.unknown());

/**
 * What Watson sends to a pre-message webhook: an event and the request as it would go to `/message`. The payload is kept as
 * it is, because it is the answer when the assistant shall go on.
 * Source: cloud.ibm.com/docs/watson-assistant, webhook-pre, read 2026-11-21.
 */
export const preMessageBody = v.object({
  event: v.object({ name: v.string() }),
  payload: v.custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
});

/** The few members of the payload that matter here; whatever else they are counts as missing. */
export const payloadParts = v.object({
  user_id: anything,
  context: v.fallback(
    v.object({
      global: v.fallback(v.object({ session_id: anything, system: v.fallback(v.object({ user_id: anything }), {}) }), {
        system: {},
      }),
    }),
    { global: { system: {} } },
  ),
});
