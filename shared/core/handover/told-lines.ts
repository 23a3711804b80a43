import type { Transcripts } from '../table.ts';
import { asSaid } from './as-said.ts';
import type { HandoverContext } from './context.ts';
import type { Line } from './line.ts';

/**
 * Everything that was said in a handover, oldest first: in the conversation in which it began, in those that were linked
 * to it and in the one that has its own name. Each id once, the oldest of it; `limit` keeps the newest. Within one
 * millisecond the lines of one conversation stay together, in their order.
 */
export async function linesOfHandover(
  transcripts: Pick<Transcripts, 'lines'>,
  { handoverId, record, conversations }: Pick<HandoverContext, 'handoverId' | 'record' | 'conversations'>,
  limit: number,
): Promise<readonly Line[]> {
  const names = new Set([...(record ? [record.conversationId] : []), ...conversations, handoverId]);
  // All of each: a line may be old in one conversation and, delivered again, new in another.
  const all = [...names].map(async (name) => asSaid(await transcripts.lines(name, Number.POSITIVE_INFINITY)));
  const said = await Promise.all(all);
  const once = new Map<string, Line>();
  for (const line of said.flat().sort((a, b) => a.atMs - b.atMs)) if (!once.has(line.id)) once.set(line.id, line);
  return limit > 0 ? [...once.values()].slice(-limit) : [];
}
