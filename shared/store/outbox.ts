import * as v from 'valibot';
import type { Outbox, Parcel } from '../core/table.ts';
import { beginningWith, type Items } from './items.ts';
import { conversationPartition, keyOf, subjectOf, waitingPrefix } from './keys.ts';
import { count, time } from './schemas.ts';

const schema = v.object({ order: v.number(), payload: v.string(), claimedUntilMs: time, tries: count });

const keyOfParcel = ({ conversationId, to, eventId }: Parcel) => keyOf({ kind: 'parcel', conversationId, to, eventId });

const inOrder = (a: Parcel, b: Parcel): number =>
  a.order - b.order || (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0);

/** What waits for the other side: one item per parcel, in the conversation's own partition. */
export function openOutbox(items: Items): Outbox {
  const keepMs = items.transcriptMs;
  const spotOf = (parcel: Parcel) => ({ key: keyOfParcel(parcel), keepMs, schema });
  return {
    async put(parcel) {
      const { order, payload, claimedUntilMs, tries } = parcel;
      const attributes = { order, payload, claimedUntilMs, tries };
      return (await items.putNew({ ...spotOf(parcel), attributes })).written;
    },

    async waiting(conversationId, to) {
      const parcels: Parcel[] = [];
      const range = { pk: conversationPartition(conversationId), sk: beginningWith(waitingPrefix(to)) };
      for (const { key, values } of await items.list(range)) {
        const subject = subjectOf(key);
        const parsed = v.safeParse(schema, values);
        if (subject?.kind === 'parcel' && parsed.success)
          parcels.push({ conversationId, to, eventId: subject.eventId, ...parsed.output });
      }
      return parcels.sort(inOrder);
    },

    async claim(parcel, nowMs, untilMs) {
      const { written, there } = await items.change(
        spotOf(parcel),
        { text: '#claimedUntilMs = :untilMs, #tries = #tries + :one', values: { untilMs, one: 1 } },
        { text: '#claimedUntilMs <= :nowMs AND attribute_type(#tries, :type)', values: { nowMs, type: 'N' } },
      );
      return written && there ? { ...parcel, ...there } : undefined;
    },

    async release(parcel, retryAtMs) {
      await items.change(
        spotOf(parcel),
        { text: '#claimedUntilMs = :retryAtMs', values: { retryAtMs } },
        { text: '#tries = :tries', values: { tries: parcel.tries } },
      );
    },

    remove: (parcel) => items.remove(keyOfParcel(parcel)),
  };
}
