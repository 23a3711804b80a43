import type { Deadline } from './deadline.ts';

export interface AgentProfile {
  readonly name?: string;
  /** https, public host; absent rather than empty. */
  readonly avatarUrl?: string;
}

/** What the customer's side is told while a person has the conversation, or when they take it or give it back. */
export type ToBot =
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly agent: AgentProfile | undefined;
      readonly minutesPaused: number;
    }
  | { readonly kind: 'typing'; readonly agent: AgentProfile | undefined; readonly minutesPaused: number }
  /** A person has taken it, or another one has. */
  | { readonly kind: 'agent'; readonly agent: AgentProfile | undefined; readonly minutesPaused: number }
  /** The bot has it again. `botEvent` names what the bot should begin with, where its platform can do that. */
  | { readonly kind: 'ended'; readonly agent: AgentProfile | undefined; readonly botEvent: string | undefined };

/** The bot's platform did not take it. */
export class BotError extends Error {
  override readonly name = 'BotError';
  readonly kind: 'refused' | 'unreachable' | 'unknown';
  readonly retryAfterMs: number | undefined;

  constructor(kind: BotError['kind'], reason: string, retryAfterMs?: number, cause?: unknown) {
    super(reason, { cause });
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The platform on which the customer sees the bot. */
export interface BotPlatform {
  /**
   * Shows something to the customer. `eventId` is the same over all tries. Resolves when the platform has it. Throws
   * `BotError`.
   */
  show(conversationId: string, handoverId: string, event: ToBot, eventId: string, deadline: Deadline): Promise<void>;
}
