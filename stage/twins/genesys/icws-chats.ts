import { randomUUID } from 'node:crypto';
import { isoTime } from '../../../shared/core/iso-time.ts';
import type { StartChat } from './icws-bodies.ts';

const ACTIVE = 2;
const DISCONNECTED = 4;

/** A chat of PureConnect. */
export interface IcwsChat {
  readonly chatId: string;
  readonly participantId: string;
  readonly handoverId: string | undefined;
  readonly conversationId: string | undefined;
  readonly start: StartChat;
  readonly messages: Record<string, unknown>[];
  /** How many were given by `messages`, which gives each once. */
  given: number;
  agent: { readonly id: string; readonly name: string } | undefined;
  isOver: boolean;
  customerTypes: boolean;
  /** False after a switch-over, until the participant reconnects. */
  isKnown: boolean;
}

export type IcwsDoes = 'take' | 'say' | 'typing' | 'leave' | 'end';

export interface IcwsChats {
  all(): readonly IcwsChat[];
  begin(start: StartChat, ids: Pick<IcwsChat, 'handoverId' | 'conversationId'>): IcwsChat;
  /** What the customer writes. */
  write(chat: IcwsChat, value: string, contentType: string): void;
  /** The customer's leg is over, and with it the chat. */
  end(chat: IcwsChat): void;
  /** What an agent does, who comes where there is none. */
  act(chat: IcwsChat, does: IcwsDoes, name: string, text: string): void;
  /** Another server has the chats: nobody is known there who does not reconnect. */
  switchOver(): void;
  reset(): void;
}

export function icwsChats(nowMs: () => number): IcwsChats {
  const chats: IcwsChat[] = [];

  function add(chat: IcwsChat, participantId: string, type: string, more: object): void {
    const sequenceNumber = chat.messages.length;
    const timestamp = isoTime(nowMs());
    chat.messages.push({ __type: `urn:inin.com:webChat:${type}`, participantId, sequenceNumber, timestamp, ...more });
  }
  const state = (chat: IcwsChat, id: string, displayName: string, participantType: string, is: number) =>
    add(chat, id, 'chatParticipantStateChangedMessage', { state: is, displayName, participantType });

  function end(chat: IcwsChat): void {
    chat.isOver = true;
    state(chat, chat.participantId, chat.start.participantName, 'WebUser', DISCONNECTED);
  }

  function agentIn(chat: IcwsChat, name: string): NonNullable<IcwsChat['agent']> {
    if (chat.agent) return chat.agent;
    chat.agent = { id: randomUUID(), name };
    state(chat, chat.agent.id, name, 'Agent', ACTIVE);
    return chat.agent;
  }

  return {
    all: () => chats,
    begin(start, ids) {
      const names = { chatId: randomUUID(), participantId: randomUUID(), ...ids };
      const idle = { given: 0, agent: undefined, isOver: false, customerTypes: false, isKnown: true };
      const chat: IcwsChat = { ...names, start, messages: [], ...idle };
      chats.push(chat);
      state(chat, chat.participantId, start.participantName, 'WebUser', ACTIVE);
      return chat;
    },
    write(chat, value, contentType) {
      chat.customerTypes = false;
      add(chat, chat.participantId, 'chatTextMessage', { contentType, value });
    },
    end,
    act(chat, does, given, text) {
      const { id, name } = agentIn(chat, given);
      if (does === 'say') add(chat, id, 'chatTextMessage', { contentType: 'text/plain', value: text });
      if (does === 'typing') add(chat, id, 'chatTypingIndicatorMessage', { value: true });
      if (does !== 'leave' && does !== 'end') return;
      state(chat, id, name, 'Agent', DISCONNECTED);
      chat.agent = undefined;
      if (does === 'end') end(chat);
    },
    switchOver() {
      for (const chat of chats) chat.isKnown = false;
    },
    reset: () => void chats.splice(0),
  };
}
