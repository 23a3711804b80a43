import type { Line } from '../handover/line.ts';
import { Problem } from '../problems.ts';

/** How much of a transcript is answered at once. */
const MAX_LINES = 200;
const MAX_BYTES = 300_000;

/** A place in a transcript: before a line, or before a time if the line is gone. */
export interface Cut {
  readonly atMs: number;
  readonly id: string;
}

const CURSOR = /^(\d{1,16})\.(.+)$/s;

/** A cursor as it stands in an address. Only we read it. */
const cursorOf = ({ atMs, id }: Cut): string => Buffer.from(`${atMs}.${id}`).toString('base64url');

/** The place that a cursor names; undefined for none. Throws `invalid_request` for what we cannot have made. */
export function readCursor(cursor: string | undefined): Cut | undefined {
  if (cursor === undefined) return undefined;
  const text = /^[\w-]{1,400}$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  const [, atMs, id] = CURSOR.exec(text) ?? [];
  if (id === undefined) throw new Problem('invalid_request', { reason: 'cursor' });
  return { atMs: Number(atMs), id };
}

/** The newest lines before a place, as many as fit, with the cursor of those before them. */
export function cutBefore(
  lines: readonly Line[],
  before: Cut | undefined,
): { readonly lines: readonly Line[]; readonly next?: string } {
  let end = lines.length;
  if (before) {
    const at = lines.findIndex(({ id, atMs }) => id === before.id && atMs === before.atMs);
    const later = lines.findIndex(({ atMs }) => atMs >= before.atMs);
    end = at >= 0 ? at : later >= 0 ? later : lines.length;
  }
  let begin = end;
  let bytes = 0;
  while (begin > 0 && end - begin < MAX_LINES) {
    bytes += Buffer.byteLength(lines[begin - 1]?.text ?? '');
    if (bytes > MAX_BYTES && begin < end) break;
    begin--;
  }
  const first = lines[begin];
  return { lines: lines.slice(begin, end), ...(begin > 0 && first ? { next: cursorOf(first) } : {}) };
}
