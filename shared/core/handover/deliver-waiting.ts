import type { Parcel } from '../table.ts';
import { type DeliveryParts, deliver, type SendParcel, type TellGivenUp } from './delivery.ts';
import { soonMs } from './reminders.ts';

/** How many parcels were sent. */
export type Sent = number;

/**
 * Delivers what waits for one side of a conversation, in order, when nothing new has happened. What rests until its next
 * try, or is in somebody's hands, is looked at again when that is over.
 */
export async function deliverWaiting(
  parts: DeliveryParts,
  { conversationId, to }: Pick<Parcel, 'conversationId' | 'to'>,
  send: SendParcel,
  tell: TellGivenUp,
): Promise<Sent> {
  const { outbox, reminders, clock } = parts;
  const waiting = await outbox.waiting(conversationId, to);
  const [first] = waiting;
  const last = waiting.at(-1);
  if (!first || !last) return 0;
  if (first.claimedUntilMs > clock.nowMs()) {
    await reminders.add({ conversationId, atMs: first.claimedUntilMs });
    return 0;
  }
  let sent = 0;
  const counted: SendParcel = async (...given) => {
    await send(...given);
    sent += 1;
  };
  await deliver(parts, { parcel: last, isNew: false }, counted, tell);
  // The table may have failed on the way: then this is the only one who knows that something is left.
  const [left] = await outbox.waiting(conversationId, to);
  if (left) await reminders.add({ conversationId, atMs: Math.max(left.claimedUntilMs, soonMs(clock.nowMs())) });
  return sent;
}
