import type { Transcripts } from '../table.ts';
import { asSaid } from './as-said.ts';
import type { HandoverContext } from './context.ts';
import type { Line } from './line.ts';

interface Said {
  readonly line: Line;
  readonly where: string;
}

/** What makes two lines one: ids are unique in one conversation only, and some bots just count. */
const identity = ({ id, by, text }: Line): string => JSON.stringify([id, by, text]);

/**
 * Everything that was said in a handover, oldest first: in the conversation in which it began, in those that were linked
 * to it and in the one that has its own name. A line that is in several is there once, the oldest of it; where different
 * lines have one id, the later one's is followed by `@` and its conversation. `limit` keeps the newest. Within one
 * millisecond the lines of one conversation stay together, in their order.
 */
export async function linesOfHandover(
  transcripts: Pick<Transcripts, 'lines'>,
  { handoverId, record, conversations }: Pick<HandoverContext, 'handoverId' | 'record' | 'conversations'>,
  limit: number,
): Promise<readonly Line[]> {
  const names = new Set([...(record ? [record.conversationId] : []), ...conversations, handoverId]);
  // All of each: a line may be old in one conversation and, delivered again, new in another.
  const all = [...names].map(async (where): Promise<Said[]> => {
    const lines = await transcripts.lines(where, Number.POSITIVE_INFINITY);
    return asSaid(lines).map((line) => ({ line, where }));
  });
  const said = (await Promise.all(all)).flat().sort((a, b) => a.line.atMs - b.line.atMs);
  const once = new Map<string, Line>();
  const taken = new Set<string>();
  for (const { line, where } of said) {
    if (once.has(identity(line))) continue;
    const id = taken.has(line.id) ? `${line.id}@${where}` : line.id;
    taken.add(id);
    once.set(identity(line), { ...line, id });
  }
  return limit > 0 ? [...once.values()].slice(-limit) : [];
}
