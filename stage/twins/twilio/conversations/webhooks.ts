import { isoTime } from '../../../../shared/core/iso-time.ts';
import type { Env } from '../../../../shared/core/settings.ts';
import type { WebhookLine } from '../webhook-line.ts';
import type { ChangedBy, ChatChange, ChatConversation, ChatParticipant, Conversations } from './conversations.ts';

type Fields = Readonly<Record<string, string>>;

/** Where the events of all conversations of the service are sent, as `Configuration/Webhooks` sets it. */
export interface ServiceWebhook {
  /** Undefined is our own function, where it is there. */
  url: string | undefined;
  method: 'GET' | 'POST';
  filters: readonly string[];
}

/** How long Twilio waits. Source: Twilio's page on Conversations webhooks, read 2026-11-21. */
const WAIT_MS = 5_000;

const eventTypes = {
  'conversation-added': 'onConversationAdded',
  'conversation-updated': 'onConversationUpdated',
  'state-updated': 'onConversationStateUpdated',
  'message-added': 'onMessageAdded',
  'participant-added': 'onParticipantAdded',
  'participant-updated': 'onParticipantUpdated',
  'participant-removed': 'onParticipantRemoved',
} as const satisfies Record<ChatChange['is'], string>;

const filled = (fields: Readonly<Record<string, string | number | undefined>>): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

function participantFields({ sid, identity, binding, ...about }: ChatParticipant): Fields {
  const type = binding?.type ?? 'chat';
  return filled({
    ParticipantSid: sid,
    Identity: identity,
    RoleSid: about.roleSid,
    Attributes: about.attributes,
    DateCreated: isoTime(about.addedAtMs),
    'MessagingBinding.Type': type.toUpperCase(),
    'MessagingBinding.Address': binding?.address,
    'MessagingBinding.ProxyAddress': binding?.proxy_address,
    'MessagingBinding.ProjectedAddress': binding?.projected_address,
  });
}

/** What an event tells besides whom it is about. Source: Twilio's page on Conversations webhooks, read 2026-11-21. */
function fieldsOf(conversation: ChatConversation, change: ChatChange): Fields {
  const { attributes, friendlyName, uniqueName, createdAtMs, updatedAtMs, state, stateAtMs } = conversation;
  const updated = isoTime(updatedAtMs);
  switch (change.is) {
    case 'message-added': {
      const { sid, index, author, body, participantSid, media, atMs, ...message } = change.message;
      const files = media.map((file) => ({
        ...{ Sid: file.sid, Filename: file.filename, ContentType: file.contentType, Size: file.size },
      }));
      return filled({
        ...{ MessageSid: sid, Index: index, Author: author, Body: body, Attributes: message.attributes },
        ...{ ParticipantSid: participantSid, DateCreated: isoTime(atMs) },
        Media: files.length > 0 ? JSON.stringify(files) : undefined,
      });
    }
    case 'participant-added':
      return participantFields(change.participant);
    case 'participant-updated': {
      const { lastReadIndex } = change.participant;
      return filled({
        ...participantFields(change.participant),
        ...{ DateUpdated: updated, LastReadMessageIndex: lastReadIndex },
      });
    }
    case 'participant-removed':
      return { ...participantFields(change.participant), DateUpdated: updated, DateRemoved: updated };
    case 'state-updated':
      return { StateFrom: change.from, StateTo: state, StateUpdated: isoTime(stateAtMs), Reason: 'API' };
    case 'conversation-added':
    case 'conversation-updated':
      return filled({
        ...{ FriendlyName: friendlyName, UniqueName: uniqueName, Attributes: attributes, State: state },
        ...{ DateCreated: isoTime(createdAtMs), DateUpdated: updated },
      });
    default:
      return change satisfies never;
  }
}

/** Where the events of the service go; undefined where nobody is called. */
export function serviceEventsGoTo({
  env,
  service,
  serves,
}: Pick<Parts, 'env' | 'service' | 'serves'>): string | undefined {
  return service.url ?? (serves('desk-events') ? `${env().PUBLIC_BASE_URL}/desk-events` : undefined);
}

interface Parts {
  readonly env: () => Env;
  readonly line: WebhookLine;
  readonly conversations: Conversations;
  readonly service: ServiceWebhook;
  readonly serves: (name: string) => boolean;
}

/** Tells the webhooks of a conversation, and that of the service, what happens. */
export function tellWebhooks({ env, line, conversations, service, serves }: Parts): void {
  conversations.watch((conversation, change, by: ChangedBy) => {
    if (!by.isTold) return;
    const EventType = eventTypes[change.is];
    const fields = {
      AccountSid: env().TWILIO_ACCOUNT_SID ?? '',
      ChatServiceSid: env().FLEX_CONVERSATIONS_SERVICE_SID ?? '',
      ConversationSid: conversation.sid,
      ...{ EventType, Source: by.source, RetryCount: '0' },
      ...(by.identity !== undefined && { ClientIdentity: by.identity }),
      ...fieldsOf(conversation, change),
    };
    const ofService = { ...service, url: serviceEventsGoTo({ env, service, serves }) };
    for (const { url, method, filters } of [...conversation.webhooks, ofService])
      if (url && filters.includes(EventType)) line.send(conversation.sid, { url, method, fields, waitMs: WAIT_MS });
  });
}
