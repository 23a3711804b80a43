import type { Deadline } from '../../../core/deadline.ts';
import type { HandoverRef } from '../../../core/handover/desk.ts';
import { NotTaken } from '../../../core/handover/not-taken.ts';
import { partsOf } from '../words.ts';
import type { OpenMessaging } from './messaging.ts';
import { inboundMessage } from './translate.ts';

/** Messages of several parts of which this instance knows how many have arrived. */
const MOST_REMEMBERED = 200;

/** Whether a handover has a ticket of Genesys's own: it has none where the opening broke off. */
export const hasTicket = ({ ticket, handoverId }: HandoverRef): boolean => ticket !== '' && ticket !== handoverId;

interface Said {
  readonly text: string;
  readonly eventId: string;
  readonly atMs: number;
}

/**
 * Says something to the agent, in as many messages as it needs; after a failure those that have arrived are not sent again.
 * Words that open another conversation come to nobody who knows the customer: that one is closed, and they are refused. So are
 * words of a handover that is over, which Genesys puts into the one that came after it.
 */
export function sayIn(messaging: OpenMessaging) {
  const arrived = new Map<string, number>();

  async function refuseOther(ref: HandoverRef, came: string | undefined, deadline: Deadline): Promise<void> {
    if (came === undefined || !hasTicket(ref) || came === ref.ticket) return;
    await messaging.disconnectOwn(ref, came, deadline).catch(() => {});
    throw new NotTaken('refused', 'the conversation at Genesys is over');
  }

  function remember(eventId: string, count: number): void {
    arrived.set(eventId, count);
    const [oldest] = arrived.size > MOST_REMEMBERED ? arrived.keys() : [];
    if (oldest !== undefined) arrived.delete(oldest);
  }

  return async (ref: HandoverRef, { text, eventId, atMs }: Said, deadline: Deadline): Promise<void> => {
    const parts = partsOf(text);
    for (const [index, part] of parts.entries()) {
      if (index < (arrived.get(eventId) ?? 0)) continue;
      const messageId = index === 0 ? eventId : `${eventId}-${index + 1}`;
      const came = await messaging.message(ref, inboundMessage(ref, { text: part, messageId, atMs }), deadline);
      await refuseOther(ref, came, deadline);
      if (parts.length > 1) remember(eventId, index + 1);
    }
    arrived.delete(eventId);
  };
}
