import type { Deadline } from '../deadline.ts';
import type { Reply } from '../reply.ts';
import type { CallStatus } from '../table.ts';
import type { EndReason, HandoverRef } from './desk.ts';
import type { GivenLine } from './line.ts';
import type { Return } from './ownership.ts';

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
  /** A call that was wished for in this conversation is over. */
  | {
      readonly kind: 'call';
      readonly requestId: string;
      readonly status: CallStatus;
      readonly reason: string | undefined;
    }
  /** The bot has it again. `botEvent` names what the bot should begin with, where its platform can do that. */
  | {
      readonly kind: 'ended';
      readonly reason: EndReason;
      readonly agent: AgentProfile | undefined;
      readonly botEvent: string | undefined;
    };

/**
 * The platforms, as the state keeps them. On `web-chat` the customer reads the desk's own conversation in Twilio, in the
 * page that `flex-token` gave a token to.
 */
export type BotName = 'botcopy' | 'plain' | 'watson' | 'web-chat';

/** The platform on which the customer sees the bot. */
export interface BotPlatform {
  /**
   * Shows something to the customer. `eventId` is the same over all tries. Resolves when the platform has it. Throws
   * `NotTaken`.
   */
  show(ref: HandoverRef, event: ToBot, eventId: string, deadline: Deadline): Promise<void>;
}

/** Who a person would be talking to, and why: what a bot says when it asks for a person. */
export interface HandoverWish {
  readonly topic: string | undefined;
  readonly reason: string | undefined;
  readonly name: string | undefined;
  readonly language: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** What was said so far, in order of arrival. */
  readonly lines: readonly GivenLine[];
}

/** What the customer's side has to say, in the words of core. An empty text is none. */
export type Asked =
  | { readonly kind: 'person'; readonly text: string; readonly wish: HandoverWish }
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'typing' }
  /** The customer ends the handover, perhaps with a last word. */
  | { readonly kind: 'end'; readonly text: string };

/** Who has the conversation now: the answer to everything that a bot asks. */
export type Standing =
  | {
      readonly paused: true;
      readonly untilMs: number;
      /** Which handover it is; undefined while nobody can say. */
      readonly handoverId?: string | undefined;
      /** How the line at the desk stands, where it was asked. */
      readonly positionInQueue?: number | undefined;
      readonly waitSeconds?: number | undefined;
    }
  | {
      readonly paused: false;
      /** The desk or the customer ended a handover, and the platform may not know yet. */
      readonly ended: boolean;
      /** Why the bot has it again: once after a handover, for platforms that are told with the answer. */
      readonly returned?: Return | undefined;
      /** Why a person was asked for in vain. */
      readonly reason?: 'desk_unavailable' | 'nobody_online' | 'outside_hours' | 'in_progress' | 'state_unavailable';
      /** ISO 8601, when the next hours begin, with `outside_hours`. */
      readonly opensAt?: string | undefined;
      /** How the desk did not take it, with `desk_unavailable`: words for the log, and for nobody else. */
      readonly deskSaid?: string | undefined;
    };

/** One call of a bot's platform, understood. */
export interface BotCall {
  /** The platform, as the state keeps it. */
  readonly bot: BotName;
  /** Where the platform names its bots. */
  readonly botId: string | undefined;
  /** Absent where the call names none: then nobody can have it but the bot. */
  readonly conversationId: string | undefined;
  readonly asked: Asked;
  /** Who answers the customer when the table cannot say who has the conversation. */
  readonly inDoubt: 'bot' | 'person';
  /** Whether what the customer says to the bot is kept here because perhaps nobody else tells it. */
  readonly keepsWords?: true | undefined;
  /** Whether the answer is where the bot learns that it has the conversation again, and why. */
  readonly hearsOfReturn?: true | undefined;
  /** The answer in the platform's own form. `spoken` is what it may show while a person has the conversation. */
  answer(standing: Standing, nowMs: number, spoken: string | undefined): Reply;
}
