import * as v from 'valibot';
import { id } from '../decode.ts';
import { shortHash } from '../hash.ts';

/** One utterance. */
export interface Line {
  readonly by: 'customer' | 'bot' | 'agent' | 'system';
  readonly text: string;
  /**
   * When it was said, or when we heard of it where nobody knows better. Milliseconds since the epoch; parts of one only while
   * it is being stored, to keep lines apart that were told together.
   */
  readonly atMs: number;
  /** Unique in its conversation: the same id is stored once. */
  readonly id: string;
}

const MAX_TEXT_BYTES = 32 * 1_024;

const bytesOf = (text: string): number => new TextEncoder().encode(text).byteLength;

/** Half characters become replacement characters, so that every partner and the table can hold the text. */
const wellFormed = (text: string): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));

/** What somebody says now: well-formed, at most 32 KB of UTF-8, else `too_large`. */
export const saidText = v.pipe(
  v.string(),
  v.check((text) => bytesOf(text) <= MAX_TEXT_BYTES, 'too_large'),
  v.transform(wellFormed),
);

/** A text of the past, cut to what one line may hold: a long line of a history must not keep the customer from a person. */
export function clipped(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  if (bytesOf(text) <= maxBytes) return wellFormed(text);
  const bytes = new TextEncoder().encode(text).subarray(0, maxBytes - 8);
  return `${new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replace(/\uFFFD$/, '')} …`;
}

/** A line as a partner gives it: when it was said and what it is called may be missing or nonsense. */
export interface GivenLine {
  readonly by: Line['by'];
  readonly text: string;
  readonly atMs?: number | undefined;
  readonly id?: string | undefined;
}

/** A line in a body whose shape is ours. */
export const givenLine: v.GenericSchema<unknown, GivenLine> = v.strictObject({
  by: v.picklist(['customer', 'bot', 'agent', 'system']),
  text: v.pipe(
    v.string(),
    v.transform((text) => clipped(text)),
  ),
  atMs: v.optional(v.number()),
  id: v.optional(id),
});

/** Nothing before the year 2001 or after now was said in a chat of ours; a wrong unit or a wrong clock said so. */
const isPlausible = (atMs: number | undefined, nowMs: number): atMs is number =>
  atMs !== undefined && atMs >= 1_000_000_000_000 && atMs <= nowMs;

/**
 * Makes lines of what came in one piece, in order of time where every line says when it was said, else in order of
 * arrival. A line without an id is named after its place: `{prefix}-0001`. `unknownMs` is the time of lines of which none
 * says when it was said.
 */
export function arranged(
  given: readonly GivenLine[],
  prefix: string,
  nowMs: number,
  unknownMs = nowMs,
): readonly Line[] {
  const first = given.find(({ atMs }) => isPlausible(atMs, nowMs))?.atMs;
  let lastMs = first ?? unknownMs;
  const known = given.every(({ atMs }) => isPlausible(atMs, nowMs));
  const lines = given.map(({ by, text, atMs, id: givenId }, place) => {
    if (isPlausible(atMs, nowMs)) lastMs = known ? atMs : Math.max(lastMs, atMs);
    return { by, text, atMs: Math.floor(lastMs), id: givenId ?? `${prefix}-${String(place + 1).padStart(4, '0')}` };
  });
  return lines.sort((a, b) => a.atMs - b.atMs);
}

/** In one such stretch of the clock an equal text of the same customer is the same utterance, delivered again. */
const SAME_TEXT_MS = 10_000;

/**
 * An id for what was said where the platform gives none: the same for a delivery repeated in the same ten seconds. `c` is what
 * the customer says to us, `t` what a bot tells of.
 */
export function heardId(conversationId: string, text: string, nowMs: number, kind: 'c' | 't' = 'c'): string {
  return `${kind}-${shortHash(JSON.stringify([conversationId, text, Math.floor(nowMs / SAME_TEXT_MS)]))}`;
}
