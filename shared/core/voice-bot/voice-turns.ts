import * as v from 'valibot';
import { personReasons } from '../call/person-reason.ts';
import type { VoiceBotRef } from './voice-bot.ts';

/** A call with a bot, as it stands in its keys. */
export interface BotCall {
  /** Who calls: the phone in E.164, or where it is withheld the SID of the call, under which nothing is ever found again. */
  readonly caller: string;
  readonly callSid: string;
  /** When it began, in whole milliseconds. */
  readonly atMs: number;
}

const text = v.optional(v.string());
const texts = v.optional(v.record(v.string(), v.string()));

export const sayingSchema = v.union([v.object({ text: v.string() }), v.object({ pauseSec: v.number() })]);

export const choiceSchema = v.object({ title: v.string(), value: v.string() });

export const listensSchema = v.object({
  for: v.picklist(['words', 'key', 'keys']),
  mostKeys: v.optional(v.number()),
  hints: v.optional(v.array(v.string())),
  isSecret: v.optional(v.boolean()),
});

export const botRefSchema: v.GenericSchema<unknown, VoiceBotRef> = v.union([
  v.object({ is: v.picklist(['helpdesk', 'watson', 'rasa']) }),
  v.object({ is: v.literal('rasa-host'), url: v.string() }),
]);

export const knownSchema = v.object({
  ...{ topic: text, reason: text, name: text, fields: texts, draft: texts },
  sessionHistoryKey: text,
});

/** What was asked, to be asked again. */
const questionSchema = v.object({
  says: v.array(sayingSchema),
  choices: v.optional(v.array(choiceSchema)),
  listens: v.optional(listensSchema),
});

export type Question = v.InferOutput<typeof questionSchema>;

/** What a caller hears in a turn, and what comes after it. */
const answerSchema = v.object({
  ...questionSchema.entries,
  next: v.picklist(['listen', 'go-on', 'hang-up', 'person']),
  /** Of `person`. */
  reason: v.optional(v.picklist(personReasons)),
});

export type TurnAnswer = v.InferOutput<typeof answerSchema>;

const memorySchema = v.object({
  conversationId: v.string(),
  bot: botRefSchema,
  /** What each bot gave back last. */
  states: v.record(v.string(), v.unknown()),
  /** The bot has just got the call, from this one. */
  startsAfter: v.optional(v.string()),
  known: v.optional(knownSchema),
  /** A bot has answered something that the caller said. */
  hasBegun: v.boolean(),
  /** What was asked last. */
  question: questionSchema,
  /** The caller is asked whether to go on with an earlier call, whose memory this is. */
  asksToResume: v.boolean(),
  /** The calls that this one goes on with, oldest first. */
  earlier: v.array(v.object({ callSid: v.string(), atMs: v.number() })),
  silences: v.number(),
  misunderstood: v.number(),
  /** Turns in a row without the caller. */
  alone: v.number(),
  /** The caller has said goodbye. */
  isLeaving: v.optional(v.boolean()),
});

/** What a call keeps from turn to turn. */
export type CallMemory = v.InferOutput<typeof memorySchema>;

const lineSchema = v.object({ by: v.picklist(['customer', 'bot']), text: v.string() });

export type TurnLine = v.InferOutput<typeof lineSchema>;

/** What is kept of a turn beside its key. */
export const turnSchema = v.object({
  takenAtMs: v.number(),
  answer: answerSchema,
  /** What was said in it, without what `REDACT` takes out. */
  lines: v.array(lineSchema),
  memory: memorySchema,
});

/** One turn of a call: what was heard, what is answered, and what is known after it. Never changed once it is written. */
export interface VoiceTurn extends v.InferOutput<typeof turnSchema> {
  readonly call: BotCall;
  /** From 0. */
  readonly turn: number;
}

/** Whether the call goes on with a bot after a turn: it is neither ended nor with a person. */
export const goesOn = ({ answer: { next } }: Pick<VoiceTurn, 'answer'>): boolean =>
  next === 'listen' || next === 'go-on';

/** How long after its last turn a call can be gone on with. */
export const RESUMABLE_MS = 3_600_000;

/** The turns of voice calls, one item each. */
export interface VoiceTurns {
  /**
   * AP39: A turn, and the one before it, whichever of them is there, in one request. Strongly consistent; an item of the
   * wrong shape counts as absent.
   */
  around(call: BotCall, turn: number): Promise<{ readonly before?: VoiceTurn; readonly there?: VoiceTurn }>;
  /** AP40: The newest turn of a caller, whichever call it belongs to. Strongly consistent. */
  newest(caller: string): Promise<VoiceTurn | undefined>;
  /** AP41: Writes a turn where there is none. Resolves to the one that is there then: of two the first stays. */
  put(turn: VoiceTurn): Promise<VoiceTurn>;
  /** AP42: All turns of a call, in order. Strongly consistent. */
  ofCall(call: BotCall): Promise<readonly VoiceTurn[]>;
}
