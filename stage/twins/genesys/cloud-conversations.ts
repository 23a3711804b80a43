import { randomUUID } from 'node:crypto';
import { isoTime } from '../../../shared/core/iso-time.ts';
import type { InboundMessage } from './cloud-bodies.ts';

/** A leg of a conversation, as the API shows it. */
export interface Participant {
  readonly id: string;
  readonly name: string;
  readonly purpose: 'customer' | 'acd' | 'agent';
  readonly connectedTime: string;
  readonly attributes: Readonly<Record<string, string>>;
  state: 'connected' | 'disconnected';
  endTime?: string;
  disconnectType?: string;
}

/** A message conversation of Genesys Cloud. */
export interface CloudConversation {
  readonly id: string;
  /** Whose it is: the bot's conversation. */
  readonly fromId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messages: { readonly by: string; readonly text: string; readonly messageId: string }[];
  readonly participants: Participant[];
  customerTypes: boolean;
}

export const customerIn = ({ participants }: CloudConversation): Participant | undefined =>
  participants.find(({ purpose }) => purpose === 'customer');

export const isOpen = (one: CloudConversation): boolean => customerIn(one)?.state === 'connected';

export const agentOf = ({ participants }: CloudConversation): Participant | undefined =>
  participants.findLast(({ purpose, state }) => purpose === 'agent' && state === 'connected');

export interface CloudConversations {
  all(): readonly CloudConversation[];
  find(id: string): CloudConversation | undefined;
  /** Words of a customer: into the conversation that they have open, else into a new one (threading timeline 0). */
  take(message: InboundMessage): CloudConversation;
  typing(fromId: string): void;
  /** An agent comes. */
  join(conversation: CloudConversation, name: string): Participant;
  leave(participant: Participant, disconnectType: string): void;
  /** All legs that are left are over. */
  disconnect(conversation: CloudConversation, customerType: string): void;
  reset(): void;
}

export function cloudConversations(nowMs: () => number): CloudConversations {
  const conversations: CloudConversation[] = [];
  const newParticipant = (purpose: Participant['purpose'], name: string, attributes = {}): Participant => ({
    id: randomUUID(),
    name,
    purpose,
    connectedTime: isoTime(nowMs()),
    attributes,
    state: 'connected',
  });
  const leave = (participant: Participant, disconnectType: string) => {
    if (participant.state === 'disconnected') return;
    participant.state = 'disconnected';
    participant.endTime = isoTime(nowMs());
    participant.disconnectType = disconnectType;
  };
  const openOf = (fromId: string) => conversations.findLast((one) => one.fromId === fromId && isOpen(one));

  return {
    all: () => conversations,
    find: (id) => conversations.find((one) => one.id === id),
    take({ channel, text }) {
      const { from, messageId, metadata } = channel;
      const attributes = metadata?.customAttributes ?? {};
      let conversation = openOf(from.id);
      if (!conversation) {
        const participants = [
          newParticipant('customer', from.nickname ?? from.id, attributes),
          newParticipant('acd', 'Support'),
        ];
        conversation = {
          id: randomUUID(),
          fromId: from.id,
          attributes,
          messages: [],
          participants,
          customerTypes: false,
        };
        conversations.push(conversation);
      }
      conversation.customerTypes = false;
      conversation.messages.push({ by: 'customer', text, messageId });
      return conversation;
    },
    typing(fromId) {
      const conversation = openOf(fromId);
      if (conversation) conversation.customerTypes = true;
    },
    join(conversation, name) {
      for (const one of conversation.participants) if (one.purpose === 'acd') leave(one, 'transfer');
      const agent = newParticipant('agent', name);
      conversation.participants.push(agent);
      return agent;
    },
    leave,
    disconnect(conversation, customerType) {
      for (const one of conversation.participants) leave(one, one.purpose === 'customer' ? customerType : 'peer');
    },
    reset: () => void conversations.splice(0),
  };
}
