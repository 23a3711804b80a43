import type { AgentProfile } from './bot.ts';

/** What happens at a desk, in the words of core. */
export type DeskEvent =
  /**
   * `isShown` where the customer reads the desk's own conversation: then it is kept, and nothing is sent. `by` is `system`
   * where no person says it, but the desk itself, like a greeting in the queue.
   */
  | {
      readonly kind: 'says';
      readonly text: string;
      readonly agent: AgentProfile | undefined;
      readonly isShown: boolean;
      readonly by?: 'system';
    }
  /** The customer wrote where the desk reads it: it is kept, and nothing is sent. */
  | { readonly kind: 'customer'; readonly text: string }
  | { readonly kind: 'types'; readonly agent: AgentProfile | undefined }
  /** An agent has taken it. `agentId` is their name in sessions and in agent-view, where the desk knows it. */
  | { readonly kind: 'joined'; readonly agent: AgentProfile | undefined; readonly agentId: string | undefined }
  /** An agent has left, which ends nothing: another may come, or is there. */
  | { readonly kind: 'left'; readonly agent: AgentProfile | undefined }
  /** It is on its way to another agent or another queue. */
  | { readonly kind: 'transferring' }
  | { readonly kind: 'waiting'; readonly positionInQueue?: number; readonly waitSeconds?: number }
  /** It is over: an agent ended it, or the customer left where the desk saw it. */
  | { readonly kind: 'ended'; readonly by: 'agent' | 'customer'; readonly agent: AgentProfile | undefined }
  /** Nobody took it, and nobody will. */
  | { readonly kind: 'failed' };

/** One thing that a desk tells, understood. */
export interface DeskTold {
  /**
   * Which handover it is about: by our id, by the conversation, or by a ticket that was linked to its conversation. A ticket that is given and is not the one that has the
   * conversation now says that the event is of a handover that is over.
   */
  readonly about:
    | { readonly handoverId: string; readonly ticket?: string | undefined }
    | { readonly conversationId: string; readonly ticket?: string | undefined }
    | { readonly ticket: string };
  readonly event: DeskEvent;
  /** The same over all deliveries of the event. */
  readonly eventId: string;
  /** When it happened; undefined where the desk does not say. */
  readonly atMs: number | undefined;
}
