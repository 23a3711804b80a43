import * as v from 'valibot';
import { Problem } from '../core/problems.ts';
import { type CallRecord, type Calls, callStatuses } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { keyOf } from './keys.ts';
import { count, maybeText, maybeTime, time } from './schemas.ts';

const recordSchema = v.object({
  requestId: v.string(),
  subject: v.string(),
  phone: v.string(),
  conversationId: maybeText,
  topic: maybeText,
  name: maybeText,
  language: maybeText,
  status: v.picklist(callStatuses),
  reason: maybeText,
  callSid: maybeText,
  handoverId: maybeText,
  dueAtMs: maybeTime,
  waitingSinceMs: maybeTime,
  createdAtMs: time,
  updatedAtMs: time,
  version: count,
});

const placeSchema = v.object({ requestId: v.string(), untilMs: time });

/** A call that waits for its time is kept beyond that, however short the transcripts are kept. */
const AFTER_DUE_MS = 2 * DAY_MS;

/** How often a place may be found taken and then free again before it counts as too busy to tell. */
const ROUNDS = 5;

/** Wishes for calls, and the one open place that a phone number has. */
export function openCalls(items: Items): Calls {
  const waitsMs = ({ dueAtMs }: CallRecord) => (dueAtMs === undefined ? 0 : items.keepFrom(dueAtMs, AFTER_DUE_MS));
  const itemOf = (record: CallRecord) => ({
    key: keyOf({ kind: 'call', requestId: record.requestId }),
    attributes: { ...record },
    keepMs: Math.max(items.transcriptMs, waitsMs(record)),
    schema: recordSchema,
  });
  const placeOf = (phone: string) => ({
    key: keyOf({ kind: 'place', phone }),
    keepMs: 2 * DAY_MS, // a call is over long before
    schema: placeSchema,
  });
  return {
    create: async (record) => (await items.putNew(itemOf(record))).written,

    read: (requestId) => items.read(keyOf({ kind: 'call', requestId }), recordSchema),

    async swap(from, next) {
      const unchanged = { text: '#version = :version', values: { version: from.version } };
      return (await items.putIf(itemOf({ ...next, requestId: from.requestId }), unchanged)).written;
    },

    async occupy(phone, requestId, nowMs, untilMs) {
      for (let round = 0; round < ROUNDS; round++) {
        const { written, there } = await items.putNew(
          { ...placeOf(phone), attributes: { requestId, untilMs } },
          { text: '#untilMs <= :nowMs OR #requestId = :requestId', values: { nowMs, requestId } },
        );
        if (written) return requestId;
        if (there && there.untilMs > nowMs) return there.requestId;
      }
      throw new Problem('state_unavailable', { reason: 'place contended' });
    },

    async vacate(phone, requestId, untilMs) {
      await items.change(
        placeOf(phone),
        { text: '#untilMs = :untilMs', values: { untilMs } },
        { text: '#requestId = :requestId AND #untilMs > :untilMs', values: { requestId } },
      );
    },
  };
}
