import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import type { Table } from '../table.ts';
import type { Desk, HandoverRef } from './desk.ts';
import type { DeskTold } from './desk-told.ts';
import { NotTaken } from './not-taken.ts';
import { ownerOf } from './owner.ts';
import { refOf } from './to-desk.ts';

const ANSWER_MS = 300;

interface LookParts {
  readonly table: Pick<Table, 'states' | 'transcripts'>;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/** What a desk says when it is asked; nothing where it cannot be, or does not answer: then it is asked again later. */
export async function askDesk(desk: Desk, ref: HandoverRef, deadline: Deadline): Promise<readonly DeskTold[]> {
  try {
    return (await desk.look?.(ref, deadline)) ?? [];
  } catch (error) {
    if (error instanceof NotTaken) return [];
    throw error;
  }
}

/**
 * What the desk says of a handover when it is asked how it stands: for events that may be an end, or the end of one agent's
 * part. Nothing where nobody has it any more.
 * Throws `state_unavailable`.
 */
export async function lookAgain(
  { table, desk, clock, deadline }: LookParts,
  handoverId: string,
): Promise<readonly DeskTold[]> {
  const record = await inTime(deadline, ANSWER_MS, table.transcripts.handover(handoverId));
  if (!record || !desk.look) return [];
  const { conversationId } = record;
  const state = await ownerOf(conversationId, { states: table.states, clock, deadline }, ANSWER_MS).read();
  if (state?.mode !== 'human' || state.handoverId !== handoverId) return [];
  return askDesk(desk, refOf(conversationId, state), deadline);
}
