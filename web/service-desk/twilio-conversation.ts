import { Client, type Message, type Participant, type Conversation as TwilioConversation } from '@twilio/conversations';
import type { Agent, Conversation, ConversationEvent, Pass, Said } from './conversation.ts';

type Tell = (event: ConversationEvent) => void;

const PAGE = 100;
/** More than anybody writes while a page is reloaded. */
const MOST_PAGES = 5;

/** A conversation that was begun a moment ago may not be found yet. */
const FOUND_AFTER_MS = [0, 300, 900, 2_000];

/** What Flex and its plug-ins call the picture of an agent. */
const PICTURES = ['avatarUrl', 'image_url'];

function pictureIn(attributes: unknown): string | undefined {
  const own = Object(attributes) as Readonly<Record<string, unknown>>;
  return PICTURES.map((name) => own[name]).find((value) => typeof value === 'string');
}

/** What a bot's handover holds for its agents: the visitor has said or read that elsewhere. */
const isForAgents = ({ attributes }: Message): boolean =>
  (Object(attributes) as Readonly<Record<string, unknown>>).for === 'agents';

const sleep = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Resolves when a client can be used. */
const ready = (client: Client) =>
  new Promise<void>((resolve, reject) => {
    client.on('initialized', () => resolve());
    client.on('initFailed', () => reject(new Error('the connection to Twilio failed')));
  });

