import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { sidOf, type TwilioAnswer, type TwilioRest } from './rest.ts';

/*
 * Twilio Conversations (classic), as far as a handover needs it. Nothing here sends `X-Twilio-Webhook-Enabled`, so what we
 * write does not come back as a webhook. Source: Twilio's OpenAPI, twilio_conversations_v1 of @twilio/cli-core 8.3.2.
 */

const HOST = 'conversations.twilio.com';

/** How long one message may be, by the OpenAPI. */
export const MAX_MESSAGE_CHARACTERS = 1_600;

/** Of the newest messages, what one look sees: an event is repeated within minutes. */
const NEWEST = 50;

/** A conversation as Twilio shows it. */
export interface ConversationSeen {
  readonly sid: string;
  readonly state: 'active' | 'inactive' | 'closed';
  /** Whatever is in its attributes; an empty object for none. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A message to be added. */
export interface NewMessage {
  readonly author: string;
  /** At most 1,600 characters. */
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A webhook of one conversation. */
export interface ScopedWebhook {
  readonly sid: string;
  readonly url: string;
}

/** What a webhook of one conversation is told. */
const FILTERS = ['onMessageAdded', 'onParticipantAdded', 'onParticipantRemoved', 'onConversationStateUpdated'];

/** JSON in a text; an empty object for anything else. */
const attributesIn = v.pipe(
  v.nullish(v.string(), '{}'),
  v.transform((text): Readonly<Record<string, unknown>> => {
    try {
      return Object(JSON.parse(text));
    } catch {
      return {};
    }
  }),
);

const conversation: v.GenericSchema<unknown, ConversationSeen> = v.object({
  sid: sidOf('CH'),
  state: v.fallback(v.picklist(['active', 'inactive', 'closed']), 'active'),
  attributes: attributesIn,
});

const messages = v.pipe(
  v.object({ messages: v.array(v.object({ attributes: attributesIn })) }),
  v.transform((page) => page.messages.map(({ attributes }) => attributes)),
);

const webhook = v.pipe(
  v.object({ sid: sidOf('WH'), configuration: v.fallback(v.object({ url: v.fallback(v.string(), '') }), { url: '' }) }),
  v.transform(({ sid, configuration: { url } }): ScopedWebhook => ({ sid, url })),
);

const webhooks = v.pipe(
  v.object({ webhooks: v.array(webhook) }),
  v.transform((page) => page.webhooks),
);

const participant = v.object({ sid: sidOf('MB') });
const message = v.object({ sid: sidOf('IM') });

/** The conversations of one service. A conversation is named by its SID or by its unique name. */
export interface Conversations {
  /** A conversation that nobody else can make under this name: Twilio refuses it with 409 when it is there. */
  create(uniqueName: string, attributes: object, deadline: Deadline): Promise<TwilioAnswer<ConversationSeen>>;
  read(name: string, deadline: Deadline): Promise<TwilioAnswer<ConversationSeen>>;
  /** Closes it for good. Closing it again is the same. */
  close(name: string, deadline: Deadline): Promise<TwilioAnswer<ConversationSeen>>;
  /** Puts somebody in, once: Twilio refuses it with 409 when they are in. */
  join(name: string, identity: string, attributes: object, deadline: Deadline): Promise<TwilioAnswer<unknown>>;
  /** Has every event told to this URL from now on. Twice the same would be told twice, which is harmless. */
  listen(name: string, url: string, deadline: Deadline): Promise<TwilioAnswer<ScopedWebhook>>;
  /** Has the events of a webhook told to another URL. */
  move(name: string, webhookSid: string, url: string, deadline: Deadline): Promise<TwilioAnswer<ScopedWebhook>>;
  webhooks(name: string, deadline: Deadline): Promise<TwilioAnswer<readonly ScopedWebhook[]>>;
  /** Adds a message. Never repeated by itself. */
  add(name: string, added: NewMessage, deadline: Deadline): Promise<TwilioAnswer<unknown>>;
  /** The attributes of the newest messages. */
  newest(name: string, deadline: Deadline): Promise<TwilioAnswer<readonly Readonly<Record<string, unknown>>[]>>;
}

export function conversationsBy(rest: TwilioRest, serviceSid: string): Conversations {
  const all = `/v1/Services/${serviceSid}/Conversations`;
  const one = (name: string) => `${all}/${encodeURIComponent(name)}`;
  return {
    create: (UniqueName, attributes, deadline) =>
      rest.create(HOST, all, { UniqueName, Attributes: JSON.stringify(attributes) }, conversation, deadline),
    read: (name, deadline) => rest.read(HOST, one(name), conversation, deadline),
    close: (name, deadline) => rest.update(HOST, one(name), { State: 'closed' }, conversation, deadline),
    join: (name, Identity, attributes, deadline) => {
      const form = { Identity, Attributes: JSON.stringify(attributes) };
      return rest.update(HOST, `${one(name)}/Participants`, form, participant, deadline);
    },
    listen: (name, url, deadline) => {
      const form = {
        Target: 'webhook',
        'Configuration.Url': url,
        'Configuration.Method': 'post',
        'Configuration.Filters': FILTERS,
      };
      return rest.update(HOST, `${one(name)}/Webhooks`, form, webhook, deadline);
    },
    move: (name, webhookSid, url, deadline) =>
      rest.update(HOST, `${one(name)}/Webhooks/${webhookSid}`, { 'Configuration.Url': url }, webhook, deadline),
    webhooks: (name, deadline) => rest.read(HOST, `${one(name)}/Webhooks`, webhooks, deadline),
    add: (name, { author, body, attributes }, deadline) => {
      const form = { Author: author, Body: body, Attributes: JSON.stringify(attributes) };
      return rest.create(HOST, `${one(name)}/Messages`, form, message, deadline);
    },
    newest: (name, deadline) =>
      rest.read(HOST, `${one(name)}/Messages?Order=desc&PageSize=${NEWEST}`, messages, deadline),
  };
}
