import type { Env } from '../../../../shared/core/settings.ts';
import type { ChatConversation, ChatMessage, ChatParticipant, ChatWebhook } from '../conversations/conversations.ts';

export type Resource = Readonly<Record<string, unknown>>;

/** A moment as Twilio's newer APIs write it. */
export const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');

const HOST = 'https://conversations.twilio.com/v1';
const urlOf = ({ sid }: ChatConversation) => `${HOST}/Conversations/${sid}`;

/** Resources as Conversations shows them. Source: Twilio's OpenAPI, twilio_conversations_v1 of @twilio/cli-core 8.3.2. */
export function conversationResource(conversation: ChatConversation, env: Env): Resource {
  const url = urlOf(conversation);
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    chat_service_sid: env.FLEX_CONVERSATIONS_SERVICE_SID ?? null,
    messaging_service_sid: null,
    sid: conversation.sid,
    friendly_name: conversation.friendlyName ?? null,
    unique_name: conversation.uniqueName ?? null,
    attributes: conversation.attributes,
    state: conversation.state,
    date_created: isoSeconds(conversation.createdAtMs),
    date_updated: isoSeconds(conversation.updatedAtMs),
    timers: {},
    bindings: {},
    url,
    links: {
      participants: `${url}/Participants`,
      messages: `${url}/Messages`,
      webhooks: `${url}/Webhooks`,
      export: `${url}/Export`,
    },
  };
}

export function messageResource(conversation: ChatConversation, message: ChatMessage, env: Env): Resource {
  const url = `${urlOf(conversation)}/Messages/${message.sid}`;
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    conversation_sid: conversation.sid,
    sid: message.sid,
    index: message.index,
    author: message.author,
    body: message.body,
    media:
      message.media.length === 0 ? null : message.media.map(({ contentType, ...file }) => ({ ...file, contentType })),
    attributes: message.attributes,
    participant_sid: message.participantSid ?? null,
    date_created: isoSeconds(message.atMs),
    date_updated: isoSeconds(message.atMs),
    delivery: null,
    content_sid: null,
    url,
    links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
  };
}

export function participantResource(conversation: ChatConversation, participant: ChatParticipant, env: Env): Resource {
  const { lastReadAtMs } = participant;
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    conversation_sid: conversation.sid,
    sid: participant.sid,
    identity: participant.identity ?? null,
    attributes: participant.attributes,
    messaging_binding: participant.binding ?? null,
    role_sid: participant.roleSid,
    date_created: isoSeconds(participant.addedAtMs),
    date_updated: isoSeconds(lastReadAtMs ?? participant.addedAtMs),
    last_read_message_index: participant.lastReadIndex ?? null,
    last_read_timestamp: lastReadAtMs === undefined ? null : isoSeconds(lastReadAtMs),
    url: `${urlOf(conversation)}/Participants/${participant.sid}`,
  };
}

export function webhookResource(conversation: ChatConversation, webhook: ChatWebhook, env: Env): Resource {
  const { sid, target, url, method, filters, createdAtMs } = webhook;
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    conversation_sid: conversation.sid,
    ...{ sid, target, configuration: { url, method, filters } },
    date_created: isoSeconds(createdAtMs),
    date_updated: isoSeconds(createdAtMs),
    url: `${urlOf(conversation)}/Webhooks/${sid}`,
  };
}

/** A page of a list as Twilio's newer APIs answer it; there is only ever one. */
export function pageOf(key: string, path: string, items: readonly Resource[], size: number): Resource {
  const url = `https://conversations.twilio.com${path}?PageSize=${size}&Page=0`;
  const links = { first_page_url: url, previous_page_url: null, next_page_url: null, url };
  return { [key]: items.slice(0, size), meta: { key, page: 0, page_size: size, ...links } };
}
