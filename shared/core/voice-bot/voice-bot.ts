import type { Deadline } from '../deadline.ts';
import type { Notes } from '../log.ts';

/** Which bot has a call: the one that `VOICE_BOT` names, or a Rasa bot at another address that the call was given to. */
export type VoiceBotRef =
  | { readonly is: 'helpdesk' | 'watson' | 'rasa' }
  | { readonly is: 'rasa-host'; readonly url: string };

/** One of several answers that a bot offers. Its key is its place, from 1; after the ninth there is none. */
export interface Choice {
  /** As it is read out, and as a caller may say it. */
  readonly title: string;
  /** What the bot is given when it is chosen. */
  readonly value: string;
}

/** What a caller did in a turn, cleaned and capped: there is no markup in any of its texts. */
export type Heard =
  /**
   * The call has begun. `from` is the address of the bot that gave it away, where one did: `KnownBots.addressOf`. Where a
   * caller has said before what they want, their words are the first turn in place of it.
   */
  | { readonly is: 'start'; readonly from?: string | undefined }
  /** Confidence from 0 to 1, where the recogniser gave one. */
  | { readonly is: 'words'; readonly text: string; readonly confidence: number | undefined }
  | { readonly is: 'keys'; readonly keys: string }
  | { readonly is: 'choice'; readonly value: string; readonly title: string }
  /** Nothing: they have heard what the answer with `go-on` said, and wait. */
  | { readonly is: 'go-on' };

/** Who is calling, as far as the telephone network says it. */
export interface VoiceCaller {
  /** E.164; undefined where it is withheld or no number. */
  readonly phone: string | undefined;
  /** The network vouches for the number: `StirVerstat` is exactly `TN-Validation-Passed-A`. */
  readonly isAttested: boolean;
}

/** What a bot has found out so far, for the person who may take over at any time. */
export interface VoiceKnown {
  readonly topic?: string | undefined;
  readonly reason?: string | undefined;
  readonly name?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** The incident as it would be opened: its fields by name. */
  readonly draft?: Readonly<Record<string, string>> | undefined;
  /** The key of the conversation's history at Watson. */
  readonly sessionHistoryKey?: string | undefined;
}

/** One turn of a call, as a bot gets it. */
export interface BotTurn {
  /** What the bot gave back as `state` the turn before; undefined in its first. JSON that went through the table. */
  readonly state: unknown;
  readonly heard: Heard;
  readonly caller: VoiceCaller;
  /**
   * In the first turn of a call that goes on where an earlier one stopped, whose state this is, and in no other. `heard` is
   * `start` then: what was open is asked again, in words that give nothing of that state away, for who calls may be somebody
   * else. What an earlier answer said is not repeated by the channel.
   */
  readonly isResumed: boolean;
  /** The same in all turns of a call, and in the one that goes on with it: the handover id of the first. */
  readonly conversationId: string;
  /** Of this turn: the same when Twilio repeats the request, different for every other turn of the conversation. */
  readonly turnId: string;
  /** Leaves at most 2.4 s for partners: nobody hears anything meanwhile. */
  readonly deadline: Deadline;
  readonly nowMs: number;
  /** Adds words to the one log line of this call. Never what was said, nor who. */
  note(notes: Notes): void;
}

/** Something that a bot says, in the order of its list. */
export type Saying = { readonly text: string } | { readonly pauseSec: number };

/** What the caller is asked for. */
export interface Listens {
  /** `key` is one key or words, `keys` several keys ended by # or words, `words` is words and one key. */
  readonly for: 'words' | 'key' | 'keys';
  /** Of `keys`: as many as there can be; undefined is ended by # or a pause only. */
  readonly mostKeys?: number | undefined;
  /** What is likely to be said, for the recogniser; the titles of choices need not be here. */
  readonly hints?: readonly string[] | undefined;
  /** What is entered is a secret: it is kept nowhere. */
  readonly isSecret?: boolean | undefined;
}

/** What a bot answers in one turn. */
export interface BotAnswer {
  /** JSON, of at most 20 kB; comes back with the next turn. */
  readonly state: unknown;
  readonly says: readonly Saying[];
  readonly choices?: readonly Choice[] | undefined;
  /** Absent is `words`. */
  readonly listens?: Listens | undefined;
  /** False where the caller was not understood and is asked again: the third time in a row leads to a person. */
  readonly isUnderstood?: false | undefined;
  /** In place of what was known before; absent leaves it. */
  readonly known?: VoiceKnown | undefined;
  /**
   * `go-on`: what it says is heard first, then the bot gets another turn at once, to do what takes time. `person`: `known`
   * goes along. A bot: that one gets the call, and `start` as its first turn.
   */
  readonly next: 'listen' | 'go-on' | 'hang-up' | 'person' | { readonly bot: VoiceBotRef };
}

/**
 * A bot behind a voice call. It keeps nothing between turns. A rejection is a fault of the bot: the caller hears an apology
 * and gets a person; what is to be tried again after some words is an answer with `go-on`.
 */
export interface VoiceBot {
  turn(turn: BotTurn): Promise<BotAnswer>;
}

/** All bots that a call may be with. */
export interface VoiceBots {
  /** Undefined for one that is not set up. */
  of(ref: VoiceBotRef): VoiceBot | undefined;
  /** What others know it by: `KnownBots.addressOf`. */
  addressOf(ref: VoiceBotRef): string;
}
