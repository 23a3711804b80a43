import type { ChatConversation, ChatMedia, Conversations } from './conversations.ts';
import type { SyncObjects } from './sync-objects.ts';
import { infoOf, maySee, mineOf, showUser } from './wire-view.ts';

/** What a client asks for through its socket. */
export interface ClientAsks {
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** The JSON, or the text of a form. */
  readonly body: unknown;
}

export type ClientAnswer = readonly [status: number, body: unknown];

const AIM = 'https://aim.us1.twilio.com/Client/v2';
const TYPING_SEC = 5;
/** Source: Twilio's pages on errors 20404 and 50377, read 2026-11-21. */
const NOT_THERE: ClientAnswer = [404, { status: 404, code: 20404, message: 'not found' }];
const CLOSED: ClientAnswer = [400, { status: 400, code: 50377, message: 'the conversation is closed' }];

/** What a client asks for first: limits, names and addresses of everything else. */
const configuration = (identity: string, mediaUrl: string) => ({
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
  sync_objects: { my_conversations: mineOf(identity), my_user_info: infoOf(identity) },
  links: {
    my_conversations: `${AIM}/me/Conversations`,
    conversations: `${AIM}/Conversations`,
    users: `${AIM}/Users`,
    current_user: `${AIM}/me`,
    typing: `${AIM}/Typing`,
    media_service: `${mediaUrl}/Media`,
    media_set_service: `${mediaUrl}/MediaSet`,
    messages_receipts: `${AIM}/Receipts`,
  },
});

interface Parts {
  readonly conversations: Conversations;
  readonly objects: SyncObjects;
  /** Where files are sent and fetched by a browser that knows us by this host, without a slash at the end. */
  mediaUrl(host: string): string;
  /** A file that was sent before the message that it belongs to. */
  media(sid: string): ChatMedia | undefined;
  /** Tells those who are in a conversation that somebody types. */
  types(conversation: ChatConversation, identity: string): void;
}

type AskedOf = (conversation: ChatConversation, asked: ClientAsks, name: string) => ClientAnswer;

/**
 * What Twilio Conversations answers the client of one user. Source: the package @twilio/conversations 3.0.1, what
 * `Configuration`, `Conversation`, `Participant`, `Message` and `User` read and ask for.
 */
export function clientApi(parts: Parts, identity: string, host: string): (asked: ClientAsks) => ClientAnswer {
  const { conversations, objects } = parts;
  const by = { source: 'SDK', identity, isTold: true } as const;
  showUser(conversations, objects, identity);
  const mine = (sid: string): ChatConversation | undefined => {
    const conversation = conversations.find(sid);
    return conversation?.participants.some((one) => one.identity === identity) ? conversation : undefined;
  };

  const send: AskedOf = (conversation, { body }) => {
    if (conversation.state === 'closed') return CLOSED;
    const { body: text, attributes, media_sids: sids = [] } = Object(body);
    const media = (sids as readonly string[]).flatMap((sid) => parts.media(sid) ?? []);
    const said = { author: identity, body: String(text ?? ''), attributes: String(attributes ?? '{}'), media };
    const { sid, index } = conversations.say(conversation, said, by);
    return [201, { sid, index }];
  };
  const read: AskedOf = (conversation, { body }) => {
    const { last_read_message_index: index } = Object(body);
    const me = conversation.participants.find((one) => one.identity === identity);
    const lastReadIndex = typeof index === 'number' ? index : undefined;
    if (me) conversations.updateParticipant(conversation, me, { lastReadIndex }, by);
    return [200, { unread_messages_count: conversation.messages.length - 1 - (lastReadIndex ?? -1) }];
  };
  const leave: AskedOf = (conversation, _, name) => {
    const who = conversation.participants.find((one) => one.identity === name || one.sid === name);
    if (who?.identity !== identity) return [403, { status: 403, code: 20_403, message: 'not yours' }];
    conversations.leave(conversation, who, by);
    return [204, {}];
  };
  const types = (form: unknown): ClientAnswer => {
    const conversation = mine(new URLSearchParams(String(form)).get('ChannelSid') ?? '');
    if (conversation) parts.types(conversation, identity);
    return conversation ? [200, { typing_timeout: TYPING_SEC }] : NOT_THERE;
  };
  const routes: readonly (readonly [method: string, path: RegExp, AskedOf])[] = [
    ['POST', /^\/Conversations\/(\w+)\/Messages$/, send],
    ['POST', /^\/me\/Conversations\/(\w+)$/, read],
    ['DELETE', /^\/Conversations\/(\w+)\/Participants\/([^/]+)$/, leave],
  ];

  function objectOf({ url, params }: ClientAsks): ClientAnswer {
    const [, whole, paged] = /\/v3\/(?:(?:Maps|Lists|Documents)\/([^/]+)|Objects\/([^/]+)\/Items)$/.exec(url) ?? [];
    const name = decodeURIComponent(whole ?? paged ?? '');
    if (!maySee(conversations, identity, name)) return NOT_THERE;
    const answer = paged === undefined ? objects.described(name) : objects.page(name, params);
    return answer ? [200, answer] : NOT_THERE;
  }

  return (asked) => {
    const { method, url, body } = asked;
    const path = url.replace(AIM, '');
    if (path === '/Configuration') return [200, configuration(identity, parts.mediaUrl(host))];
    if (path === '/me/Conversations') return [200, { conversations: [], meta: { next_token: null } }];
    if (path === '/Typing') return types(body);
    for (const [verb, pattern, answer] of routes) {
      const [, sid, name = ''] = verb === method ? (pattern.exec(path) ?? []) : [];
      const conversation = sid === undefined ? undefined : mine(sid);
      if (conversation) return answer(conversation, asked, decodeURIComponent(name));
    }
    const user = /^\/Users\/([^/]+)$/.exec(path)?.[1];
    if (user !== undefined) return [200, { sync_objects: { user_info_map: infoOf(decodeURIComponent(user)) } }];
    return objectOf(asked);
  };
}
