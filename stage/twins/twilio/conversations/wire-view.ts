import { isoTime } from '../../../../shared/core/iso-time.ts';
import type { ChatConversation, ChatMessage, ChatParticipant, Conversations } from './conversations.ts';
import type { SyncObjects } from './sync-objects.ts';

/** The objects in which a client finds a conversation. */
const objectsOf = (sid: string) => ({
  channel: `${sid}.channel`,
  messages: `${sid}.messages`,
  roster: `${sid}.roster`,
});

/** The map of the conversations that somebody is in, and what is told of them. */
export const mineOf = (identity: string): string => `${identity}.conversations`;
export const infoOf = (identity: string): string => `${identity}.info`;

/** Whether an object is there for somebody: their own, that of somebody's name, one of a conversation that they are in. */
export function maySee(conversations: Conversations, identity: string, object: string): boolean {
  if (object === mineOf(identity) || object.endsWith('.info')) return true;
  const conversation = conversations.find(object.replace(/\.(channel|messages|roster)$/, ''));
  return conversation?.participants.some((one) => one.identity === identity) ?? false;
}

const channelData = (conversation: ChatConversation) => ({
  ...objectsOf(conversation.sid),
  friendlyName: conversation.friendlyName ?? null,
  uniqueName: conversation.uniqueName ?? null,
  createdBy: 'system',
  attributes: conversation.attributes,
  dateCreated: isoTime(conversation.createdAtMs),
  status: 'joined',
  state: { current: conversation.state, dateUpdated: isoTime(conversation.stateAtMs) },
});

const participantData = (participant: ChatParticipant) => ({
  identity: participant.identity ?? null,
  type: participant.binding?.type ?? 'chat',
  userInfo: participant.identity === undefined ? null : infoOf(participant.identity),
  roleSid: participant.roleSid,
  attributes: participant.attributes,
  dateCreated: isoTime(participant.addedAtMs),
  dateUpdated: isoTime(participant.lastReadAtMs ?? participant.addedAtMs),
  lastConsumedMessageIndex: participant.lastReadIndex ?? null,
  lastConsumptionTimestamp: participant.lastReadAtMs ?? null,
});

const messageData = ({ sid, author, body, attributes, participantSid, media, atMs }: ChatMessage) => ({
  ...{ sid, author, text: body, attributes, memberSid: participantSid ?? null, timestamp: isoTime(atMs) },
  type: media.length > 0 ? 'media' : 'text',
  medias: media.map(({ contentType, ...file }) => ({ ...file, content_type: contentType, category: 'media' })),
});

/** Keeps the objects of clients as the conversations are. Source: as for `clientApi`. */
export function keepInView(conversations: Conversations, objects: SyncObjects): void {
  function showMine({ sid }: ChatConversation, { identity, lastReadIndex }: ChatParticipant): void {
    if (identity === undefined) return;
    const read = { lastConsumedMessageIndex: lastReadIndex ?? null, notificationLevel: 'default' };
    objects.set('map', mineOf(identity), sid, { ...objectsOf(sid), status: 'joined', ...read });
  }
  conversations.watch((conversation, change) => {
    const { sid } = conversation;
    const { channel, messages, roster } = objectsOf(sid);
    switch (change.is) {
      case 'conversation-added':
        objects.open('list', messages);
        objects.open('map', roster);
        return objects.put(channel, channelData(conversation));
      case 'conversation-updated':
      case 'state-updated':
        return objects.put(channel, channelData(conversation));
      case 'message-added':
        return objects.set('list', messages, change.message.index, messageData(change.message));
      case 'participant-added':
        if (change.participant.identity !== undefined) showUser(conversations, objects, change.participant.identity);
        objects.set('map', roster, change.participant.sid, participantData(change.participant));
        return showMine(conversation, change.participant);
      case 'participant-updated':
        objects.set('map', roster, change.participant.sid, participantData(change.participant));
        return showMine(conversation, change.participant);
      case 'participant-removed':
        if (change.participant.identity !== undefined) objects.remove(mineOf(change.participant.identity), sid);
        return objects.remove(roster, change.participant.sid);
      default:
        return change satisfies never;
    }
  });
}

/** Shows who somebody is, and that they may be in no conversation yet. */
export function showUser(conversations: Conversations, objects: SyncObjects, identity: string): void {
  const { friendlyName, attributes } = conversations.user(identity);
  objects.open('map', mineOf(identity));
  objects.set('map', infoOf(identity), 'friendlyName', { value: friendlyName ?? null });
  objects.set('map', infoOf(identity), 'attributes', { value: attributes });
}
