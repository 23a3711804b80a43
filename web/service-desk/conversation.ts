/** A person who answers, in the conversation now. */
export interface Agent {
  readonly id: string;
  /** What customers see of them. Asked for only when it is shown; rejects or takes its time like any question over a network. */
  profile(): Promise<{ readonly name?: string | undefined; readonly avatarUrl?: string | undefined }>;
}

/** A file in a message. */
export interface SharedFile {
  readonly name: string | undefined;
  readonly type: string;
  /** Where it can be had for a few minutes; undefined when it is gone. */
  url(): Promise<string | undefined>;
}

/** One message. */
export interface Said {
  /** Its place in the conversation, from 0 without gaps. */
  readonly index: number;
  /** Undefined when neither a person nor the customer wrote it, like a flow that greets. */
  readonly agentId: string | undefined;
  readonly isMine: boolean;
  readonly text: string;
  readonly files: readonly SharedFile[];
}

export type ConversationEvent =
  | { readonly kind: 'joined'; readonly agent: Agent }
  /** One of the people is gone. Whether it is over only `closed` says. */
  | { readonly kind: 'left'; readonly agentId: string }
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'typing'; readonly agentId: string; readonly isTyping: boolean }
  /** An agent has read everything up to this place. */
  | { readonly kind: 'read'; readonly agentId: string; readonly index: number }
  /** Nobody can say anything any more. */
  | { readonly kind: 'closed' }
  /** `refused` is a connection that comes back only with another token. */
  | { readonly kind: 'connection'; readonly is: 'up' | 'down' | 'refused' }
  | { readonly kind: 'token-ends-soon' };

/** What lets a visitor into one conversation, as `flex-token` gives it. */
export interface Pass {
  readonly token: string;
  readonly identity: string;
  readonly conversationSid: string;
  /** When the token ends, by the clock of the function. */
  readonly endsAtMs: number;
}

/** A conversation that the visitor is in: how a service desk reaches the people, whatever carries the words. */
export interface Conversation {
  /** The people who were in it when it was joined. Who comes later is an event. */
  readonly agents: readonly Agent[];
  readonly isClosed: boolean;
  /** The messages from a place on, oldest first. */
  since(index: number): Promise<readonly Said[]>;
  /** Resolves to the place of the message when it is in the conversation. Rejects when it may not be. */
  send(text: string): Promise<number>;
  sendFile(file: File): Promise<number>;
  /** Shows the people that the customer is writing. It goes away by itself, or with the message. */
  typing(): Promise<void>;
  /** Tells the people that the customer has read up to this place. */
  markRead(index: number): Promise<void>;
  renewToken(token: string): Promise<void>;
  /** Ends the connection. `leaving` also takes the customer out of the conversation, for good. Never rejects. */
  disconnect(leaving: boolean): Promise<void>;
}

/**
 * Joins the conversation of a pass; `tell` hears everything from then on, in order, also before this resolves. Rejects
 * when it cannot be joined, and leaves no connection behind then.
 */
export type JoinConversation = (pass: Pass, tell: (event: ConversationEvent) => void) => Promise<Conversation>;
