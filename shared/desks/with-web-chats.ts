import type { Desk } from '../core/handover/desk.ts';
import type { FlexCalls } from '../twilio/flex-calls.ts';
import { isWebChat } from '../twilio/flex-ticket.ts';
import { chatsInFlex } from './flex/chats.ts';

/**
 * A desk beside which there are web chats in Flex: what is about one of those goes there, and nowhere where Flex cannot be
 * reached. Everything else is the desk's.
 */
export function withWebChats(desk: Desk, calls: FlexCalls | undefined): Desk {
  const chats = calls && chatsInFlex(calls);
  return {
    ...desk,
    async tell(ref, ...event) {
      await (isWebChat(ref.ticket) ? chats : desk)?.tell(ref, ...event);
    },
    ...((desk.look || chats) && {
      look: async (ref, deadline) => (await (isWebChat(ref.ticket) ? chats : desk)?.look?.(ref, deadline)) ?? [],
    }),
  };
}
