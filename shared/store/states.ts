import * as v from 'valibot';
import type { States } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { keyOf } from './keys.ts';
import { count, jsonText, time } from './schemas.ts';

const returned = v.object({
  reason: v.picklist(['agent', 'customer', 'expired', 'failed', 'desk']),
  botEvent: v.optional(v.string()),
});

/** Who has a conversation. */
export const stateSchema = v.object({
  epoch: count,
  seq: count,
  mode: v.picklist(['bot', 'pending', 'human']),
  pausedUntilMs: time,
  handoverId: v.string(),
  bot: v.string(),
  owner: v.string(),
  deskSeq: count,
  returned: v.optional(jsonText(returned)),
});

/** Who has a conversation: one item each, swapped on epoch and seq. */
export function openStates(items: Items): States {
  const keepMs = items.transcriptMs + DAY_MS; // a pause is at most a day
  return {
    read: (conversationId) => items.read(keyOf({ kind: 'state', conversationId }), stateSchema),

    async swap(conversationId, from, next) {
      const attributes = { ...next, returned: next.returned && JSON.stringify(next.returned) };
      const item = { key: keyOf({ kind: 'state', conversationId }), attributes, keepMs, schema: stateSchema };
      const { written } = from
        ? await items.putIf(item, {
            text: '#epoch = :epoch AND #seq = :seq',
            values: { epoch: from.epoch, seq: from.seq },
          })
        : await items.putNew(item);
      return written;
    },
  };
}
