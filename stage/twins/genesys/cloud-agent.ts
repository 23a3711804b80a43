import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../../shared/core/http.ts';
import { isoTime } from '../../../shared/core/iso-time.ts';
import type { Env } from '../../../shared/core/settings.ts';
import { genesysSignature } from '../../../shared/desks/genesys/caller.ts';
import type { SendWebhook } from '../../webhooks.ts';
import {
  agentOf,
  type CloudConversation,
  type CloudConversations,
  customerIn,
  type Participant,
} from './cloud-conversations.ts';

/** So long Genesys waits for its webhook. */
const WAIT_MS = 10_000;

export type AgentDoes =
  | { readonly is: 'take' }
  | { readonly is: 'say'; readonly text: string; readonly entity: 'Human' | 'Bot' }
  | { readonly is: 'typing' }
  /** Somebody else has it next, or nobody yet. */
  | { readonly is: 'leave' }
  | { readonly is: 'end' };

interface AgentParts {
  readonly conversations: CloudConversations;
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
  readonly nowMs: () => number;
}

/** Agents of Genesys Cloud, and what is told of what they do: words by the webhook, ends by the data action alone. */
export function cloudAgents({ conversations, env, sendWebhook, nowMs }: AgentParts) {
  const send = (body: string, headers: Readonly<Record<string, string>>) =>
    sendWebhook({
      vendor: 'genesys',
      method: 'POST',
      url: `${env().PUBLIC_BASE_URL}/desk-events`,
      headers: { 'content-type': 'application/json', ...headers },
      body,
      waitMs: WAIT_MS,
    });

  function webhook({ id: conversationId, fromId }: CloudConversation, said: object): Promise<HttpAnswer | undefined> {
    const { GENESYS_INTEGRATION_ID: integrationId = '', GENESYS_WEBHOOK_SECRET: secret = '' } = env();
    const id = randomUUID();
    const body = JSON.stringify({
      id,
      channel: {
        id: integrationId,
        platform: 'Open',
        type: 'Private',
        messageId: id,
        time: isoTime(nowMs()),
        to: { id: fromId, idType: 'Opaque' },
        from: { nickname: 'Bot handover', id: integrationId, idType: 'Opaque' },
      },
      direction: 'Outbound',
      conversationId,
      ...said,
    });
    return send(body, { 'x-hub-signature-256': genesysSignature(secret, Buffer.from(body)) });
  }

  /** What the customer's own workflow sends, by the README of the desk. */
  function dataAction(conversation: CloudConversation, event: string, leg: Participant | undefined) {
    const { handoverId, conversationId } = conversation.attributes;
    const told = { handoverId, conversationId, event, ticket: conversation.id };
    const body = JSON.stringify({ ...told, disconnectType: leg?.disconnectType });
    return send(body, { authorization: env().DESK_API_KEY?.split(' ')[0] ?? '' });
  }

  /** Resolves to what the last of its requests was answered; undefined where nothing is told of it. */
  return async (
    conversation: CloudConversation,
    does: AgentDoes,
    name: string,
    isTold: boolean,
  ): Promise<HttpAnswer | undefined> => {
    const agent =
      agentOf(conversation) ??
      (does.is === 'say' && does.entity === 'Bot' ? undefined : conversations.join(conversation, name));
    switch (does.is) {
      case 'take':
        return undefined;
      case 'say': {
        const messageId = randomUUID();
        conversation.messages.push({ by: does.entity === 'Bot' ? 'flow' : 'agent', text: does.text, messageId });
        return webhook(conversation, { type: 'Text', text: does.text, originatingEntity: does.entity });
      }
      case 'typing':
        return webhook(conversation, {
          type: 'Event',
          events: [{ eventType: 'Typing', typing: { type: 'On', duration: 5_000 } }],
        });
      case 'leave':
        if (agent) conversations.leave(agent, 'transfer');
        return isTold ? dataAction(conversation, 'user_end', agent) : undefined;
      case 'end': {
        if (agent) conversations.leave(agent, 'client');
        conversations.disconnect(conversation, 'peer');
        if (!isTold) return undefined;
        await dataAction(conversation, 'user_end', agent);
        return dataAction(conversation, 'customer_end', customerIn(conversation));
      }
    }
  };
}
