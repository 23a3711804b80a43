import type { Facts } from '../handover/context.ts';

/** What the table knew of somebody that others may hold too, under names by which it is found there. */
export interface Traces {
  /** The platforms on which the customer met the bot. */
  readonly bots: readonly string[];
  /** What desks call the handovers, and what we call them. */
  readonly tickets: readonly string[];
  readonly handoverIds: readonly string[];
  /** Calls with bots: which, and the id by which they know each. */
  readonly talks: readonly NonNullable<Facts['talk']>[];
  readonly callSids: readonly string[];
  readonly recordingSids: readonly string[];
}

/** What one pass over the table removed. */
export interface Erased {
  /** How many items. */
  readonly deleted: number;
  readonly traces: Traces;
}

/** Removing everything of a customer. */
export interface Erasures {
  /**
   * AP38: Removes everything of a conversation: what was said, who had it, what is known of its handovers, the calls that were
   * wished for in it with all that counts them, and the same of every conversation that belongs to one of its handovers.
   * What leads to other items goes last, so repeating finishes what broke off. Throws `state_unavailable`.
   */
  erase(conversationId: string, nowMs: number): Promise<Erased>;
}
