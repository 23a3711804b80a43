import type { Conversation, ConversationEvent, JoinConversation, Said } from '../service-desk/conversation.ts';

interface PlayedAgent {
  readonly name?: string | undefined;
  readonly avatarUrl?: string;
  /** Does not answer when asked who they are. */
  readonly isSilent?: boolean;
}

interface PlayedFile {
  readonly name?: string;
  /** None for a file that is gone. */
  readonly url?: string;
  /** Does not answer when asked where it is. */
  readonly isSilent?: boolean;
}

/**
 * A conversation in which a test plays everybody but the customer, whatever carries the words in real life. With another
 * conversation SID another one begins.
 */
export interface PlayedConversation {
  readonly join: JoinConversation;
  /** What was sent by the customer: words, or the name of a file. */
  readonly sent: string[];
  /** What else the desk did: `typing`, `read` and a place, `leave`, `disconnect`, `renewed` and the end of the token. */
  readonly deeds: string[];
  /** The passes with which it was joined. */
  readonly tokens: readonly string[];
  /** How the next calls of these go; they work when nothing is said. */
  readonly trouble: { join?: 'fails' | 'hangs'; send?: 'fails' | 'hangs'; file?: 'fails'; since?: 'fails' | 'hangs' };
  /** Hears what the customer sends, to answer like a script. */
  onSent: (text: string) => void;
  joins(id: string, agent?: PlayedAgent): void;
  leaves(id: string): void;
  says(id: string | undefined, text: string, files?: readonly PlayedFile[]): void;
  types(id: string, isTyping: boolean): void;
  /** Reads everything that there is now. */
  reads(id: string): void;
  closes(): void;
  tells(event: ConversationEvent): void;
  /** Everybody who listens hears no more, as when a page is closed. */
  unload(): void;
}

export function playedConversation(): PlayedConversation {
  let said: Said[] = [];
  let current: string | undefined;
  const agents = new Map<string, PlayedAgent>();
  /** Who is asked about may have gone since. */
  const known = new Map<string, PlayedAgent>();
  const sent: string[] = [];
  const deeds: string[] = [];
  const tokens: string[] = [];
  const listeners = new Set<(event: ConversationEvent) => void>();
  const trouble: PlayedConversation['trouble'] = {};
  let isClosed = false;

  const tells = (event: ConversationEvent) => {
    for (const tell of [...listeners]) tell(event);
  };
  const add = (one: Omit<Said, 'index'>): number => {
    const next = { ...one, index: said.length };
    said.push(next);
    tells({ kind: 'said', said: next });
    return next.index;
  };
  const agentOf = (id: string) => ({
    id,
    async profile() {
      const { isSilent, ...profile } = known.get(id) ?? {};
      return isSilent ? new Promise<never>(() => {}) : profile;
    },
  });
  const mine = (text: string): number => {
    sent.push(text);
    return add({ agentId: 'visitor', isMine: true, text, files: [] });
  };

  function conversationOf(tell: (event: ConversationEvent) => void): Conversation {
    return {
      agents: [...agents.keys()].map(agentOf),
      get isClosed() {
        return isClosed;
      },
      async since(index) {
        if (trouble.since === 'fails') throw new Error('no history');
        if (trouble.since === 'hangs') return new Promise<never>(() => {});
        return said.filter((one) => one.index >= index);
      },
      async send(text) {
        if (isClosed || trouble.send === 'fails') throw new Error('not sent');
        if (trouble.send === 'hangs') return new Promise<never>(() => {});
        const index = mine(text);
        played.onSent(text);
        return index;
      },
      async sendFile({ name }) {
        if (trouble.file === 'fails') throw new Error('not sent');
        return mine(name);
      },
      async typing() {
        deeds.push('typing');
      },
      async markRead(index) {
        deeds.push(`read ${index}`);
      },
      async renewToken(token) {
        deeds.push(`renewed ${token.split('.').at(-1)}`);
      },
      async disconnect(leaving) {
        listeners.delete(tell);
        deeds.push(leaving ? 'leave' : 'disconnect');
      },
    };
  }

  const played: PlayedConversation = {
    sent,
    deeds,
    tokens,
    trouble,
    onSent: () => {},
    async join({ token, conversationSid }, tell) {
      tokens.push(token);
      if (current !== undefined && conversationSid !== current) {
        said = [];
        agents.clear();
        isClosed = false;
      }
      current = conversationSid;
      if (trouble.join === 'fails') throw new Error('no connection');
      if (trouble.join === 'hangs') return new Promise<never>(() => {});
      listeners.add(tell);
      return conversationOf(tell);
    },
    joins(id, agent = {}) {
      agents.set(id, agent);
      known.set(id, { name: id, ...agent });
      tells({ kind: 'joined', agent: agentOf(id) });
    },
    leaves(id) {
      agents.delete(id);
      tells({ kind: 'left', agentId: id });
    },
    says(id, text, files = []) {
      const shared = files.map(({ name, url, isSilent }) => ({
        name,
        type: 'application/pdf',
        url: async () => (isSilent ? new Promise<never>(() => {}) : url),
      }));
      add({ agentId: id, isMine: false, text, files: shared });
    },
    types: (agentId, isTyping) => tells({ kind: 'typing', agentId, isTyping }),
    reads: (agentId) => tells({ kind: 'read', agentId, index: said.length - 1 }),
    closes() {
      isClosed = true;
      tells({ kind: 'closed' });
    },
    tells,
    unload: () => listeners.clear(),
  };
  return played;
}
