import { inTime } from '../in-time.ts';
import type { Parcel, Transcripts } from '../table.ts';
import { type Delivery, type DeliveryParts, deliver, type Posted, post, type SendParcel } from './delivery.ts';
import type { Desk, EndReason, HandoverRef, ToDesk } from './desk.ts';
import { clipped, type Line } from './line.ts';
import type { OwnershipState } from './ownership.ts';
import { postLine } from './post-line.ts';

/** What is left to answer when the table does not. */
const ANSWER_MS = 300;

/** How much of what was lost the transcript repeats. */
const MAX_LOST_BYTES = 1_000;

interface DeskParts extends DeliveryParts {
  readonly transcripts: Transcripts;
  readonly desk: Pick<Desk, 'tell'>;
}

/** What a parcel to a desk holds. */
interface DeskParcel {
  readonly ref: HandoverRef;
  readonly event: ToDesk;
  /** The line that goes with it, where it is not the event's own. */
  readonly line?: Line | undefined;
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

/** The line that says in the transcript that the customer did not get what an agent said, and marks that the agent knows. */
export const lostLine = ({ text }: Line, id: string, atMs: number): Line => ({
  by: 'system',
  text: `Not delivered: ${clipped(text, MAX_LOST_BYTES)}`,
  atMs,
  id,
});

const parcelOf = (parcel: Parcel): DeskParcel => JSON.parse(parcel.payload);

/** What an event is known by at the desk, over all tries. */
function idOf({ handoverId }: HandoverRef, event: ToDesk): string {
  if (event.kind === 'said') return event.line.id;
  return event.kind === 'undelivered' ? `${event.line.id}-lost` : `${handoverId}-${event.kind}`;
}

/** Whether a parcel holds what the customer said in this handover. */
export function holdsWordsOf(parcel: Parcel, handoverId: string): boolean {
  const { ref, event } = parcelOf(parcel);
  return event.kind === 'said' && ref.handoverId === handoverId;
}

/** The way to the desk: everything that must not get lost goes through the outbox. */
export interface ToDeskWay {
  /** Writes it down without sending it: it goes with the next event, or with `send`. Throws `state_unavailable`. */
  leave(ref: HandoverRef, event: ToDesk): Promise<Posted>;
  /**
   * Writes it down; then `send` delivers it. Undefined when the desk has it already: `line` marks that, and stands in the
   * transcript. Throws `state_unavailable`.
   */
  post(ref: HandoverRef, event: ToDesk, line?: Line): Promise<Posted | undefined>;
  /** What was written down of an event before and has not been sent. Throws `state_unavailable`. */
  left(ref: HandoverRef, event: ToDesk): Promise<Posted | undefined>;
  send(posted: Posted | undefined): Promise<Delivery>;
}

export function wayToDesk(parts: DeskParts): ToDeskWay {
  const { transcripts, desk, clock } = parts;

  const lineOf = (ref: HandoverRef, event: ToDesk): Line | undefined => {
    if (event.kind === 'said') return event.line;
    if (event.kind === 'undelivered') return lostLine(event.line, idOf(ref, event), clock.nowMs());
    return event.kind === 'ended' ? endLine(ref.handoverId, event.reason, clock.nowMs()) : undefined;
  };

  const sendParcel: SendParcel = async (parcel, isOurs, deadline) => {
    const { ref, event, line = lineOf(ref, event) } = parcelOf(parcel);
    if (line && !isOurs) await transcripts.add(ref.conversationId, line);
    await desk.tell(ref, event, parcel.eventId, deadline, parcel.tries > 1);
  };

  const draft = (ref: HandoverRef, event: ToDesk, line?: Line) => ({
    conversationId: ref.conversationId,
    to: 'desk' as const,
    eventId: idOf(ref, event),
    payload: JSON.stringify({ ref, event, line } satisfies DeskParcel),
  });

  return {
    leave: async (ref, event) => ({ ...(await post(parts, draft(ref, event), 'left')), isNew: false }),
    post: (ref, event, line) => postLine(parts, draft(ref, event, line), line ?? lineOf(ref, event)),
    async left(ref, event) {
      const waiting = await inTime(parts.deadline, ANSWER_MS, parts.outbox.waiting(ref.conversationId, 'desk'));
      const parcel = waiting.find(({ eventId }) => eventId === idOf(ref, event));
      return parcel && { parcel, isNew: false };
    },
    send: async (posted) => (posted ? deliver(parts, posted, sendParcel) : { fate: 'delivered', givenUp: [] }),
  };
}
