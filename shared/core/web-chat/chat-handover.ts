import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { Lanes } from '../handover/lane.ts';
import type { Owner } from '../handover/owner.ts';
import { ownerOf } from '../handover/owner.ts';
import { extended, isPaused, isPending, type OwnershipState, resumed } from '../handover/ownership.ts';
import { pauseEndMs } from '../handover/pause.ts';
import { endLine, leaveForDesk, refOf } from '../handover/to-desk.ts';
import { inTime } from '../in-time.ts';
import type { HandoverRecord, Table } from '../table.ts';

/** What is left to answer when the table is slow. */
const ANSWER_MS = 1_500;

interface ChatParts {
  readonly table: Pick<Table, 'states' | 'transcripts' | 'openings' | 'reminders' | 'outbox'>;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly pauseMinutes: number;
}

/** A web chat that is open: the conversation of the bot that it is about, and its own in Twilio. */
interface OpenChat {
  readonly handoverId: string;
  readonly conversationId: string;
  readonly ticket: string;
}

/**
 * The web chat has the conversation, or goes on with it. Undefined when somebody else has it or is getting it, and when this chat
 * was ended before.
 */
function chatHas(
  state: OwnershipState | undefined,
  nowMs: number,
  { handoverId, ticket }: OpenChat,
  pausedUntilMs: number,
): OwnershipState | undefined {
  if (state?.handoverId === handoverId && state.mode !== 'pending')
    return extended(state, nowMs, pausedUntilMs) ?? resumed(state, nowMs, pausedUntilMs);
  if (isPaused(state, nowMs) || isPending(state, nowMs)) return undefined;
  return {
    epoch: (state?.epoch ?? 0) + 1,
    seq: (state?.seq ?? 0) + 1,
    mode: 'human',
    pausedUntilMs,
    handoverId,
    bot: 'web-chat',
    owner: ticket,
    deskSeq: 0,
  };
}

/** What a web chat does in the conversation of a bot. All throw `state_unavailable`. */
export function chatHandover({ table, lanes, clock, deadline, pauseMinutes }: ChatParts) {
  const owner = (conversationId: string): Owner => ownerOf(conversationId, { ...table, clock, deadline }, ANSWER_MS);
  const within = <T>(work: Promise<T>): Promise<T> => inTime(deadline, ANSWER_MS, work);

  return {
    /** The conversation that a new chat is about: the one it names, unless a person has that already; else one of its own. */
    async conversationFor(named: string | undefined, identity: string): Promise<string> {
      if (named === undefined) return identity;
      const state = await owner(named).settled();
      return isPaused(state, clock.nowMs()) || isPending(state, clock.nowMs()) ? identity : named;
    },
    /** Writes down why a chat is about to begin. */
    async begins(record: HandoverRecord): Promise<void> {
      const { handoverId, conversationId, openedAtMs } = record;
      await within(
        Promise.all([
          table.transcripts.putHandover(record),
          table.openings.add({ handoverId, conversationId, kind: 'chat', openedAtMs }),
          table.reminders.add({ conversationId, atMs: pauseEndMs(openedAtMs, pauseMinutes) }),
        ]),
      );
    },
    /** The bot is silent while the chat is open. */
    async has(chat: OpenChat): Promise<void> {
      const take = (state: OwnershipState | undefined, nowMs: number) =>
        chatHas(state, nowMs, chat, pauseEndMs(nowMs, pauseMinutes));
      const { conversationId, handoverId } = chat;
      const { before, after } = await owner(conversationId).change(take);
      if (!after || !before || before.mode === 'bot' || before.handoverId === handoverId) return;
      // What was there before ran out or broke off unseen: its desk must still hear of it.
      const reason = before.mode === 'human' ? 'expired' : 'failed';
      const marker = endLine(before.handoverId, reason, clock.nowMs());
      const delivery = { ...table, lanes, clock, deadline };
      await within(leaveForDesk(delivery, refOf(conversationId, before), { kind: 'ended', reason }, marker));
    },
    /** How a handover stands: whose conversation it is about, and what is written of it. Undefined for one that nobody began. */
    async find(handoverId: string) {
      const record = await within(table.transcripts.handover(handoverId));
      if (!record) return undefined;
      const state = await owner(record.conversationId).read();
      const isOwn = state?.handoverId === handoverId;
      return { conversationId: record.conversationId, state: isOwn ? state : undefined };
    },
    owner,
  };
}
