import type { BusinessHours } from '../call/hours.ts';
import type { Reply } from '../reply.ts';
import type { BotCall, HandoverWish, Standing } from './bot.ts';
import type { Facts } from './context.ts';
import type { GivenLine } from './line.ts';

/** A person is asked for by what is told, and whoever tells it waits for the answer. */
export interface AskedByTelling {
  readonly wish: HandoverWish;
  /** The answer in the platform's own form, when it is known what came of it. */
  answer(standing: Standing, known: AnswerParts): Reply;
}

/** What an answer to who asks for a person may say besides. */
export interface AnswerParts {
  /** Lets the customer into this very handover where they meet agents elsewhere. */
  readonly proof: string | undefined;
  /** By whose clock it is said when somebody is there again. */
  readonly hours: BusinessHours | undefined;
}

/** Something that a bot's platform tells of a conversation after it happened, understood. */
export interface BotTold {
  readonly bot: BotCall['bot'];
  /** What was told: a word for the log. */
  readonly event: 'lines' | 'answer' | 'turn' | 'call-ended' | 'other';
  /** The conversations that it is about. Lines belong to the last. None where the platform names none. */
  readonly conversations: readonly string[];
  /** What was said, each with an id that is the same however it is told. */
  readonly lines: readonly GivenLine[];
  /** The handover that a call brought along. */
  readonly handoverId: string | undefined;
  /** Twilio's name for the leg on which the assistant was, which is not the caller's. */
  readonly legSid: string | undefined;
  /** What is known of a handover, told where the bot asks for a person. */
  readonly wish: Facts | undefined;
  /** Absent where nobody is asked for, or not in a chat, or the answer would be too late. */
  readonly asks?: AskedByTelling | undefined;
  /** Why a call is over, in the platform's word. */
  readonly endReason: string | undefined;
  /** When it happened; undefined where nobody says. */
  readonly atMs: number | undefined;
}
