import * as v from 'valibot';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import { reconnect, sendMessage, startChat, typingState } from './icws-bodies.ts';
import type { IcwsChat, IcwsChats } from './icws-chats.ts';

const POLL = { pollWaitSuggestion: '2000' };

const refusal = (errorId: string): TwinAnswer => ({ status: 400, body: { errorId, message: errorId } });
const malformed = refusal('error.request.invalidRepresentation');
const unknownParticipant = refusal('error.request.webChat.invalidParticipantId');

/** A body of that shape; undefined for any other. */
function bodyOf<T>(schema: v.GenericSchema<unknown, T>, { headers, body }: TwinRequest): T | undefined {
  if (headers['content-type'] !== 'application/json') return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  return parsed.success ? parsed.output : undefined;
}

/** ICWS's web chat. Undefined for what is none of its resources. */
export function icwsApi(chats: IcwsChats): (request: TwinRequest) => TwinAnswer | undefined {
  function start(request: TwinRequest): TwinAnswer {
    const body = bodyOf(startChat, request);
    if (!body) return malformed;
    const { 'x-handover-id': handoverId, 'x-conversation-id': conversationId } = request.headers;
    const { chatId, participantId } = chats.begin(body, { handoverId, conversationId });
    const formats = { dateFormat: 'M/d/yyyy', timeFormat: 'h:mm tt' };
    const __type = 'urn:inin.com:webChat:startChatResponse';
    return { status: 200, body: { __type, ...POLL, participantId, chatId, ...formats } };
  }

  function connectAgain(request: TwinRequest): TwinAnswer {
    const body = bodyOf(reconnect, request);
    const chat = chats.all().find((one) => one.chatId === body?.chatId && one.participantId === body?.participantId);
    if (!chat || chat.isOver) return refusal('error.request.webChat.invalidChatId');
    chat.isKnown = true;
    return { status: 204 };
  }

  function read(chat: IcwsChat, resource: string): TwinAnswer {
    const from = resource === 'messages' ? chat.given : 0;
    if (resource === 'messages') chat.given = chat.messages.length;
    return { status: 200, body: { ...POLL, messages: chat.messages.slice(from) } };
  }

  function change(chat: IcwsChat, resource: string, request: TwinRequest): TwinAnswer {
    if (chat.isOver) return unknownParticipant;
    if (resource === 'exit') {
      chats.end(chat);
      return { status: 204 };
    }
    if (resource === 'send-message') {
      const body = bodyOf(sendMessage, request);
      if (body) chats.write(chat, body.message, body.contentType);
      return body ? { status: 204 } : malformed;
    }
    const typing = bodyOf(typingState, request);
    if (typing) chat.customerTypes = typing.typingIndicator;
    return typing ? { status: 204 } : malformed;
  }

  return (request) => {
    const [, path] = /^\/icws\/web-chat\/(.*)$/.exec(request.path) ?? [];
    if (path === undefined) return undefined;
    const route = `${request.method} ${path}`;
    if (route === 'POST start') return start(request);
    if (route === 'POST reconnect') return connectAgain(request);
    const [, reading, writing, participantId = ''] =
      /^(?:GET (messages|message-history)|POST (send-message|typing-state|exit))\/([^/]+)$/.exec(route) ?? [];
    const chat = chats.all().find((one) => one.participantId === participantId);
    if (reading === undefined && writing === undefined) return { status: 404, body: {} };
    if (!chat?.isKnown) return unknownParticipant;
    return reading === undefined ? change(chat, writing ?? '', request) : read(chat, reading);
  };
}
