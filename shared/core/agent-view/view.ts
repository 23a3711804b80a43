import type { Line } from '../handover/line.ts';
import { linesOfHandover } from '../handover/told-lines.ts';
import { readHandover, type WholeHandover } from '../handover/whole-handover.ts';
import { Problem } from '../problems.ts';
import type { CallRecord, Table } from '../table.ts';
import { type Cut, cutBefore } from './cut.ts';
import { type Standing, standingOf } from './standing.ts';

/** What an agent sees of a handover: the JSON answer as it is. */
export interface HandoverView {
  readonly handoverId: string;
  readonly conversationId: string | null;
  readonly state: Standing;
  /** Why a person was asked for, in the words of the bot. */
  readonly reason: string | null;
  readonly topic?: string | undefined;
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly phone?: string | undefined;
  readonly openedAtMs?: number | undefined;
  /** When the bot has it again if nobody says anything. */
  readonly untilMs?: number | undefined;
  /** How the call ended or failed, in a word. */
  readonly outcome?: string | undefined;
  /** What the caller said to the voicemail. */
  readonly message?: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** An incident that the bot has begun to write. */
  readonly draft?: Readonly<Record<string, string>> | undefined;
  /** A page of them, the newest first of all pages, in the order in which they were said. */
  readonly lines: readonly Line[];
  /** Where the lines before these are: the value of `before`. */
  readonly next?: string;
}

export type ViewTables = Pick<Table, 'contexts' | 'transcripts' | 'states' | 'calls'>;

/** Everything but the lines. */
export type Head = Omit<HandoverView, 'lines' | 'next'>;

/** A handover that was asked for, and who has it. */
interface Found {
  readonly whole: WholeHandover;
  readonly head: Head;
}

async function readState({ states }: ViewTables, { record }: WholeHandover) {
  return record ? states.read(record.conversationId) : undefined;
}

async function readCall({ calls }: ViewTables, { facts }: WholeHandover): Promise<CallRecord | undefined> {
  return facts.requestId === undefined ? undefined : calls.read(facts.requestId);
}

/** What is known of a handover but for what was said. Throws `not_found` for one that nobody knows. */
export async function findHandover(tables: ViewTables, handoverId: string, nowMs: number): Promise<Found> {
  const whole = await readHandover(tables.contexts, handoverId);
  if (!whole) throw new Problem('not_found');
  const { record, facts } = whole;
  const [state, call] = await Promise.all([readState(tables, whole), readCall(tables, whole)]);
  const standing = standingOf({ handoverId, record, facts, state, call }, nowMs);
  // A call that came in is its own conversation until a session of an assistant is linked.
  const own = record?.conversationId === handoverId ? undefined : record?.conversationId;
  const linked = whole.conversations.find((name) => name !== handoverId);
  return {
    whole,
    head: {
      handoverId,
      conversationId: own ?? call?.conversationId ?? linked ?? record?.conversationId ?? null,
      state: standing,
      reason: record?.reason ?? facts.reason ?? null,
      topic: record?.topic ?? facts.topic ?? call?.topic,
      name: record?.name ?? facts.name ?? call?.name,
      language: record?.language ?? facts.language ?? call?.language,
      phone: facts.customerPhone ?? call?.phone,
      openedAtMs: record?.openedAtMs ?? call?.createdAtMs,
      untilMs: standing === 'human' ? state?.pausedUntilMs : undefined,
      outcome: call?.reason ?? facts.endReason,
      message: facts.voicemail?.text,
      fields: { ...facts.fields, ...record?.fields },
      draft: facts.draft,
    },
  };
}

/** A handover with a page of what was said: the newest lines, or those before a cursor. */
export async function viewOf(
  { transcripts }: ViewTables,
  found: Found,
  before: Cut | undefined,
): Promise<HandoverView> {
  const lines = await linesOfHandover(transcripts, found.whole, Number.POSITIVE_INFINITY);
  return { ...found.head, ...cutBefore(lines, before) };
}
