/** What a ticket of Flex names: the conversation, and the interaction where one was begun for it. */
export interface Ticket {
  readonly conversationSid: string;
  /** Undefined for a web chat, whose interaction Flex begins by itself. */
  readonly interactionSid: string | undefined;
}

const TICKET = /^(CH[0-9a-f]{32})(?::(KD[0-9a-f]{32}))?$/;

export const ticketOf = (conversationSid: string, interactionSid: string): string =>
  `${conversationSid}:${interactionSid}`;

/** Whether a ticket is that of a web chat, which began at `flex-token` and not at a desk. */
export const isWebChat = (ticket: string): boolean =>
  readTicket(ticket)?.interactionSid === undefined && TICKET.test(ticket);

/** Undefined for what is no ticket of Flex, as when the opening never came so far. */
export function readTicket(ticket: string): Ticket | undefined {
  const [, conversationSid, interactionSid] = TICKET.exec(ticket) ?? [];
  return conversationSid === undefined ? undefined : { conversationSid, interactionSid };
}
