import * as v from 'valibot';
import type { Line } from '../../../shared/core/handover/line.ts';

const refs = {
  handoverId: v.string(),
  conversationId: v.string(),
  userId: v.optional(v.string()),
  botId: v.optional(v.string()),
};
const line = v.object({
  by: v.picklist(['customer', 'bot', 'agent', 'system']),
  text: v.string(),
  atMs: v.number(),
  id: v.string(),
});

/** What the desk understands of the events it is sent; their form is Standard Webhooks. */
export const deskEvent = v.variant('type', [
  v.object({
    type: v.literal('handover.requested'),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({
      ...refs,
      topic: v.optional(v.string()),
      reason: v.optional(v.string()),
      name: v.optional(v.string()),
      language: v.optional(v.string()),
      fields: v.optional(v.record(v.string(), v.string()), {}),
      lines: v.array(line),
      linesTotal: v.optional(v.number()),
    }),
  }),
  v.object({
    type: v.literal('handover.message'),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({ ...refs, ticket: v.string(), line }),
  }),
  v.object({
    type: v.literal('handover.typing'),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({ ...refs, ticket: v.string() }),
  }),
  v.object({
    type: v.literal('handover.undelivered'),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({ ...refs, ticket: v.string(), line }),
  }),
  v.object({
    type: v.literal('handover.ended'),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({ ...refs, ticket: v.string(), reason: v.string() }),
  }),
]);

export type DeskEvent = v.InferOutput<typeof deskEvent>;

/** What lies on the agent's desk. */
export interface Ticket {
  readonly ticket: string;
  readonly handoverId: string;
  readonly conversationId: string;
  readonly userId?: string | undefined;
  readonly botId?: string | undefined;
  readonly about: Readonly<Record<string, unknown>>;
  readonly lines: Line[];
  state: 'waiting' | 'taken' | 'ended';
  agent: string | undefined;
  customerTypes: boolean;
  endedBecause: string | undefined;
  /** Counts what the agent did; goes along as `seq`. */
  seq: number;
}

/** All tickets. An event that came before, by its `webhook-id`, changes nothing. */
export interface Tickets {
  all(): readonly Ticket[];
  /** By ticket, handover or conversation; the newest where several fit, or of all when nothing is named. */
  find(named: {
    ticket?: string | undefined;
    handoverId?: string | undefined;
    conversationId?: string | undefined;
  }): Ticket | undefined;
  /** Takes an event; gives the ticket it belongs to. */
  take(eventId: string, event: DeskEvent): Ticket;
  reset(): void;
}

export function deskTickets(): Tickets {
  const tickets: Ticket[] = [];
  const seen = new Set<string>();

  function open(data: DeskEvent['data'], name: string): Ticket {
    const { handoverId, conversationId, userId, botId } = data;
    const { lines, ...about } = 'lines' in data ? data : { lines: [] };
    const ticket: Ticket = {
      ticket: name,
      handoverId,
      conversationId,
      userId,
      botId,
      about,
      lines: [...lines],
      state: 'waiting',
      agent: undefined,
      customerTypes: false,
      endedBecause: undefined,
      seq: 0,
    };
    tickets.push(ticket);
    return ticket;
  }

  return {
    all: () => tickets,
    find({ ticket, handoverId, conversationId }) {
      return tickets.findLast(
        (one) =>
          (ticket === undefined || one.ticket === ticket) &&
          (handoverId === undefined || one.handoverId === handoverId) &&
          (conversationId === undefined || one.conversationId === conversationId),
      );
    },
    take(eventId, { type, data }) {
      const found = tickets.find((one) => one.handoverId === data.handoverId);
      if (type === 'handover.requested') return found ?? open(data, `T-${1_001 + tickets.length}`);
      // A handover that began elsewhere, as when a state was put by hand: the desk goes along.
      const ticket = found ?? open(data, data.ticket);
      if (seen.has(eventId)) return ticket;
      seen.add(eventId);
      ticket.customerTypes = type === 'handover.typing';
      if (type === 'handover.message') ticket.lines.push(data.line);
      if (type === 'handover.ended') {
        ticket.state = 'ended';
        ticket.endedBecause = data.reason;
      }
      return ticket;
    },
    reset() {
      tickets.length = 0;
      seen.clear();
    },
  };
}
