import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';

/** A file that came with a message. */
export interface ChatMedia {
  readonly sid: string;
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
}

export interface ChatMessage {
  readonly sid: string;
  readonly index: number;
  readonly author: string;
  readonly body: string;
  /** JSON. */
  readonly attributes: string;
  readonly participantSid: string | undefined;
  readonly media: readonly ChatMedia[];
  readonly atMs: number;
}

export interface ChatParticipant {
  readonly sid: string;
  /** Undefined for somebody who takes part by SMS or the like. */
  readonly identity: string | undefined;
  readonly binding: Readonly<Record<string, string>> | undefined;
  readonly addedAtMs: number;
  attributes: string;
  roleSid: string;
  lastReadIndex: number | undefined;
  lastReadAtMs: number | undefined;
}

/** Where a conversation's events are sent. */
export interface ChatWebhook {
  readonly sid: string;
  readonly target: string;
  readonly createdAtMs: number;
  url: string;
  method: 'GET' | 'POST';
  filters: readonly string[];
}

type ChatState = 'active' | 'inactive' | 'closed';

export interface ChatConversation {
  readonly sid: string;
  readonly createdAtMs: number;
  uniqueName: string | undefined;
  friendlyName: string | undefined;
  /** JSON. */
  attributes: string;
  state: ChatState;
  updatedAtMs: number;
  stateAtMs: number;
  readonly participants: ChatParticipant[];
  readonly messages: ChatMessage[];
  readonly webhooks: ChatWebhook[];
}

/** Who changes something, and whether webhooks hear of it. */
export interface ChangedBy {
  readonly source: 'API' | 'SDK';
  /** Of a client. */
  readonly identity?: string;
  readonly isTold: boolean;
}

export type ChatChange =
  | { readonly is: 'conversation-added' }
  | { readonly is: 'conversation-updated' }
  | { readonly is: 'state-updated'; readonly from: ChatState }
  | { readonly is: 'message-added'; readonly message: ChatMessage }
  | { readonly is: 'participant-added'; readonly participant: ChatParticipant }
  | { readonly is: 'participant-updated'; readonly participant: ChatParticipant }
  | { readonly is: 'participant-removed'; readonly participant: ChatParticipant };

type Hears = (conversation: ChatConversation, change: ChatChange, by: ChangedBy) => void;

type NewMessage = Pick<ChatMessage, 'author' | 'body'> & Partial<Pick<ChatMessage, 'attributes' | 'media'>>;
type NewParticipant = Partial<Pick<ChatParticipant, 'identity' | 'binding' | 'attributes' | 'roleSid'>>;
type NewConversation = Partial<Pick<ChatConversation, 'uniqueName' | 'friendlyName' | 'attributes' | 'state'>>;

/** Somebody who uses a client: name and picture, as others see them. */
export interface ChatUser {
  readonly friendlyName: string | undefined;
  /** JSON. */
  readonly attributes: string;
}

/** The conversations of the account, whoever changes them: REST, clients, Flex. */
export interface Conversations {
  all(): readonly ChatConversation[];
  /** By SID or unique name. */
  find(name: string): ChatConversation | undefined;
  create(wanted: NewConversation, by: ChangedBy): ChatConversation;
  update(conversation: ChatConversation, change: NewConversation, by: ChangedBy): void;
  join(conversation: ChatConversation, who: NewParticipant, by: ChangedBy): ChatParticipant;
  updateParticipant(
    conversation: ChatConversation,
    participant: ChatParticipant,
    change: Partial<Pick<ChatParticipant, 'attributes' | 'roleSid' | 'lastReadIndex'>>,
    by: ChangedBy,
  ): void;
  leave(conversation: ChatConversation, participant: ChatParticipant, by: ChangedBy): void;
  say(conversation: ChatConversation, message: NewMessage, by: ChangedBy): ChatMessage;
  user(identity: string): ChatUser;
  setUser(identity: string, user: ChatUser): void;
  /** Calls the listener after every change, in the order in which they are made. */
  watch(listener: Hears): void;
  reset(): void;
}

const ROLE = `RL${'0'.repeat(31)}1`;

export function conversations(clock: Pick<StageClock, 'nowMs'>): Conversations {
  const list: ChatConversation[] = [];
  const users = new Map<string, ChatUser>();
  const listeners: Hears[] = [];
  const tell: Hears = (conversation, change, by) => {
    conversation.updatedAtMs = clock.nowMs();
    for (const listener of listeners) listener(conversation, change, by);
  };
  return {
    all: () => list,
    find: (name) => list.find(({ sid, uniqueName }) => sid === name || uniqueName === name),
    create({ uniqueName, friendlyName, attributes = '{}', state = 'active' }, by) {
      const nowMs = clock.nowMs();
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs, stateAtMs: nowMs };
      const own = { participants: [], messages: [], webhooks: [], ...times };
      const conversation = { sid: newSid('CH'), uniqueName, friendlyName, attributes, state, ...own };
      list.push(conversation);
      tell(conversation, { is: 'conversation-added' }, by);
      return conversation;
    },
    update(conversation, change, by) {
      const from = conversation.state;
      Object.assign(conversation, change);
      if (conversation.state !== from) {
        conversation.stateAtMs = clock.nowMs();
        tell(conversation, { is: 'state-updated', from }, by);
      } else tell(conversation, { is: 'conversation-updated' }, by);
    },
    join(conversation, { identity, binding, attributes = '{}', roleSid = ROLE }, by) {
      const read = { lastReadIndex: undefined, lastReadAtMs: undefined };
      const about = { sid: newSid('MB'), addedAtMs: clock.nowMs(), ...read };
      const participant: ChatParticipant = { ...about, identity, binding, attributes, roleSid };
      conversation.participants.push(participant);
      tell(conversation, { is: 'participant-added', participant }, by);
      return participant;
    },
    updateParticipant(conversation, participant, change, by) {
      Object.assign(participant, change);
      if ('lastReadIndex' in change) participant.lastReadAtMs = clock.nowMs();
      tell(conversation, { is: 'participant-updated', participant }, by);
    },
    leave(conversation, participant, by) {
      const at = conversation.participants.indexOf(participant);
      if (at < 0) return;
      conversation.participants.splice(at, 1);
      tell(conversation, { is: 'participant-removed', participant }, by);
    },
    say(conversation, { author, body, attributes = '{}', media = [] }, by) {
      const about = { sid: newSid('IM'), index: conversation.messages.length, atMs: clock.nowMs() };
      const participantSid = conversation.participants.find(({ identity }) => identity === author)?.sid;
      const message: ChatMessage = { ...about, author, body, attributes, media, participantSid };
      conversation.messages.push(message);
      tell(conversation, { is: 'message-added', message }, by);
      return message;
    },
    user: (identity) => users.get(identity) ?? { friendlyName: undefined, attributes: '{}' },
    setUser: (identity, user) => void users.set(identity, user),
    watch: (listener) => void listeners.push(listener),
    reset() {
      list.length = 0;
      users.clear();
    },
  };
}
