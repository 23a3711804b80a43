import { inTime } from '../in-time.ts';
import type { Parcel, Transcripts } from '../table.ts';
import { deliverWaiting, type Sent } from './deliver-waiting.ts';
import {
  type Delivery,
  type DeliveryParts,
  deliver,
  type Fate,
  type Posted,
  post,
  type SendParcel,
  type TellGivenUp,
} from './delivery.ts';
import type { Desk, EndReason, HandoverRef, ToDesk } from './desk.ts';
import { clipped, type Line } from './line.ts';
import type { OwnershipState } from './ownership.ts';
import { postLine } from './post-line.ts';

/** What is left to answer when the table does not. */
const ANSWER_MS = 300;

/** How much of what was lost the transcript repeats. */
const MAX_LOST_BYTES = 1_000;

interface LeavingParts extends DeliveryParts {
  readonly transcripts: Transcripts;
}

interface DeskParts extends LeavingParts {
  readonly desk: Pick<Desk, 'tell'>;
}

/** What a parcel to a desk holds. */
interface DeskParcel {
  readonly ref: HandoverRef;
  readonly event: ToDesk;
  /** The line that goes with it, where it is not the event's own; `null` where none does. */
  readonly line?: Line | null | undefined;
}

/** Which handover an event to the desk is about. */
export const refOf = (conversationId: string, { handoverId, owner }: OwnershipState): HandoverRef => ({
  handoverId,
  conversationId,
  ticket: owner || handoverId,
});

const endId = (handoverId: string): string => `${handoverId}-ended`;

/** Whether a transcript says that a handover is over: then whoever was to hear of it has been told, or will be. */
export const saysEnd = (lines: readonly Line[], handoverId: string): boolean =>
  lines.some(({ id }) => id === endId(handoverId));

/** The line that says in the transcript that a handover is over, and marks that the other side has been told. */
export const endLine = (handoverId: string, reason: EndReason, atMs: number): Line => ({
  by: 'system',
  text: `The handover has ended: ${reason}`,
  atMs,
  id: endId(handoverId),
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

/**
 * Whether a desk has lost what the customer said in a handover: words were given up, and what was to be delivered last did not arrive
 * either. A desk that refuses some words and takes later ones is still there.
 */
export function losesWords(givenUp: readonly Parcel[], fate: Fate, { handoverId }: OwnershipState): boolean {
  const isOfIt = ({ ref, event }: DeskParcel) => event.kind === 'said' && ref.handoverId === handoverId;
  return fate !== 'delivered' && givenUp.map(parcelOf).some(isOfIt);
}

const draft = (ref: HandoverRef, event: ToDesk, line: DeskParcel['line']) => ({
  conversationId: ref.conversationId,
  to: 'desk' as const,
  eventId: idOf(ref, event),
  payload: JSON.stringify({ ref, event, line } satisfies DeskParcel),
});

/**
 * Writes down what the desk is to be told, and then its line, without sending it: it goes with the next event or with the sweep. An
 * event without a line marks nothing: whoever leaves it twice has it sent twice, under one id. Throws `state_unavailable`.
 */
export async function leaveForDesk(parts: LeavingParts, ref: HandoverRef, event: ToDesk, line?: Line): Promise<Posted> {
  const posted = await post(parts, draft(ref, event, line ?? null), 'left');
  if (line) await parts.transcripts.add(ref.conversationId, line);
  return { ...posted, isNew: false };
}

/** Leaves word for the agent that the customer will not see what they said. */
export async function leaveUndelivered(parts: LeavingParts, ref: HandoverRef, line: Line): Promise<void> {
  const event = { kind: 'undelivered', line } as const;
  await leaveForDesk(parts, ref, event, lostLine(line, idOf(ref, event), parts.clock.nowMs()));
}

/** The way to the desk: everything that must not get lost goes through the outbox. */
export interface ToDeskWay {
  /** As `leaveForDesk`; `send` may deliver it. */
  leave(ref: HandoverRef, event: ToDesk, line?: Line): Promise<Posted>;
  /**
   * Writes it down; then `send` delivers it. Undefined when the desk has it already: `line` marks that, and stands in the
   * transcript. Throws `state_unavailable`.
   */
  post(ref: HandoverRef, event: ToDesk, line?: Line): Promise<Posted | undefined>;
  /** What was written down of an event before and has not been sent. Throws `state_unavailable`. */
  left(ref: HandoverRef, event: ToDesk): Promise<Posted | undefined>;
  /** `tell` hears of words that are given up before they leave the outbox. */
  send(posted: Posted | undefined, tell?: TellGivenUp): Promise<Delivery>;
  /** Delivers what waits when nothing new has happened. */
  sendWaiting(conversationId: string, tell: TellGivenUp): Promise<Sent>;
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

  return {
    leave: (ref, event, line) => leaveForDesk(parts, ref, event, line),
    post: (ref, event, line) => postLine(parts, draft(ref, event, line), line ?? lineOf(ref, event)),
    async left(ref, event) {
      const waiting = await inTime(parts.deadline, ANSWER_MS, parts.outbox.waiting(ref.conversationId, 'desk'));
      const parcel = waiting.find(({ eventId }) => eventId === idOf(ref, event));
      return parcel && { parcel, isNew: false };
    },
    send: async (posted, tell) =>
      posted ? deliver(parts, posted, sendParcel, tell) : { fate: 'delivered', givenUp: [] },
    sendWaiting: (conversationId, tell) => deliverWaiting(parts, { conversationId, to: 'desk' }, sendParcel, tell),
  };
}
