import type { Deadline } from '../../core/deadline.ts';
import type { Desk, HandoverRef, ToDesk } from '../../core/handover/desk.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import { addMissing } from '../../twilio/add-missing.ts';
import type { NewMessage } from '../../twilio/conversations.ts';
import { endChat, ticketNamed } from '../../twilio/end-chat.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import { isWebChat } from '../../twilio/flex-ticket.ts';
import { piecesOf } from '../../twilio/message-pieces.ts';
import { customerOf, SYSTEM_AUTHOR } from './identities.ts';
import { lookInFlex } from './look.ts';
import { messageAttributes, undeliveredNote } from './translate.ts';

/** The messages by which the customer's words, or what agents should know, stand in the conversation. */
function messagesOf(ref: HandoverRef, event: ToDesk, eventId: string): readonly NewMessage[] {
  if (event.kind === 'typing' || event.kind === 'ended') return [];
  const isSaid = event.kind === 'said';
  const author = isSaid ? customerOf(ref.handoverId) : SYSTEM_AUTHOR;
  const bodies = isSaid ? piecesOf(event.line.text) : [undeliveredNote(event.line)];
  return bodies.map((body, part) => ({ author, body, attributes: messageAttributes(ref, eventId, part) }));
}

/** What Flex is told of chats that it has, and what it says of them when it is asked: those of bots, and web chats. */
export function chatsInFlex(calls: FlexCalls): Required<Pick<Desk, 'tell' | 'look'>> {
  async function say(ref: HandoverRef, event: ToDesk, eventId: string, isRepeat: boolean, deadline: Deadline) {
    // Whoever is in a web chat writes there. What a bot hears besides stands in the transcript alone: it may be of somebody
    // else than the visitor who named this conversation.
    if (isWebChat(ref.ticket) && event.kind === 'said') return;
    const ticket = await ticketNamed(calls, ref, deadline);
    if (!ticket) throw new NotTaken('refused', 'Flex has no such conversation');
    const ways = { mayBeThere: isRepeat, mayRepeat: false };
    await addMissing(calls, ticket.conversationSid, messagesOf(ref, event, eventId), ways, deadline);
  }

  return {
    async tell(ref, event, eventId, deadline, isRepeat = false) {
      if (event.kind === 'ended') return endChat(calls, ref, deadline);
      // Twilio takes typing of a web chat from its own client alone.
      if (event.kind !== 'typing') await say(ref, event, eventId, isRepeat, deadline);
    },
    look: (ref, deadline) => lookInFlex(calls, ref, deadline),
  };
}
