import * as v from 'valibot';
import type { ChatRecord, Chats } from '../core/table.ts';
import type { Items } from './items.ts';
import { keyOf } from './keys.ts';
import { count, maybeText, time } from './schemas.ts';

const schema = v.object({
  identity: v.string(),
  status: v.picklist(['starting', 'open', 'closed']),
  conversationSid: maybeText,
  leaseUntilMs: time,
  version: count,
});

/** The one open web chat of each visitor. */
export function openChats(items: Items): Chats {
  const itemOf = (record: ChatRecord) => ({
    key: keyOf({ kind: 'chat', identity: record.identity }),
    attributes: { ...record },
    keepMs: items.transcriptMs,
    schema,
  });
  return {
    read: (identity) => items.read(keyOf({ kind: 'chat', identity }), schema),

    async swap(from, next) {
      const { written } = from
        ? await items.putIf(itemOf({ ...next, identity: from.identity }), {
            text: '#version = :seen',
            values: { seen: from.version },
          })
        : await items.putNew(itemOf(next));
      return written;
    },
  };
}
