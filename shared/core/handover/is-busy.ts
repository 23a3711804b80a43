import type { Deadline } from '../deadline.ts';
import { inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import type { Outbox, Parcel } from '../table.ts';
import { type Lanes, laneKey } from './lane.ts';

const ANSWER_MS = 300;

interface BusyParts {
  readonly outbox: Outbox;
  readonly lanes: Lanes;
  readonly deadline: Deadline;
}

/** Whether anything waits for one side of a conversation, or nobody can say: then what may be dropped is dropped. */
export async function isBusy(
  { outbox, lanes, deadline }: BusyParts,
  { conversationId, to }: Pick<Parcel, 'conversationId' | 'to'>,
): Promise<boolean> {
  if (lanes.busy.has(laneKey({ conversationId, to }))) return true;
  try {
    return (await inTime(deadline, ANSWER_MS, outbox.waiting(conversationId, to))).length > 0;
  } catch (error) {
    if (error instanceof Problem) return true;
    throw error;
  }
}
