import type { DueCalls } from './call/due-calls.ts';
import type { Contexts } from './handover/context.ts';
import type { Line } from './handover/line.ts';
import type { Openings } from './handover/openings.ts';
import type { OwnershipState } from './handover/ownership.ts';
import type { Reminders } from './handover/reminders.ts';
import type { VoiceTurns } from './voice-bot/voice-turns.ts';

/*
 * The ports of the table. AP numbers are those of the access patterns in shared/store/README.md. Every write is
 * conditional or idempotent, so repeating one blindly is harmless. All times are milliseconds since the epoch; the
 * store adds the TTL in seconds by itself. Everything throws `Problem('state_unavailable')` when the table cannot be
 * reached in time, `too_large` for an item of more than 350 KB, and nothing else. Five ports stand with their words:
 * handover/context.ts, handover/openings.ts, call/due-calls.ts, handover/reminders.ts, voice-bot/voice-turns.ts.
 */

/** Who has a conversation. */
export interface States {
  /** AP1: Strongly consistent. Absent when there is none; an item of the wrong shape counts as absent. */
  read(conversationId: string): Promise<OwnershipState | undefined>;
  /**
   * AP2: Writes `next` if epoch and seq are still those of `from` (or there is none, when `from` is undefined, or the
   * item there is of the wrong shape). False when somebody else was faster: read again and decide anew. True also when
   * our own repeated write is found.
   */
  swap(conversationId: string, from: OwnershipState | undefined, next: OwnershipState): Promise<boolean>;
}

