import { handoverOfCall } from '../call/call-handover.ts';
import type { Clock } from '../clock.ts';
import { shortHash } from '../hash.ts';
import type { Table } from '../table.ts';
import type { BotTold } from './bot-told.ts';
import { arranged, type GivenLine, heardId, type Line } from './line.ts';
import { redactedFacts, redactedLines } from './redacted.ts';
import type { Redact } from './redaction.ts';

interface KeepParts {
  readonly table: Pick<Table, 'transcripts' | 'contexts'>;
  readonly clock: Clock;
  /** The Twilio account whose calls the assistant gets, where it is known. */
  readonly accountSid: string | undefined;
  /** Applied to all words before anything else is done with them. */
  readonly redact: Redact;
}

/** Lines that are stored at a time: enough to be quick, few enough not to wait for each other. */
const AT_A_TIME = 16;

/**
 * An id for a line that came without one: the same when it is told again at its own time, or within ten seconds where it
 * has none. `earlier` counts the equal lines before it, so that what was said twice stays said twice.
 */
function idOf(conversationId: string, { by, text, atMs }: GivenLine, earlier: number, nowMs: number): string {
  const about = JSON.stringify([by, text, earlier]);
  if (atMs === undefined) return heardId(conversationId, about, nowMs, 't');
  return `t-${shortHash(JSON.stringify([conversationId, about, atMs]))}`;
}

/** Lines of one millisecond are told apart by thousandths of it: so none moves behind what another request tells. */
const PARTS_OF_MS = 1_000;

/** Lines as they are stored: each with an id, and those of one time in the order in which they were told together. */
function linesOf(conversationId: string, given: readonly GivenLine[], nowMs: number): readonly Line[] {
  const seen = new Map<string, number>();
  const named = given.map((line) => {
    const said = JSON.stringify([line.by, line.text, line.atMs]);
    const earlier = seen.get(said) ?? 0;
    seen.set(said, earlier + 1);
    return { ...line, id: line.id ?? idOf(conversationId, line, earlier, nowMs) };
  });
  let last = { atMs: 0, place: 0 };
  return arranged(named, 'line', nowMs).map((line) => {
    last = { atMs: line.atMs, place: line.atMs === last.atMs ? last.place + 1 : 0 };
    return { ...line, atMs: line.atMs + last.place / PARTS_OF_MS };
  });
}

/**
 * Keeps what a bot tells: every line once, whatever is repeated and in whatever order it comes, and what it knows of the
 * handover under every name by which others may look for it. Resolves to how many lines were new. Throws
 * `state_unavailable`; telling it again then completes it.
 */
export async function keepTold({ table, clock, accountSid, redact }: KeepParts, told: BotTold): Promise<number> {
  const { transcripts, contexts } = table;
  const { conversations, endReason } = told;
  const wish = told.wish && redactedFacts(redact, told.wish);
  const nowMs = clock.nowMs();
  const atMs = told.atMs === undefined || told.atMs > nowMs ? nowMs : told.atMs;
  // The assistant's leg has a SID of its own; whoever knows both legs links the two names.
  const byLeg = handoverOfCall({ AccountSid: accountSid, CallSid: told.legSid });
  const handover = told.handoverId ?? byLeg;
  const links = handover === undefined ? [] : conversations.map((one) => contexts.link(handover, one, nowMs));
  const source = told.event === 'turn' ? 'log' : 'bot';
  const wishes = [handover ?? conversations.at(-1)]
    .filter((name) => name !== undefined && wish !== undefined)
    .map((name = '') => contexts.tell(name, source, wish ?? {}, atMs));
  // A record of a call knows its sessions always and its handover rarely.
  const names = endReason === undefined ? [] : [...new Set([handover, ...conversations])];
  const ends = names.flatMap((name) => (name === undefined ? [] : [contexts.tell(name, 'cdr', { endReason }, atMs)]));
  await Promise.all([...links, ...wishes, ...ends]);
  const conversationId = conversations.at(-1);
  if (conversationId === undefined) return 0;
  const lines = linesOf(conversationId, redactedLines(redact, told.lines), nowMs);
  let added = 0;
  for (let from = 0; from < lines.length; from += AT_A_TIME) {
    const some = lines.slice(from, from + AT_A_TIME).map((line) => transcripts.add(conversationId, line));
    added += (await Promise.all(some)).filter((isNew) => isNew).length;
  }
  return added;
}