async function found(client: Client, sid: string): Promise<TwilioConversation> {
  let problem: unknown;
  for (const delayMs of FOUND_AFTER_MS) {
    await sleep(delayMs);
    try {
      return await client.getConversationBySid(sid);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

const agentOf = (participant: Participant & { readonly identity: string }): Agent => ({
  id: participant.identity,
  async profile() {
    const { friendlyName, attributes } = await participant.getUser();
    return { name: friendlyName ?? undefined, avatarUrl: pictureIn(attributes) };
  },
});

const saidIn = (message: Message, identity: string): Said => ({
  index: message.index,
  isMine: message.author === identity,
  agentId: message.author ?? undefined,
  text: message.body ?? '',
  files: (message.attachedMedia ?? []).map((media) => ({
    name: media.filename ?? undefined,
    type: media.contentType,
    url: async () => (await media.getContentTemporaryUrl()) ?? undefined,
  })),
});

/** The messages from a place on. */
async function messagesSince(conversation: TwilioConversation, index: number): Promise<readonly Message[]> {
  let page = await conversation.getMessages(PAGE, index, 'forward');
  const messages = [...page.items];
  for (let pages = 1; page.hasNextPage && pages < MOST_PAGES; pages += 1) {
    page = await page.nextPage();
    messages.push(...page.items);
  }
  return messages
    .filter((message) => message.index >= index && !isForAgents(message))
    .sort((a, b) => a.index - b.index);
}

type Person = Participant & { readonly identity: string };

/** Who speaks for a customer in the handover of a bot. */
const CUSTOMER = /^customer-/;

/** Whoever is in a web chat of Flex under a name and is not the customer, is there to help them. */
const isAgent = (participant: Participant, identity: string): participant is Person =>
  participant.identity !== null && participant.identity !== identity && !CUSTOMER.test(participant.identity);

const isClosed = ({ state }: TwilioConversation) => state?.current === 'closed';

/** Tells what happens to a connection. */
function hearClient(client: Client, tell: Tell): void {
  client.on('connectionStateChanged', (state: string) => {
    if (state === 'connected') tell({ kind: 'connection', is: 'up' });
    else if (state === 'denied') tell({ kind: 'connection', is: 'refused' });
    else if (state !== 'disconnecting') tell({ kind: 'connection', is: 'down' });
  });
  for (const name of ['tokenAboutToExpire', 'tokenExpired'] as const)
    client.on(name, () => tell({ kind: 'token-ends-soon' }));
}

/** Tells what happens in a conversation. */
function hearConversation(conversation: TwilioConversation, identity: string, tell: Tell): void {
  conversation.on('participantJoined', (participant: Participant) => {
    if (isAgent(participant, identity)) tell({ kind: 'joined', agent: agentOf(participant) });
  });
  conversation.on('participantLeft', (participant: Participant) => {
    if (isAgent(participant, identity)) tell({ kind: 'left', agentId: participant.identity });
    // Who is put out hears nothing any more.
    else if (participant.identity === identity) tell({ kind: 'closed' });
  });
  conversation.on('participantUpdated', ({ participant }: { participant: Participant }) => {
    const index = participant.lastReadMessageIndex;
    if (isAgent(participant, identity) && index !== null) tell({ kind: 'read', agentId: participant.identity, index });
  });
  conversation.on('messageAdded', (message: Message) => {
    if (!isForAgents(message)) tell({ kind: 'said', said: saidIn(message, identity) });
  });
  for (const [name, isTyping] of [
    ['typingStarted', true],
    ['typingEnded', false],
  ] as const) {
    conversation.on(name, (participant: Participant) => {
      if (isAgent(participant, identity)) tell({ kind: 'typing', agentId: participant.identity, isTyping });
    });
  }
  conversation.on('updated', () => {
    if (isClosed(conversation)) tell({ kind: 'closed' });
  });
  conversation.on('removed', () => tell({ kind: 'closed' }));
}

function conversationOver(
  client: Client,
  conversation: TwilioConversation,
  identity: string,
  agents: readonly Agent[],
) {
  const own: Conversation = {
    agents,
    get isClosed() {
      return isClosed(conversation);
    },
    since: async (index) => (await messagesSince(conversation, index)).map((message) => saidIn(message, identity)),
    send: (text) => conversation.sendMessage(text),
    async sendFile(file) {
      const media = { contentType: file.type, filename: file.name, media: file };
      const index = await conversation.prepareMessage().addMedia(media).buildAndSend();
      if (index === null) throw new Error('the file has no place in the conversation');
      return index;
    },
    typing: () => conversation.typing(),
    async markRead(index) {
      // Not all at once: for that the client reads the newest message, and then never tells of it.
      await conversation.advanceLastReadMessageIndex(index);
    },
    async renewToken(token) {
      await client.updateToken(token);
    },
    async disconnect(leaving) {
      if (leaving) await conversation.leave().catch(() => {});
      await client.shutdown().catch(() => {});
    },
  };
  return own;
}

/** What Twilio's client may be told besides the token. */
export interface TwilioClientOptions {
  /** Where the conversations are kept, where that is not us1. */
  readonly region?: string;
  /** Another address for its socket, like that of the local stage. */
  readonly Twilsock?: { readonly uri: string };
}

/** Joins a conversation of Twilio, over its own client for browsers. */
export async function joinTwilioConversation(
  { token, identity, conversationSid }: Pass,
  tellAll: Tell,
  options: TwilioClientOptions = {},
): Promise<Conversation> {
  let isHeard = true;
  const tell: Tell = (event) => {
    if (isHeard) tellAll(event);
  };
  const client = new Client(token, { ...options });
  try {
    const isReady = ready(client);
    hearClient(client, tell);
    await isReady;
    const conversation = await found(client, conversationSid);
    hearConversation(conversation, identity, tell);
    // Flex has put the visitor in; a client that has not heard of it yet is told so.
    if (conversation.status !== 'joined') await conversation.join().catch(() => {});
    const participants = await conversation.getParticipants();
    const agents = participants.filter((one): one is Person => isAgent(one, identity)).map(agentOf);
    const own = conversationOver(client, conversation, identity, agents);
    return {
      ...own,
      get isClosed() {
        return own.isClosed;
      },
      async disconnect(leaving) {
        isHeard = false;
        await own.disconnect(leaving);
      },
    };
  } catch (error) {
    isHeard = false;
    // Not awaited: a client that never came up never goes down either.
    void client.shutdown().catch(() => {});
    throw error;
  }
}
