import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatToken } from '../../shared/twilio/access-token.ts';
import { stageClock } from '../../stage/clock.ts';
import { clientSockets } from '../../stage/twins/twilio/conversations/client-sockets.ts';
import { type ChatConversation, conversations } from '../../stage/twins/twilio/conversations/conversations.ts';
import { acceptSocket, refuseSocket } from '../../stage/web-socket.ts';
import { testSettings } from '../support/calls.ts';

/** Twilio at the other end of a browser's socket, with one conversation that the visitor is in. */
export interface BrowserTwilio {
  /** What Twilio's client must be told to find it. */
  readonly options: { readonly Twilsock: { readonly uri: string } };
  readonly conversation: ChatConversation;
  /** A token for the visitor, good for an hour. */
  token(): Promise<string>;
  readonly sockets: ReturnType<typeof clientSockets>;
  readonly clock: ReturnType<typeof stageClock>;
  /** What people do. */
  user(name: string, friendlyName: string, attributes: object): void;
  participant(name: string, type?: 'chat' | 'sms'): void;
  message(author: string, text: string, attributes?: object): void;
  leave(name: string): void;
  read(name: string, index: number): void;
  closes(): void;
  types(name: string): void;
  /** The network goes away; nothing can be opened until it is back. */
  isDown: boolean;
  close(): Promise<void>;
}

const chatSettings = {
  ...testSettings,
  TWILIO_API_BASE_URL: undefined,
  FLEX_CONVERSATIONS_SERVICE_SID: 'IS00000000000000000000000000000001',
};
const by = { source: 'API', isTold: false } as const;

export async function browserTwilio(visitor = 'visitor'): Promise<BrowserTwilio> {
  const clock = stageClock();
  const chats = conversations(clock);
  const { TWILIO_API_BASE_URL: _, ...env } = chatSettings;
  const parts = { env: () => env, clock, conversations: chats, mediaUrl: () => '', media: () => undefined };
  const sockets = clientSockets(parts);
  const conversation = chats.create({ friendlyName: 'Web chat' }, by);
  const withName = (name: string) => conversation.participants.find(({ identity }) => identity === name);
  chats.join(conversation, { identity: visitor }, by);
  chats.say(conversation, { author: 'system', body: 'Welcome' }, by);

  const server = createServer();
  server.on('upgrade', (incoming, socket) => {
    if (twin.isDown) refuseSocket(socket, 404);
    else acceptSocket(incoming, socket, sockets.opens);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const uri = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v3/wsconnect`;
  const twin: BrowserTwilio = {
    options: { Twilsock: { uri } },
    conversation,
    token: async () => {
      const nowMs = clock.nowMs();
      return (await chatToken(chatSettings, visitor, nowMs + 3_600_000, nowMs)).token;
    },
    sockets,
    clock,
    user: (name, friendlyName, attributes) =>
      chats.setUser(name, { friendlyName, attributes: JSON.stringify(attributes) }),
    participant: (name, type = 'chat') =>
      void chats.join(conversation, type === 'chat' ? { identity: name } : { binding: { type, address: name } }, by),
    message: (author, body, attributes = {}) =>
      void chats.say(conversation, { author, body, attributes: JSON.stringify(attributes) }, by),
    leave(name) {
      const who = withName(name);
      if (who) chats.leave(conversation, who, by);
    },
    read(name, lastReadIndex) {
      const who = withName(name);
      if (who) chats.updateParticipant(conversation, who, { lastReadIndex }, by);
    },
    closes: () => chats.update(conversation, { state: 'closed' }, by),
    types: (name) => sockets.types(conversation, name),
    isDown: false,
    async close() {
      sockets.drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return twin;
}
