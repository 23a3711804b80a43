import type { ChatConversation, ChatWebhook } from '../conversations/conversations.ts';
import { serviceEventsGoTo } from '../conversations/webhooks.ts';
import { newSid } from '../sid.ts';
import {
  byRest,
  type ConversationParts,
  type ConversationPaths,
  conversationPaths,
  given,
  listed,
} from './conversation-paths.ts';
import { conversationResource, webhookResource } from './conversation-resources.ts';
import { changedWebhook, conversationRule, newWebhook, serviceWebhooks } from './conversation-rules.ts';
import { notFound, refusal } from './errors.ts';
import { formFault } from './form.ts';
import { messageRoutes } from './messages-of-conversation.ts';
import { participantRoutes } from './participants.ts';
import type { Asked, Route } from './route.ts';

/** How many webhooks a conversation may have. Source: Twilio's page on error 50361, read 2026-11-21. */
const MOST_WEBHOOKS = 5;

function wholeRoutes(parts: ConversationParts, { collection, below }: ConversationPaths): readonly Route[] {
  const { env, conversations } = parts;
  /** Source: Twilio's pages on errors 50353 and 50384, read 2026-11-21. */
  function fault({ form }: Asked, isNew: boolean) {
    const wrong = formFault(conversationRule, form);
    if (wrong) return wrong;
    if (isNew && form.get('State') === 'closed') return refusal(400, 50384, "Initial state can't be 'closed'");
    const taken = form.has('UniqueName') && conversations.find(form.get('UniqueName') ?? '');
    return taken ? refusal(409, 50353, 'Conversation with provided unique name already exists') : undefined;
  }
  const valuesOf = ({ form }: Asked) =>
    given({
      uniqueName: form.get('UniqueName'),
      friendlyName: form.get('FriendlyName'),
      attributes: form.get('Attributes'),
      state: form.get('State') as ChatConversation['state'] | null,
    });
  const shown = (conversation: ChatConversation) => conversationResource(conversation, env());
  return [
    collection(
      'POST',
      (asked) =>
        fault(asked, true) ?? { status: 201, body: shown(conversations.create(valuesOf(asked), byRest(asked))) },
    ),
    collection('GET', (asked) => listed(asked, 'conversations', conversations.all().map(shown))),
    below('GET', '', (_, conversation) => ({ status: 200, body: shown(conversation) })),
    below('POST', '', (asked, conversation) => {
      const wrong = fault(asked, false);
      if (wrong) return wrong;
      conversations.update(conversation, valuesOf(asked), byRest(asked));
      return { status: 200, body: shown(conversation) };
    }),
  ];
}

/** What a form says of a webhook; the rest stays. */
function configure(webhook: ChatWebhook, form: URLSearchParams): void {
  webhook.url = form.get('Configuration.Url') ?? webhook.url;
  if (form.has('Configuration.Method')) webhook.method = form.get('Configuration.Method') === 'get' ? 'GET' : 'POST';
  if (form.has('Configuration.Filters')) webhook.filters = form.getAll('Configuration.Filters');
}

function webhookRoutes({ env, clock }: ConversationParts, { below }: ConversationPaths): readonly Route[] {
  return [
    below('GET', '/Webhooks', (asked, conversation) =>
      listed(
        asked,
        'webhooks',
        conversation.webhooks.map((webhook) => webhookResource(conversation, webhook, env())),
      ),
    ),
    below('POST', '/Webhooks', ({ form }, conversation) => {
      const fault = formFault(newWebhook, form);
      if (fault) return fault;
      if (conversation.webhooks.length >= MOST_WEBHOOKS) return refusal(400, 50361, 'Too many conversation webhooks');
      const about = { sid: newSid('WH'), target: form.get('Target') ?? 'webhook', createdAtMs: clock.nowMs() };
      const webhook: ChatWebhook = { ...about, url: '', method: 'POST', filters: [] };
      configure(webhook, form);
      conversation.webhooks.push(webhook);
      return { status: 201, body: webhookResource(conversation, webhook, env()) };
    }),
    below('POST', '/Webhooks/(WH\\w+)', ({ form, ids, path }, conversation) => {
      const fault = formFault(changedWebhook, form);
      const webhook = conversation.webhooks.find(({ sid }) => sid === ids[2]);
      if (fault || !webhook) return fault ?? notFound(path);
      configure(webhook, form);
      return { status: 200, body: webhookResource(conversation, webhook, env()) };
    }),
    below('DELETE', '/Webhooks/(WH\\w+)', (asked, { webhooks }) => {
      const at = webhooks.findIndex((webhook) => webhook.sid === asked.ids[2]);
      if (at < 0) return notFound(asked.path);
      webhooks.splice(at, 1);
      return { status: 204 };
    }),
  ];
}

/** Where the events of all conversations go. */
function serviceRoutes({ env, service, serves }: ConversationParts): readonly Route[] {
  const about = { host: 'conversations.twilio.com', path: /^\/v1\/Services\/(IS\w+)\/Configuration\/Webhooks$/ };
  const shown = (path: string) => ({
    status: 200,
    body: {
      account_sid: env().TWILIO_ACCOUNT_SID ?? null,
      chat_service_sid: env().FLEX_CONVERSATIONS_SERVICE_SID ?? null,
      ...{ pre_webhook_url: null, post_webhook_url: serviceEventsGoTo({ env, service, serves }) || null },
      ...{ filters: service.filters, method: service.method, url: `https://conversations.twilio.com${path}` },
    },
  });
  const isOurs = ({ ids: [sid] }: Asked) => sid === env().FLEX_CONVERSATIONS_SERVICE_SID;
  const nobodyCalled = {
    pre_webhook_url: null,
    post_webhook_url: null,
    filters: null,
    method: 'POST',
    target: 'webhook',
  };
  return [
    {
      ...{ method: 'GET', host: about.host, path: /^\/v1\/Configuration\/Webhooks$/ },
      answer: ({ path }) => ({
        status: 200,
        body: { account_sid: env().TWILIO_ACCOUNT_SID ?? null, ...nobodyCalled, url: `https://${about.host}${path}` },
      }),
    },
    { ...about, method: 'GET', answer: (asked) => (isOurs(asked) ? shown(asked.path) : notFound(asked.path)) },
    {
      ...about,
      method: 'POST',
      answer(asked) {
        if (!isOurs(asked)) return notFound(asked.path);
        const fault = formFault(serviceWebhooks, asked.form);
        if (fault) return fault;
        if (asked.form.has('PostWebhookUrl')) service.url = asked.form.get('PostWebhookUrl') ?? '';
        if (asked.form.has('Filters')) service.filters = asked.form.getAll('Filters');
        if (asked.form.has('Method')) service.method = asked.form.get('Method') === 'GET' ? 'GET' : 'POST';
        return shown(asked.path);
      },
    },
  ];
}

/** Conversations of Twilio's REST API, with everything below them. */
export function conversationRoutes(parts: ConversationParts): readonly Route[] {
  const paths = conversationPaths(parts);
  return [
    ...wholeRoutes(parts, paths),
    ...messageRoutes(parts, paths),
    ...participantRoutes(parts, paths),
    ...webhookRoutes(parts, paths),
    ...serviceRoutes(parts),
  ];
}