/** Why a handover began and what came with it. Written once, before the desk is asked. */
export interface HandoverRecord {
  readonly handoverId: string;
  readonly conversationId: string;
  readonly openedAtMs: number;
  readonly topic: string | undefined;
  readonly reason: string | undefined;
  readonly name: string | undefined;
  readonly language: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** What was said, and why it was handed over. */
export interface Transcripts {
  /** AP3: Stores one line. False when a line of this id is there already, whatever its time: it was delivered twice. */
  add(conversationId: string, line: Line): Promise<boolean>;
  /**
   * AP4: Stores a bot's history that arrived in one piece: compressed, in chunks below 350 KB. Repeating replaces it,
   * all or nothing: a handover has one history.
   */
  putHistory(conversationId: string, handoverId: string, lines: readonly Line[]): Promise<void>;
  /**
   * AP5: Everything said, oldest first, histories and lines together, each id once (the oldest of it). Within one
   * millisecond a history comes first, in the order in which it arrived, then single lines by the parts of it that they
   * were added with, then by id; their times come in whole ones. `limit` keeps the newest.
   */
  lines(conversationId: string, limit: number): Promise<readonly Line[]>;
  /**
   * AP6: Writes the record, to be found by its id and beside its conversation. The first one stays when it is repeated.
   */
  putHandover(record: HandoverRecord): Promise<void>;
  /** AP7: Strongly consistent. Absent when there is none. */
  handover(handoverId: string): Promise<HandoverRecord | undefined>;
}

/** Something on its way to the other side. */
export interface Parcel {
  readonly conversationId: string;
  readonly to: 'desk' | 'bot';
  /** The receiver's idempotency key; the same over all tries. */
  readonly eventId: string;
  /** Orders the parcels of one conversation and side: by `order`, then `eventId`. */
  readonly order: number;
  /** What is sent: JSON, understood by the side that delivers it. */
  readonly payload: string;
  /** Who is sending it now has it until then; 0 when nobody does. */
  readonly claimedUntilMs: number;
  readonly tries: number;
}

/** Written before anything is sent, removed when the other side has it. */
export interface Outbox {
  /** AP8: Stores a parcel, claimed by its writer. False when one of this eventId is waiting already. */
  put(parcel: Parcel): Promise<boolean>;
  /** AP9: Everything that waits for one side of one conversation, in order. Strongly consistent. */
  waiting(conversationId: string, to: Parcel['to']): Promise<readonly Parcel[]>;
  /**
   * AP10: Claims a parcel whose claim is over, counting the try. Resolves to the parcel as it is now, to be released or
   * removed; undefined when it is gone or somebody else has it. Exactly at `claimedUntilMs` a claim is over.
   */
  claim(parcel: Parcel, nowMs: number, untilMs: number): Promise<Parcel | undefined>;
  /**
   * AP11: Lets go of a parcel that could not be sent; others may claim it from `retryAtMs` on. Takes what `put` was
   * given or `claim` gave; does nothing when somebody else has claimed it since.
   */
  release(parcel: Parcel, retryAtMs: number): Promise<void>;
  /** AP12: Removes it: the other side has it, or it was given up. Repeating is harmless. */
  remove(parcel: Parcel): Promise<void>;
}

/** One effect per key, whatever is repeated. */
export type Claim<T> =
  | { readonly is: 'mine' }
  | { readonly is: 'in-progress' }
  /** The key was used for something else. */
  | { readonly is: 'other' }
  | { readonly is: 'done'; readonly result: T };

/** What a record is kept by: a text, and the conversation that it is about, if it is about one: it is erased with it. */
export type OnceKey = string | { readonly conversationId: string; readonly key: string };

/** Idempotency records. */
export interface Once {
  /**
   * AP13: Claims a key for `leaseMs`. `fingerprint` says what for: the same key with another one is `other`. A claim
   * whose lease is over without a result is free again, for any fingerprint, and so is a result that was kept long
   * enough. `leaseMs` must outlast the deadline of the request, so that nobody works on under a lease that is over.
   */
  claim<T>(key: OnceKey, fingerprint: string, nowMs: number, leaseMs: number): Promise<Claim<T>>;
  /** AP14: Stores the result of what was claimed, JSON, for `keepMs`. The first result stays. */
  finish<T>(key: OnceKey, fingerprint: string, result: T, nowMs: number, keepMs: number): Promise<void>;
  /** AP15: Gives the key back after a failure that had no effect. A result stays. */
  forget(key: OnceKey, fingerprint: string): Promise<void>;
}

/** Where a call stands. Which may follow which is in call-status.ts: a call never goes back. */
export const callStatuses = [
  'scheduled',
  'calling',
  'unknown',
  'customer_answered',
  'agent_ringing',
  'connected',
  'voicemail',
  'failed',
  'ended',
] as const;

export type CallStatus = (typeof callStatuses)[number];

/** One wish for a call. */
export interface CallRecord {
  readonly requestId: string;
  /** Who asked: only they may ask how it stands. */
  readonly subject: string;
  readonly phone: string;
  readonly conversationId: string | undefined;
  readonly topic: string | undefined;
  readonly name: string | undefined;
  readonly language: string | undefined;
  readonly status: CallStatus;
  /** Why it failed or ended: a word of ours. */
  readonly reason: string | undefined;
  readonly callSid: string | undefined;
  /** The handover that the call is about. Records of before there was one have none. */
  readonly handoverId: string | undefined;
  /** When it is to be placed, if not at once. */
  readonly dueAtMs: number | undefined;
  /** When its caller began to wait in the desk's queue: who is called back keeps that place in line. */
  readonly waitingSinceMs: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Counts changes; every write is conditional on it. */
  readonly version: number;
}

/** Call records. */
export interface Calls {
  /** AP16: Writes a new record. False when there is one of this requestId. */
  create(record: CallRecord): Promise<boolean>;
  /** AP17: Strongly consistent. Absent when there is none. */
  read(requestId: string): Promise<CallRecord | undefined>;
  /** AP18: Writes `next` if the version is still that of `from`. */
  swap(from: CallRecord, next: CallRecord): Promise<boolean>;
  /**
   * AP19: Takes the one open place that a phone number has, until `untilMs` at the latest. The requestId of whoever has
   * it: ours when it was free or already ours.
   */
  occupy(phone: string, requestId: string, nowMs: number, untilMs: number): Promise<string>;
  /** AP20: Keeps the place only until `untilMs`, if it is ours. Never makes it longer, so repeating is harmless. */
  vacate(phone: string, requestId: string, untilMs: number): Promise<void>;
}

/** How far a call by its Twilio SID has come, for callbacks that arrive in any order. */
export interface CallProgress {
  /**
   * AP21: Makes a call known, so that its statuses are noted from now on. Repeating is harmless and forgets nothing.
   */
  begin(callSid: string, nowMs: number): Promise<void>;
  /**
   * AP22: Notes a status of a known call, in Twilio's words, if its sequence is higher than all before and none before
   * was final (`completed`, `busy`, `failed`, `no-answer`, `canceled`). False when it is old news or nobody knows the
   * call: then nothing is written.
   */
  advance(callSid: string, status: string, sequence: number, nowMs: number): Promise<boolean>;
}

/** How often something was done. */
export interface Rates {
  /**
   * AP23: Takes one of `limit` places in the last `windowMs`. Undefined when it was taken, else the milliseconds until
   * one is free. Never looser than the limit, in whatever order the clocks of several instances arrive; at most one too
   * strict after a crash.
   */
  take(key: string, limit: number, windowMs: number, nowMs: number): Promise<number | undefined>;
  /** AP24: The same for many at once on one key, spread over shards; the window is a calendar day in UTC. */
  takeDaily(key: string, limit: number, nowMs: number): Promise<number | undefined>;
}

/** The one open web chat of a visitor. */
export interface Chats {
  /** AP25: Strongly consistent. Absent when there is none. */
  read(identity: string): Promise<ChatRecord | undefined>;
  /** AP26: Writes `next` if the version is still that of `from`, or there is none when `from` is undefined. */
  swap(from: ChatRecord | undefined, next: ChatRecord): Promise<boolean>;
}

export interface ChatRecord {
  readonly identity: string;
  readonly status: 'starting' | 'open' | 'closed';
  readonly conversationSid: string | undefined;
  /** While `starting`: until when the one who starts it has the lease. */
  readonly leaseUntilMs: number;
  readonly version: number;
}

/** The whole table. A function names only the parts it uses. */
export interface Table {
  readonly states: States;
  readonly transcripts: Transcripts;
  readonly outbox: Outbox;
  readonly once: Once;
  readonly calls: Calls;
  readonly progress: CallProgress;
  readonly rates: Rates;
  readonly chats: Chats;
  readonly contexts: Contexts;
  readonly openings: Openings;
  readonly due: DueCalls;
  readonly reminders: Reminders;
  readonly voice: VoiceTurns;
}
