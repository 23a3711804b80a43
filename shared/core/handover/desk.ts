import type { Deadline } from '../deadline.ts';
import type { HandoverRecord } from '../table.ts';
import type { DeskTold } from './desk-told.ts';
import type { Line } from './line.ts';

/** Why a handover is over. */
export type EndReason = 'agent' | 'customer' | 'expired' | 'failed' | 'desk';

/** What a desk is told about a conversation that it has. */
export type ToDesk =
  | { readonly kind: 'said'; readonly line: Line }
  | { readonly kind: 'typing' }
  /** What an agent said did not reach the customer, and will not be tried again. */
  | { readonly kind: 'undelivered'; readonly line: Line }
  | { readonly kind: 'ended'; readonly reason: EndReason };

/** Which handover something belongs to. Goes along with everything that is sent to a desk. */
export interface HandoverRef {
  readonly handoverId: string;
  readonly conversationId: string;
  /** The desk's own id. Both ids are empty when they are not known, as when the table cannot be read. */
  readonly ticket: string;
}

/** A place where people answer. What a desk cannot do is absent; callers ask with `if (desk.availability)`. */
export interface Desk {
  /**
   * Hands a conversation over with everything said so far, of which a desk takes the newest that it can hold. Resolves to
   * the desk's id for it when the desk has accepted the handover, not when somebody answers. Opening the same handoverId
   * again gives the same ticket. Throws `NotTaken`.
   */
  open(handover: HandoverRecord, lines: readonly Line[], deadline: Deadline): Promise<string>;
  /**
   * Tells the desk one thing. `eventId` is the same over all tries, so the desk shows it once; `isRepeat` where it may have
   * it already, for desks that must look first. Resolves when the desk has it. Throws `NotTaken`.
   */
  tell(ref: HandoverRef, event: ToDesk, eventId: string, deadline: Deadline, isRepeat?: boolean): Promise<void>;
  /**
   * For a desk whose yes to an opening proves nothing: by when it must have said something of its own, be it that the customer
   * waits. One that is silent until then will stay so, and the bot has the conversation again.
   */
  readonly speaksWithinMs?: number;
  /** Whether anybody is there. Absent where a desk cannot know; `null` inside is "not known now". Resolves within 1 s. */
  availability?(topic: string | undefined, deadline: Deadline): Promise<Availability>;
  /**
   * What happened at the desk that it may not have told: for desks that lose events, or tell none. Absent where everything
   * is told. What was told before may come again, under the same event ids. Throws `NotTaken`.
   */
  look?(ref: HandoverRef, deadline: Deadline): Promise<readonly DeskTold[]>;
  /**
   * What the desk told, completed by what it must be asked for: names that do not come along. Absent where everything comes
   * along. Resolves within a second, to what it was given where the desk does not answer.
   */
  completed?(told: readonly DeskTold[], deadline: Deadline): Promise<readonly DeskTold[]>;
}

export interface Availability {
  readonly online: boolean | null;
  readonly positionInQueue?: number;
  readonly waitSeconds?: number;
  /** ISO 8601, when the next hours begin. */
  readonly opensAt?: string;
}
