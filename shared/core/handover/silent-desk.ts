import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import type { Desk } from './desk.ts';
import type { Line } from './line.ts';

const ANSWER_MS = 300;

const waitingId = (handoverId: string): string => `${handoverId}-waiting`;

/** The line that says that the desk has the customer in its own line: the first that is heard of a desk that has a handover. */
export const waitingLine = (handoverId: string, atMs: number): Line => ({
  by: 'system',
  text: 'The customer waits for a person',
  atMs,
  id: waitingId(handoverId),
});

/** The id of the line that an event of a desk becomes. */
export const deskLineId = (hash: string): string => `d-${hash}`;

interface SilenceParts {
  readonly table: Pick<Table, 'transcripts'>;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/**
 * Whether a desk whose yes proves nothing has had its time to say something of its own, and has said nothing since it was
 * given the handover: nobody will come. Throws `state_unavailable`.
 */
export async function isSilent(
  { table, clock, deadline }: SilenceParts,
  { speaksWithinMs }: Pick<Desk, 'speaksWithinMs'>,
  conversationId: string,
  handoverId: string,
): Promise<boolean> {
  if (speaksWithinMs === undefined) return false;
  const record = await inTime(deadline, ANSWER_MS, table.transcripts.handover(handoverId));
  if (!record || clock.nowMs() < record.openedAtMs + speaksWithinMs) return false;
  const all = table.transcripts.lines(conversationId, Number.POSITIVE_INFINITY);
  const lines = await inTime(deadline, ANSWER_MS, all);
  const isOfDesk = ({ id, by, atMs }: Line) =>
    (by === 'agent' || id.startsWith(deskLineId(''))) && atMs >= record.openedAtMs;
  return !lines.some((line) => line.id === waitingId(handoverId) || isOfDesk(line));
}
