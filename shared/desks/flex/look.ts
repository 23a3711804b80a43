import type { Deadline } from '../../core/deadline.ts';
import type { HandoverRef } from '../../core/handover/desk.ts';
import type { DeskEvent, DeskTold } from '../../core/handover/desk-told.ts';
import { endChat, interactionOf, ticketNamed } from '../../twilio/end-chat.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import type { Ticket } from '../../twilio/flex-ticket.ts';
import { found, taken } from '../../twilio/taken.ts';
import type { TaskSeen } from '../../twilio/tasks.ts';

const ended: DeskEvent = { kind: 'ended', by: 'agent', agent: undefined };
const failed: DeskEvent = { kind: 'failed' };

/** It is over once, however that is told. */
export const overId = (handoverId: string): string => `${handoverId}-over`;

const isLive = ({ status }: TaskSeen): boolean =>
  status === 'pending' || status === 'reserved' || status === 'assigned';

/** How it stands by the tasks that Twilio still knows, newest first: one agent may have gone while another has it, or will. */
function overByTasks(tasks: readonly TaskSeen[]): DeskEvent | 'live' | undefined {
  const [newest] = tasks;
  if (!newest || tasks.some(isLive)) return newest && 'live';
  return newest.status === 'canceled' ? failed : ended;
}

/** By the channel of its interaction, when TaskRouter has forgotten the tasks. One that an agent has parked is not over. */
async function overByChannels(calls: FlexCalls, ticket: Ticket, deadline: Deadline): Promise<DeskEvent | undefined> {
  const interactionSid = await interactionOf(calls, ticket, deadline);
  if (interactionSid === undefined) return undefined;
  const channels = found(await calls.interactions.channels(interactionSid, deadline)) ?? [];
  if (channels.some(({ status }) => status === 'failed' || status === 'active')) return failed;
  return channels.length > 0 && channels.every(({ status }) => status === 'closed') ? ended : undefined;
}

/** Whether a handover is over in Flex, and whether it still has to be closed there. Throws `NotTaken`. */
async function overIn(calls: FlexCalls, ref: HandoverRef, deadline: Deadline) {
  const ticket = await ticketNamed(calls, ref, deadline);
  if (!ticket) return { event: failed, isClosed: true };
  const { conversationSid } = ticket;
  const conversation = found(await calls.conversations.read(conversationSid, deadline));
  if (!conversation || conversation.state === 'closed') return { event: ended, isClosed: true };
  const byTasks = overByTasks(taken(await calls.findTasks('conversationSid', conversationSid, deadline)));
  if (byTasks === 'live') return undefined;
  const event = byTasks ?? (await overByChannels(calls, ticket, deadline));
  return event && { event, isClosed: false };
}

/**
 * What happened in Flex that was perhaps not told: an end. What agents have ended and is still open is closed, so that nobody
 * writes into it any more. Throws `NotTaken`.
 */
export async function lookInFlex(calls: FlexCalls, ref: HandoverRef, deadline: Deadline): Promise<readonly DeskTold[]> {
  const over = await overIn(calls, ref, deadline);
  if (!over) return [];
  // What failed is ended by whoever hears of it, after the customer was told.
  if (!over.isClosed && over.event === ended) await endChat(calls, ref, deadline);
  const { handoverId, conversationId } = ref;
  const about = handoverId === '' ? { conversationId } : { handoverId };
  return [{ about, event: over.event, eventId: overId(handoverId), atMs: undefined }];
}
