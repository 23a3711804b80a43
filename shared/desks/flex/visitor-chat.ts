import { bestEffort } from '../../core/best-effort.ts';
import type { Clock } from '../../core/clock.ts';
import type { Deadline } from '../../core/deadline.ts';
import type { HandoverRef } from '../../core/handover/desk.ts';
import type { Lanes } from '../../core/handover/lane.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import { ended, isPaused } from '../../core/handover/ownership.ts';
import { wayToDesk } from '../../core/handover/to-desk.ts';
import { ID } from '../../core/id.ts';
import { inTime } from '../../core/in-time.ts';
import { Problem } from '../../core/problems.ts';
import type { PublicUrls } from '../../core/public-urls.ts';
import type { HandoverRecord, Table } from '../../core/table.ts';
import { chatHandover } from '../../core/web-chat/chat-handover.ts';
import type { Joinable } from '../../core/web-chat/join-proof.ts';
import { eventsUrl } from '../../twilio/events-url.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import { readTicket } from '../../twilio/flex-ticket.ts';
import { found, taken } from '../../twilio/taken.ts';
import { chatsInFlex } from './chats.ts';
import { doneOnce } from './client.ts';

/** For what the visitor does not wait for: without it the chat works, and we know less of it. */
const ASIDE_MS = 1_500;

interface VisitorChatParts {
  readonly table: Table;
  readonly calls: FlexCalls;
  /** Undefined where nobody can be told where to call us. */
  readonly urls: PublicUrls | undefined;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly pauseMinutes: number;
  readonly identity: string;
}

/** A handover that a visitor may join: what it is about, and its conversation in Flex. */
interface Place extends Joinable {
  readonly conversationSid: string;
}

function away(error: unknown): never {
  if (!(error instanceof NotTaken)) throw error;
  throw new Problem('chat_unavailable', { reason: error.message, retryAfterSec: 5 });
}

/** What a visitor's web chat is beside a conversation in Twilio: a handover, in which the bot is silent. */
export function visitorChat(parts: VisitorChatParts) {
  const { table, calls, urls, clock, deadline, identity } = parts;
  const handovers = chatHandover(parts);

  /** Has the events of the conversation told to us as of one that the visitor reads. Throws `NotTaken`. */
  async function hear(conversationSid: string, handoverId: string): Promise<void> {
    if (!urls) return;
    const shown = eventsUrl(urls, handoverId, true);
    const there = taken(await calls.conversations.webhooks(conversationSid, deadline));
    if (there.some(({ url }) => url === shown)) return;
    const before = there.find(({ url }) => url === eventsUrl(urls, handoverId, false));
    const moved = before
      ? await calls.conversations.move(conversationSid, before.sid, shown, deadline)
      : await calls.conversations.listen(conversationSid, shown, deadline);
    taken(moved);
  }

  /** The handover of a chat that was begun, by what is written or by what its conversation says. Undefined for none. */
  async function refOf(handoverId: string, conversationSid: string): Promise<HandoverRef | undefined> {
    const own = await handovers.find(handoverId);
    if (own) return { handoverId, conversationId: own.conversationId, ticket: conversationSid };
    const there = found(await calls.conversations.read(conversationSid, deadline));
    const { handoverId: joined } = there?.attributes ?? {};
    if (typeof joined !== 'string' || !ID.test(joined)) return undefined;
    const other = await handovers.find(joined);
    const ticket = other?.state?.owner;
    // Whoever is in a conversation may write its attributes.
    const isIts = readTicket(ticket ?? '')?.conversationSid === conversationSid;
    return other && ticket && isIts ? { handoverId: joined, conversationId: other.conversationId, ticket } : undefined;
  }

  /** By this the visitor's chat is found when the conversation is erased. */
  const knows = (handoverId: string): Promise<void> =>
    inTime(deadline, ASIDE_MS, table.contexts.tell(handoverId, 'wish', { visitor: identity }, clock.nowMs()));

  return {
    conversationFor: (named: string | undefined) => handovers.conversationFor(named, identity),

    async begins(record: HandoverRecord): Promise<void> {
      await Promise.all([handovers.begins(record), knows(record.handoverId)]);
    },

    /**
     * The chat is there: from now on the bot is silent, and what the service's webhook tells of it finds its conversation. What fails
     * is made good by the next start.
     */
    async has({ handoverId, conversationId }: Joinable, conversationSid: string): Promise<void> {
      const chat = { handoverId, conversationId, ticket: conversationSid };
      await Promise.all([
        bestEffort(deadline, ASIDE_MS, handovers.has(chat)),
        bestEffort(deadline, ASIDE_MS, table.contexts.link(conversationSid, conversationId, clock.nowMs())),
      ]);
    },

    /** Whether a chat that this visitor has open was not ended meanwhile. Whatever of it is missing is made good. */
    async isStillOpen(handoverId: string, conversationSid: string): Promise<boolean> {
      const own = await handovers.find(handoverId);
      if (!own) {
        // One that was joined: Flex alone knows.
        const there = await calls.conversations.read(conversationSid, deadline);
        if (there.is === 'refused') return there.status !== 404;
        return there.is !== 'done' || there.value.state !== 'closed';
      }
      if (own.state?.mode === 'bot') return false;
      await this.has({ handoverId, conversationId: own.conversationId }, conversationSid);
      return true;
    },

    /** Where a proof leads: only to a handover that people in Flex have now, in the conversation that it names. */
    async placeOf(joinable: Joinable): Promise<Place | undefined> {
      const there = await handovers.find(joinable.handoverId);
      if (there?.conversationId !== joinable.conversationId || !isPaused(there.state, clock.nowMs())) return undefined;
      const ticket = readTicket(there.state?.owner ?? '');
      return ticket?.interactionSid ? { ...joinable, conversationSid: ticket.conversationSid } : undefined;
    },

    /** Lets the visitor into a handover. Throws `chat_unavailable`. */
    async join({ handoverId, conversationId, conversationSid }: Place): Promise<{ readonly conversationSid: string }> {
      try {
        await knows(handoverId);
        // First: else what agents write would be shown a second time.
        await hear(conversationSid, handoverId);
        doneOnce(await calls.conversations.join(conversationSid, identity, { handoverId, conversationId }, deadline));
        return { conversationSid };
      } catch (error) {
        return away(error);
      }
    },

    /** The visitor leaves: the bot has the conversation again, and Flex hears that it is over, now or by the sweep. */
    async leave(handoverId: string, conversationSid: string): Promise<void> {
      const ref = await refOf(handoverId, conversationSid).catch((error: unknown) => {
        if (error instanceof NotTaken) return undefined;
        throw error;
      });
      if (!ref) return;
      const over = (state: Parameters<typeof ended>[0]) => ended(state, ref.handoverId, { reason: 'customer' });
      await handovers.owner(ref.conversationId).change(over);
      const toDesk = wayToDesk({ ...table, ...parts, desk: chatsInFlex(calls) });
      await toDesk.send(await toDesk.post(ref, { kind: 'ended', reason: 'customer' }));
    },
  };
}
