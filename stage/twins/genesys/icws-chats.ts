import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { isoTime } from '../../../shared/core/iso-time.ts';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';

const words = v.pipe(v.string(), v.nonEmpty());

/** What the web chat takes, as strictly as its documentation names it. */
const bodies = {
  start: v.strictObject({
    participantName: words,
    targetName: words,
    targetType: v.picklist(['Workgroup', 'User', 'Station', 'System']),
    transcriptEmailAddress: v.optional(v.string()),
    language: v.optional(v.string()),
    notes: v.optional(v.string()),
  }),
  'send-message': v.strictObject({ message: words, contentType: v.picklist(['text/plain', 'text/html']) }),
  'typing-state': v.strictObject({ typingIndicator: v.boolean() }),
  reconnect: v.strictObject({ chatId: words, participantId: words }),
};

const ACTIVE = 2;
const DISCONNECTED = 4;

/** A chat of PureConnect. */
export interface IcwsChat {
  readonly chatId: string;
  readonly participantId: string;
  readonly handoverId: string | undefined;
  readonly conversationId: string | undefined;
  readonly start: v.InferOutput<typeof bodies.start>;
  readonly messages: Record<string, unknown>[];
  /** How many were given by `messages`, which gives each once. */
  given: number;
  agent: { readonly id: string; readonly name: string } | undefined;
  isOver: boolean;
  customerTypes: boolean;
  /** False after a switch-over, until the participant reconnects. */
  isKnown: boolean;
}

const refusal = (status: number, errorId: string): TwinAnswer => ({ status, body: { errorId, message: errorId } });
const unknownParticipant = refusal(400, 'error.request.webChat.invalidParticipantId');

export interface IcwsChats {
  all(): readonly IcwsChat[];
  /** Undefined for what is none of the web chat's. */
  answer(request: TwinRequest): TwinAnswer | undefined;
  act(chat: IcwsChat, does: 'take' | 'say' | 'typing' | 'leave' | 'end', name: string, text: string): void;
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

  function bodyOf<K extends keyof typeof bodies>(resource: K, { headers, body }: TwinRequest) {
    if (headers['content-type'] !== 'application/json') return undefined;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), bodies[resource]), body);
    return parsed.success ? (parsed.output as v.InferOutput<(typeof bodies)[K]>) : undefined;
  }

  function start(request: TwinRequest): TwinAnswer {
    const body = bodyOf('start', request);
    if (!body) return refusal(400, 'error.request.invalidRepresentation');
    const chat: IcwsChat = {
      chatId: randomUUID(),
      participantId: randomUUID(),
      handoverId: request.headers['x-handover-id'],
      conversationId: request.headers['x-conversation-id'],
      start: body,
      messages: [],
      given: 0,
      agent: undefined,
      isOver: false,
      customerTypes: false,
      isKnown: true,
    };
    chats.push(chat);
    state(chat, chat.participantId, body.participantName, 'WebUser', ACTIVE);
    const { chatId, participantId } = chat;
    const __type = 'urn:inin.com:webChat:startChatResponse';
    const formats = { dateFormat: 'M/d/yyyy', timeFormat: 'h:mm tt' };
    return { status: 200, body: { __type, pollWaitSuggestion: '2000', participantId, chatId, ...formats } };
  }

  function reconnect(request: TwinRequest): TwinAnswer {
    const body = bodyOf('reconnect', request);
    const chat = chats.find((one) => one.chatId === body?.chatId && one.participantId === body?.participantId);
    if (!chat || chat.isOver) return refusal(400, 'error.request.webChat.invalidChatId');
    chat.isKnown = true;
    return { status: 204 };
  }

  function inChat(chat: IcwsChat, resource: string, request: TwinRequest): TwinAnswer {
    const isGet = request.method === 'GET';
    if (isGet && (resource === 'messages' || resource === 'message-history')) {
      const from = resource === 'messages' ? chat.given : 0;
      if (resource === 'messages') chat.given = chat.messages.length;
      return { status: 200, body: { pollWaitSuggestion: '2000', messages: chat.messages.slice(from) } };
    }
    if (isGet || chat.isOver) return unknownParticipant;
    if (resource === 'exit') {
      end(chat);
      return { status: 204 };
    }
    if (resource === 'send-message') {
      const body = bodyOf(resource, request);
      if (!body) return refusal(400, 'error.request.invalidRepresentation');
      const { contentType, message: value } = body;
      chat.customerTypes = false;
      add(chat, chat.participantId, 'chatTextMessage', { contentType, value });
      return { status: 204 };
    }
    const typing = bodyOf('typing-state', request);
    if (!typing) return refusal(400, 'error.request.invalidRepresentation');
    chat.customerTypes = typing.typingIndicator;
    return { status: 204 };
  }

  return {
    all: () => chats,
    answer(request) {
      const { method, path } = request;
      if (!path.startsWith('/icws/web-chat/')) return undefined;
      const [resource = '', participantId, ...more] = path.slice('/icws/web-chat/'.length).split('/');
      if (method === 'POST' && participantId === undefined && resource === 'start') return start(request);
      if (method === 'POST' && participantId === undefined && resource === 'reconnect') return reconnect(request);
      const known = ['messages', 'message-history', 'send-message', 'typing-state', 'exit'];
      if (!known.includes(resource) || participantId === undefined || more.length > 0) return { status: 404, body: {} };
      const chat = chats.find((one) => one.participantId === decodeURIComponent(participantId));
      return chat?.isKnown ? inChat(chat, resource, request) : unknownParticipant;
    },
    act(chat, does, name, text) {
      if (!chat.agent) {
        chat.agent = { id: randomUUID(), name };
        state(chat, chat.agent.id, name, 'Agent', ACTIVE);
      }
      const { id } = chat.agent;
      if (does === 'say') add(chat, id, 'chatTextMessage', { contentType: 'text/plain', value: text });
      if (does === 'typing') add(chat, id, 'chatTypingIndicatorMessage', { value: true });
      if (does !== 'leave' && does !== 'end') return;
      state(chat, id, chat.agent.name, 'Agent', DISCONNECTED);
      chat.agent = undefined;
      if (does === 'end') end(chat);
    },
    switchOver() {
      for (const chat of chats) chat.isKnown = false;
    },
    reset: () => void chats.splice(0),
  };
}
