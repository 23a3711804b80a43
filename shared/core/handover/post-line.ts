import { inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import type { Transcripts } from '../table.ts';
import { type DeliveryParts, type Draft, type Posted, post } from './delivery.ts';
import type { Line } from './line.ts';

const ANSWER_MS = 300;

interface PostParts extends DeliveryParts {
  readonly transcripts: Transcripts;
}

/**
 * Posts a parcel and stores the line that goes with it, in this order, so that a crash between the two loses nothing.
 * Undefined when the parcel could be posted anew although its line was there: then all was done before, and this is the
 * same event delivered again. Throws `state_unavailable` when it could not be posted.
 */
export async function postLine(parts: PostParts, draft: Draft, line: Line | undefined): Promise<Posted | undefined> {
  const posted = await post(parts, draft, 'deliver');
  if (!posted.isNew || !line) return posted;
  try {
    const isStored = await inTime(parts.deadline, ANSWER_MS, parts.transcripts.add(draft.conversationId, line));
    if (isStored) return posted;
    await inTime(parts.deadline, ANSWER_MS, parts.outbox.remove(posted.parcel));
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Not ours any more: whoever delivers it stores the line first.
    return { ...posted, isNew: false };
  }
}
