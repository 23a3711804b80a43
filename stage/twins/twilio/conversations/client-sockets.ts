import type { SocketEars, SocketEnd } from '../../../web-socket.ts';
import { type TalkParts, takeFrame } from './client-talk.ts';
import type { ChatConversation } from './conversations.ts';
import { type Connection, followers } from './followers.ts';
import { packed, unpacked } from './packets.ts';
import { keepInView } from './wire-view.ts';

/** The sockets of @twilio/conversations in browsers. */
export interface ClientSockets {
  readonly opens: (end: SocketEnd) => SocketEars;
  /** `METHOD url` of what clients asked for lately, oldest first. */
  readonly asked: readonly string[];
  /** The tokens that they brought. */
  readonly tokens: readonly string[];
  readonly open: number;
  /** Tells those in a conversation that somebody types there. */
  types(conversation: ChatConversation, identity: string): void;
  /** Tells every client that its token is about to end. */
  endsSoon(): void;
  /** Breaks all connections. */
  drop(): void;
  reset(): void;
}

const TYPING_SEC = 5;
const MOST_NOTED = 1_000;

function noted(list: string[], what: string): void {
  list.push(what);
  if (list.length > MOST_NOTED) list.shift();
}

const isIn = ({ participants }: ChatConversation, identity: string | undefined) =>
  participants.some((one) => one.identity === identity);

/** Twilio's end of the sockets. */
export function clientSockets(parts: TalkParts): ClientSockets {
  const asked: string[] = [];
  const tokens: string[] = [];
  const hub = followers();
  const { connections, objects, notify } = hub;
  keepInView(parts.conversations, objects);

  const types: ClientSockets['types'] = (conversation, identity) => {
    const what = { channel_sid: conversation.sid, identity, typing_timeout: TYPING_SEC };
    for (const one of connections)
      if (isIn(conversation, one.client?.identity)) notify(one, 'twilio.ipmsg.typing_indicator', what);
  };
  const brought = (token: string) => noted(tokens, token);
  const asks = (what: string) => noted(asked, what);
  const talk = { ...parts, ...hub, types, brought, asks };
  const drop = () => {
    for (const one of [...connections]) one.drop();
  };

  return {
    opens(end) {
      const send: Connection['send'] = (header, body) => end.send(packed(header, body));
      const connection: Connection = { client: undefined, token: '', follows: new Set(), ...end, send };
      connections.add(connection);
      return {
        received(data) {
          try {
            takeFrame(talk, connection, unpacked(data));
          } catch {
            end.drop();
          }
        },
        closed: () => void connections.delete(connection),
      };
    },
    asked,
    tokens,
    get open() {
      return connections.size;
    },
    types,
    endsSoon() {
      for (const { send } of connections)
        send({ method: 'client_update', id: 'TM1', client_update_type: 'token_about_to_expire' });
    },
    drop,
    reset() {
      drop();
      connections.clear();
      objects.reset();
      asked.length = 0;
      tokens.length = 0;
    },
  };
}
