import * as v from 'valibot';
import type { Deadline } from '../../../core/deadline.ts';
import type { Desk, HandoverRef } from '../../../core/handover/desk.ts';
import type { DeskTold } from '../../../core/handover/desk-told.ts';
import { NotTaken } from '../../../core/handover/not-taken.ts';
import type { SendHttp } from '../../../core/http.ts';
import { earlier } from '../../../core/in-time.ts';
import { firstWords, undeliveredWords } from '../words.ts';
import { type ChatIds, chatIn, isUnknown, openWebChat, ticketOf } from './client.ts';
import { type IcwsMessage, messages, started } from './payloads.ts';
import { sendMessage, startChat, toldByMessages } from './translate.ts';

/** What must be left to close a chat again that could not be told what it is about. */
const EXIT_MS = 400;

/** How much of what was given before is told again: more than anybody can have died with, less than a whole chat. */
const MAX_TOLD_AGAIN = 20;

interface IcwsParts {
  readonly url: string;
  readonly send: SendHttp;
  /** The workgroup for a topic. */
  readonly queueOf: (topic: string | undefined) => string | undefined;
  /** Where an agent sees a handover; undefined where there is no such page. */
  readonly linkTo: (handoverId: string) => string | undefined;
}

/** Agents at a PureConnect server, who are reached by its web chat. It tells nothing by itself: it is looked at. */
export function icwsDesk({ url, send, queueOf, linkTo }: IcwsParts): Desk {
  const webChat = openWebChat(url, send);

  function chatOf({ ticket }: HandoverRef): ChatIds {
    const chat = chatIn(ticket);
    if (!chat) throw new NotTaken('refused', 'the ticket names no chat');
    return chat;
  }

  const say = (ref: HandoverRef, text: string, deadline: Deadline) => {
    const call = { method: 'POST', resource: 'send-message', body: sendMessage(text) } as const;
    return webChat.askIn(chatOf(ref), call, ref, deadline);
  };

  /** It is over also where the server does not know it any more; then nobody need reconnect first. */
  async function exit(ref: HandoverRef, deadline: Deadline): Promise<void> {
    const chat = chatIn(ref.ticket);
    if (!chat) return;
    try {
      await webChat.ask('POST', `exit/${encodeURIComponent(chat.participantId)}`, undefined, ref, deadline);
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  }

  /** Messages that one resource gives. The history is there from web-chat 6 on: without it there is none. */
  async function read(resource: 'messages' | 'message-history', chat: ChatIds, ref: HandoverRef, deadline: Deadline) {
    const answer = await webChat.askIn(chat, { method: 'GET', resource }, ref, deadline);
    const parsed = v.safeParse(messages, answer);
    return parsed.success ? parsed.output : [];
  }

  return {
    async open(handover, lines, deadline) {
      const { handoverId, conversationId, topic } = handover;
      const target = queueOf(topic);
      if (target === undefined) throw new NotTaken('refused', 'DESK_QUEUES names no workgroup');
      const start = startChat(handover, target, linkTo(handoverId));
      const parsed = v.safeParse(started, await webChat.ask('POST', 'start', start, handover, deadline));
      if (!parsed.success) throw new NotTaken('unknown', 'no chat in the answer');
      const ref = { handoverId, conversationId, ticket: ticketOf(parsed.output) };
      try {
        await say(ref, firstWords(handover, lines), earlier(deadline, EXIT_MS));
      } catch (error) {
        // An agent who does not know why is no handover: the chat is closed again.
        await exit(ref, deadline).catch(() => {});
        throw error;
      }
      return ref.ticket;
    },

    async tell(ref, event, _eventId, deadline) {
      switch (event.kind) {
        case 'said':
          await say(ref, event.line.text, deadline);
          return;
        case 'undelivered':
          await say(ref, undeliveredWords(event.line), deadline);
          return;
        case 'typing': {
          const call = { method: 'POST', resource: 'typing-state', body: { typingIndicator: true } } as const;
          await webChat.askIn(chatOf(ref), call, ref, deadline);
          return;
        }
        case 'ended':
          return exit(ref, deadline);
      }
    },

    async look(ref, deadline): Promise<readonly DeskTold[]> {
      const chat = chatIn(ref.ticket);
      if (!chat) return [];
      try {
        // New messages are given once; the history has those that were given to somebody who died with them.
        const fresh = await read('messages', chat, ref, deadline);
        const all = await read('message-history', chat, ref, deadline).catch((): readonly IcwsMessage[] => []);
        return toldByMessages(ref, chat, [...all, ...fresh]).slice(-(fresh.length + MAX_TOLD_AGAIN));
      } catch (error) {
        if (!isUnknown(error)) throw error;
        const { handoverId, ticket } = ref;
        const over = { kind: 'ended', by: 'agent', agent: undefined } as const;
        return [{ about: { handoverId, ticket }, event: over, eventId: `${ticket}-over`, atMs: undefined }];
      }
    },
  };
}
