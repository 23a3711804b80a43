import { clipped, type Line } from '../../core/handover/line.ts';
import { newestThatFit } from '../../core/handover/newest.ts';
import type { HandoverRecord } from '../../core/table.ts';

/** What goes along with a handover besides what was said. */
export interface Along {
  /** The desk's queue for the topic, in its own words. */
  readonly queue: string | undefined;
  /** Where the agent's browser sees the whole conversation, for 15 minutes. */
  readonly link: string | undefined;
}

/** Why somebody is wanted, in one line: `claims: the customer is angry`. */
export function shortly({ topic, reason }: HandoverRecord): string {
  const why = [topic, reason].filter((text) => text !== undefined).join(': ');
  return clipped((why || 'a person is wanted').replace(/\s+/g, ' '), 140);
}

/** Everything that is known, one thing per line. */
export function summaryOf({ topic, reason, name, language, fields }: HandoverRecord, { link }: Along): string {
  const known = { Topic: topic, Reason: reason, Customer: name, Language: language, ...fields, Conversation: link };
  const lines = Object.entries(known).filter(([, value]) => value !== undefined && value !== '');
  return ['Handed over by the bot', ...lines.map(([what, value]) => `${what}: ${clipped(`${value}`, 1_000)}`)].join(
    '\n',
  );
}

/** The newest lines that fit as they are written, and the newest one in any case. */
export function newest<T>(
  lines: readonly Line[],
  maxBytes: number,
  write: (line: Line) => T,
): { readonly written: readonly T[]; readonly isAll: boolean } {
  const written = lines.map((line, at) =>
    write(at === lines.length - 1 ? { ...line, text: clipped(line.text, maxBytes / 2) } : line),
  );
  const bytesOf = (item: T) => Buffer.byteLength(typeof item === 'string' ? item : JSON.stringify(item)) + 1;
  const fitting = newestThatFit(written, maxBytes, bytesOf);
  const shown = fitting.length > 0 ? fitting : written.slice(-1);
  return { written: shown, isAll: shown.length === written.length };
}
