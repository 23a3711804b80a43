import * as v from 'valibot';
import type { States } from '../core/table.ts';
import { DAY_MS, type Items } from './items.ts';
import { keyOf } from './keys.ts';
import { count, time } from './schemas.ts';

const schema = v.object({
  epoch: count,
  seq: count,
  mode: v.picklist(['bot', 'pending', 'human']),
  pausedUntilMs: time,
  handoverId: v.string(),
  bot: v.string(),
  owner: v.string(),
  deskSeq: count,
});

/** Who has a conversation: one item each, swapped on epoch and seq. */
export function openStates(items: Items): States {
  const keepMs = items.transcriptMs + DAY_MS; // a pause is at most a day
  return {
    read: (conversationId) => items.read(keyOf({ kind: 'state', conversationId }), schema),

    async swap(conversationId, from, next) {
      const item = { key: keyOf({ kind: 'state', conversationId }), attributes: { ...next }, keepMs, schema };
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
