import type { Parcel, Transcripts } from '../table.ts';
import { type Delivery, type DeliveryParts, deliver, type Posted, post, type SendParcel } from './delivery.ts';
import type { Desk, EndReason, HandoverRef, ToDesk } from './desk.ts';
import type { Line } from './line.ts';
import type { OwnershipState } from './ownership.ts';
import { postLine } from './post-line.ts';

interface DeskParts extends DeliveryParts {
  readonly transcripts: Transcripts;
  readonly desk: Desk;
}

/** What a parcel to a desk holds. */
interface DeskParcel {
  readonly ref: HandoverRef;
  readonly event: ToDesk;
}

/** Which handover an event to the desk is about. */
export const refOf = (conversationId: string, { handoverId, owner }: OwnershipState): HandoverRef => ({
  handoverId,
  conversationId,
  ticket: owner || handoverId,
});

/** The line that says in the transcript that a handover is over, and marks that the other side has been told. */
export const endLine = (handoverId: string, reason: EndReason, atMs: number): Line => ({
  by: 'system',
  text: `The handover has ended: ${reason}`,
  atMs,
  id: `${handoverId}-ended`,
});

const parcelOf = (parcel: Parcel): DeskParcel => JSON.parse(parcel.payload);

/** Whether a parcel holds what the customer said in this handover. */
export function holdsWordsOf(parcel: Parcel, handoverId: string): boolean {
  const { ref, event } = parcelOf(parcel);
  return event.kind === 'said' && ref.handoverId === handoverId;
}

/** The way to the desk: everything that must not get lost goes through the outbox. */
export interface ToDeskWay {
  /** Writes it down without sending it: it goes with the next event. Throws `state_unavailable`. */
  leave(ref: HandoverRef, event: ToDesk): Promise<void>;
  /** Writes it down; then `send` delivers it. Undefined when the desk has it already. Throws `state_unavailable`. */
  post(ref: HandoverRef, event: ToDesk): Promise<Posted | undefined>;
  send(posted: Posted | undefined): Promise<Delivery>;
}

export function wayToDesk(parts: DeskParts): ToDeskWay {
  const { transcripts, desk, clock } = parts;

  const lineOf = (ref: HandoverRef, event: ToDesk): Line | undefined => {
    if (event.kind === 'said') return event.line;
    return event.kind === 'ended' ? endLine(ref.handoverId, event.reason, clock.nowMs()) : undefined;
  };

  const sendParcel: SendParcel = async (parcel, isOurs, deadline) => {
    const { ref, event } = parcelOf(parcel);
    const line = lineOf(ref, event);
    if (line && !isOurs) await transcripts.add(ref.conversationId, line);
    await desk.tell(ref, event, parcel.eventId, deadline);
  };

  const draft = (ref: HandoverRef, event: ToDesk) => ({
    conversationId: ref.conversationId,
    to: 'desk' as const,
    eventId: event.kind === 'said' ? event.line.id : `${ref.handoverId}-${event.kind}`,
    payload: JSON.stringify({ ref, event } satisfies DeskParcel),
  });

  return {
    async leave(ref, event) {
      await post(parts, draft(ref, event), 'left');
    },
    post: (ref, event) => postLine(parts, draft(ref, event), lineOf(ref, event)),
    send: async (posted) => (posted ? deliver(parts, posted, sendParcel) : { fate: 'delivered', givenUp: [] }),
  };
}
