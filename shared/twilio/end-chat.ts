import type { Deadline } from '../core/deadline.ts';
import type { HandoverRef } from '../core/handover/desk.ts';
import type { FlexCalls } from './flex-calls.ts';
import { readTicket, type Ticket } from './flex-ticket.ts';
import { found, taken } from './taken.ts';

/** The ticket of a handover, also of one whose opening nobody knows the outcome of; undefined when Flex has none. */
export async function ticketNamed(
  calls: FlexCalls,
  { handoverId, ticket }: HandoverRef,
  deadline: Deadline,
): Promise<Ticket | undefined> {
  const known = readTicket(ticket);
  if (known || handoverId === '') return known;
  const there = found(await calls.conversations.read(handoverId, deadline));
  return there && { conversationSid: there.sid, interactionSid: undefined };
}

/** The interaction of a ticket: its own, or that of the task which the conversation has. */
export async function interactionOf(
  { findTasks }: FlexCalls,
  { conversationSid, interactionSid }: Ticket,
  deadline: Deadline,
): Promise<string | undefined> {
  if (interactionSid !== undefined) return interactionSid;
  const tasks = taken(await findTasks('conversationSid', conversationSid, deadline));
  return tasks.find((task) => task.interactionSid !== undefined)?.interactionSid;
}

/**
 * Ends a conversation with people: through its interaction, so that its tasks end with it, and nobody is left waiting for
 * somebody who has gone. A conversation without one is closed itself. Ending it again is harmless. Throws `NotTaken`.
 */
export async function endChat(calls: FlexCalls, ref: HandoverRef, deadline: Deadline): Promise<void> {
  const ticket = await ticketNamed(calls, ref, deadline);
  if (!ticket) return;
  const interactionSid = await interactionOf(calls, ticket, deadline);
  const channels =
    interactionSid === undefined ? [] : (found(await calls.interactions.channels(interactionSid, deadline)) ?? []);
  const open = channels.filter(({ status }) => status !== 'closed' && status !== 'failed');
  if (interactionSid !== undefined && open.length > 0) {
    const closing = open.map(({ sid }) => calls.interactions.close(interactionSid, sid, deadline));
    for (const closed of await Promise.all(closing)) taken(closed);
    return;
  }
  const closed = await calls.conversations.close(ticket.conversationSid, deadline);
  // Refused where it is closed already, or gone.
  if (closed.is !== 'refused') taken(closed);
}
