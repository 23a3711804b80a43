import { type SyncEvent, type SyncObjects, syncObjects } from './sync-objects.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type Answer = readonly [status: number, body: unknown];

const AIM = 'https://aim.us1.twilio.com/Client/v2';
const MY_CONVERSATIONS = 'my-conversations';
const at = new Date(0).toISOString();

/** What a client asks for first: limits, names and addresses of everything else. */
const configuration = (identity: string) => ({
  identity,
  url: `${AIM}/Configuration`,
  options: {
    consumption_report_interval: 'PT5S',
    user_infos_to_subscribe: 100,
    reachability_enabled: false,
    http_cache_interval: 'PT5S',
    my_conversations_page_size: 50,
    media_attachments_count_limit: 10,
    media_attachment_size_limit_in_mb: 150,
    media_attachments_total_size_limit_in_mb: 150,
    email_histories_allowed_mime_types: ['text/plain'],
    email_bodies_allowed_mime_types: ['text/plain'],
  },
  sync_objects: { my_conversations: MY_CONVERSATIONS, my_user_info: `${identity}.info` },
  links: {
    my_conversations: `${AIM}/me/Conversations`,
    conversations: `${AIM}/Conversations`,
    users: `${AIM}/Users`,
    current_user: `${AIM}/me`,
    typing: `${AIM}/Typing`,
    media_service: 'https://mcs.us1.twilio.com/v1/Services/IS1/Media',
    media_set_service: 'https://mcs.us1.twilio.com/v1/Services/IS1/MediaSet',
    messages_receipts: `${AIM}/Receipts`,
  },
});

/**
 * Twilio Conversations for one visitor with one conversation, as its client for browsers knows it. Source: the package
 * @twilio/conversations 3.0.1, what `Configuration`, `Conversation`, `Participant`, `Message` and `User` read and ask for.
 */
export function conversationService(identity: string, sid: string, tell: (sid: string, event: SyncEvent) => void) {
  const objects: SyncObjects = syncObjects(tell);
  const names = { channel: `${sid}.channel`, messages: `${sid}.messages`, roster: `${sid}.roster` };
  const channel = (state: string) => ({
    ...objects.data(names.channel),
    ...names,
    friendlyName: 'Web chat',
    createdBy: 'system',
    attributes: '{}',
    dateCreated: at,
    status: 'joined',
    state: { current: state, dateUpdated: at },
  });

  function user(name: string, friendlyName: string | null, attributes: object): void {
    objects.set('map', `${name}.info`, 'friendlyName', { value: friendlyName });
    objects.set('map', `${name}.info`, 'attributes', { value: JSON.stringify(attributes) });
  }

  function participant(name: string, type = 'chat'): void {
    const data = {
      identity: type === 'chat' ? name : null,
      type,
      userInfo: `${name}.info`,
      roleSid: 'RL1',
      attributes: '{}',
    };
    objects.set('map', names.roster, `MB.${name}`, {
      ...data,
      dateCreated: at,
      dateUpdated: at,
      lastConsumedMessageIndex: null,
    });
  }

  function message(author: string, text: string, media: readonly object[] = []): number {
    const index = objects.items(names.messages).length;
    const data = { sid: `IM${index}`, author, text, timestamp: at, attributes: '{}', memberSid: `MB.${author}` };
    objects.set('list', names.messages, index, { ...data, type: media.length > 0 ? 'media' : 'text', medias: media });
    return index;
  }

  const leave = (name: string) => objects.remove(names.roster, `MB.${name}`);

  user(identity, null, {});
  objects.put(names.channel, channel('active'));
  participant(identity);
  // There from the beginning, also when nobody has said anything.
  objects.set('list', names.messages, 0, {
    sid: 'IM0',
    author: 'system',
    text: 'Welcome',
    timestamp: at,
    attributes: '{}',
  });
  const mine = { ...names, status: 'joined', lastConsumedMessageIndex: null, notificationLevel: 'default' };
  objects.set('map', MY_CONVERSATIONS, sid, mine);

  function answer({ method, url, params, body }: Asked): Answer {
    const path = url.replace(AIM, '');
    if (path === '/Configuration') return [200, configuration(identity)];
    if (path === '/me/Conversations') return [200, { conversations: [], meta: { next_token: null } }];
    if (path === '/Typing') return [200, { typing_timeout: 5 }];
    if (method === 'POST' && path === `/Conversations/${sid}/Messages`) {
      if (objects.data(names.channel).state === undefined) return [404, { code: 50430 }];
      const index = message(identity, String(body.body));
      return [201, { sid: `IM${index}`, index }];
    }
    if (method === 'POST' && path === `/me/Conversations/${sid}`) return [200, { unread_messages_count: 0 }];
    if (method === 'DELETE' && path === `/Conversations/${sid}/Participants/${identity}`) {
      leave(identity);
      return [204, {}];
    }
    const name = /\/v3\/(?:Maps|Lists|Documents)\/([^/]+)$/.exec(url)?.[1];
    const described = name === undefined ? undefined : objects.described(decodeURIComponent(name));
    if (described) return [200, described];
    const items = /\/v3\/Objects\/([^/]+)\/Items$/.exec(url)?.[1];
    if (items !== undefined) return [200, objects.page(decodeURIComponent(items), params)];
    return [404, { status: 404, code: 20404, message: 'not found' }];
  }

  return {
    answer,
    user,
    participant,
    message,
    leave,
    read: (name: string, index: number) =>
      objects.set('map', names.roster, `MB.${name}`, { lastConsumedMessageIndex: index, lastConsumptionTimestamp: 1 }),
    close: () => objects.put(names.channel, channel('closed')),
    eventIdOf: (name: string) =>
      (objects.described(name) as { last_event_id?: number } | undefined)?.last_event_id ?? 0,
  };
}

export type ConversationService = ReturnType<typeof conversationService>;
