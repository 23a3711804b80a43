import type { HandoverRecord } from '../table.ts';

/**
 * Who tells something of a handover; whoever stands first is believed first. A bot's log says later what the bot has said,
 * without what is private and with what only the log knows: so it takes nothing away.
 */
export const factSources = [
  'bot',
  'log',
  'refer',
  'wish',
  'call',
  'agents',
  'desk',
  'voicemail',
  'transcription',
  'cdr',
] as const;

export type FactSource = (typeof factSources)[number];

/** What somebody knows of a handover. Whatever is absent or an empty text is not known. */
export interface Facts {
  readonly callSid?: string | undefined;
  readonly requestId?: string | undefined;
  /** The pseudonym by which the visitor of a web chat is known. */
  readonly visitor?: string | undefined;
  readonly customerPhone?: string | undefined;
  readonly topic?: string | undefined;
  readonly reason?: string | undefined;
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** An incident that a bot has begun to write, as it would be opened: its fields by name. */
  readonly draft?: Readonly<Record<string, string>> | undefined;
  readonly sessionHistoryKey?: string | undefined;
  readonly transferTarget?: string | undefined;
  readonly voicemail?:
    | { readonly recordingSid: string; readonly seconds: number; readonly text?: string | undefined }
    | undefined;
  /** Of a call with bots: which, and the id by which they know it. */
  readonly talk?: { readonly bots: readonly string[]; readonly id: string } | undefined;
  /** How often the call went back to where it came from. */
  readonly returns?: number | undefined;
  readonly endReason?: string | undefined;
  /** The agent who has it, as sessions name them: other agents do not see it. */
  readonly agent?: string | undefined;
}

/** Everything known of a handover, whoever told it and in whatever order. */
export interface HandoverContext {
  readonly handoverId: string;
  readonly record: HandoverRecord | undefined;
  /** What all sources told, merged. */
  readonly facts: Facts;
  /** When each source told something last. */
  readonly told: Readonly<Record<FactSource, number | undefined>>;
  /** The conversations whose lines belong to it beside that of the record, by id. */
  readonly conversations: readonly string[];
}

/** What is known of handovers. */
export interface Contexts {
  /**
   * AP27: Notes what a source knows, in place of all that it told before. What it told at an earlier time than what is
   * there changes nothing, so it may arrive in any order.
   */
  tell(handoverId: string, source: FactSource, facts: Facts, nowMs: number): Promise<void>;
  /** AP28: The lines of this conversation belong to the handover, too. Repeating is harmless. */
  link(handoverId: string, conversationId: string, nowMs: number): Promise<void>;
  /** AP29: Strongly consistent. Undefined when nothing is known. */
  read(handoverId: string): Promise<HandoverContext | undefined>;
}

function known<T extends object>(told: T): [string, unknown][] {
  return Object.entries(told).filter(([, value]) => value !== undefined && value !== '');
}

/** A message that was left, with its words: who tells those knows of it by the name of its recording alone. */
function messageOf(leastBelievedFirst: readonly Facts[]): Facts['voicemail'] {
  const messages = leastBelievedFirst.flatMap(({ voicemail }) => voicemail ?? []);
  const message = messages.at(-1);
  const words = messages.findLast(({ recordingSid, text }) => recordingSid === message?.recordingSid && text);
  return message && words ? { ...message, text: words.text } : message;
}

/** What is told name by name: of each, what the most believed source says that knows it. Absent where there is nothing. */
function byName(leastBelievedFirst: readonly Facts[]): Pick<Facts, 'fields' | 'draft'> {
  const merged = (['fields', 'draft'] as const).map((fact) => {
    const entries = leastBelievedFirst.flatMap((one) => known(one[fact] ?? {}));
    return [fact, entries.length === 0 ? undefined : Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(known(Object.fromEntries(merged)));
}

/** One account of what all sources told: of each fact, of each field and of each part of a draft, what the most believed source says that knows it. */
export function mergedFacts(told: Readonly<Partial<Record<FactSource, Facts>>>): Facts {
  const leastBelievedFirst = factSources.flatMap((source) => told[source] ?? []).reverse();
  const { fields: _, draft: __, ...merged } = Object.fromEntries(leastBelievedFirst.flatMap(known)) as Facts;
  const voicemail = messageOf(leastBelievedFirst);
  const facts = voicemail === undefined ? merged : { ...merged, voicemail };
  return { ...facts, ...byName(leastBelievedFirst) };
}

/** What is known under one name of a handover, completed by what is known under another. */
export function completed(facts: Facts, others: Facts): Facts {
  return { ...others, ...Object.fromEntries(known(facts)), ...byName([others, facts]) };
}
