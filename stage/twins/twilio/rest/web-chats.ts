import type { Env } from '../../../../shared/core/settings.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { byFlex, type Interactions } from '../flex/interactions.ts';
import { newSid } from '../sid.ts';
import { refusal } from './errors.ts';
import { anyText, type FormRule, formFault } from './form.ts';
import type { Route } from './route.ts';

/** Source: Twilio's OpenAPI, twilio_flex_v2 of @twilio/cli-core 8.3.2. */
const creating: FormRule = {
  fields: {
    AddressSid: anyText,
    ChatFriendlyName: anyText,
    CustomerFriendlyName: anyText,
    PreEngagementData: anyText,
    Identity: anyText,
  },
  required: { AddressSid: [20001, 'Missing required parameter AddressSid'] },
};

/** A Flex web chat: a conversation with a customer in it. */
interface WebChat {
  readonly conversationSid: string;
  readonly identity: string;
  readonly preEngagementData: string;
  readonly state: 'active' | 'inactive' | 'closed';
}

/** The web chats of the account. */
export interface WebChats {
  readonly route: Route;
  all(): readonly WebChat[];
  reset(): void;
}

interface Parts {
  readonly env: () => Env;
  readonly conversations: Conversations;
  readonly interactions: Interactions;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? {} : Object(value);
  } catch {
    return {};
  }
}

/** Web chats by Flex's own API. The address has a flow that sends everybody to Flex, with what is known of them as attributes. */
export function webChats({ env, conversations, interactions }: Parts): WebChats {
  const chats: Omit<WebChat, 'state'>[] = [];
  const create: Route['answer'] = ({ form }) => {
    const fault = formFault(creating, form);
    if (fault) return fault;
    const { FLEX_ADDRESS_SID, FLEX_WORKFLOW_SID = '' } = env();
    if (form.get('AddressSid') !== FLEX_ADDRESS_SID) {
      return refusal(404, 20404, `The requested resource ${form.get('AddressSid')} was not found`);
    }
    const identity = form.get('Identity') ?? newSid('US');
    const preEngagementData = form.get('PreEngagementData') ?? '';
    const known = objectIn(preEngagementData);
    const customerName = form.get('CustomerFriendlyName') ?? 'Customer';
    const attributes = JSON.stringify({ from: customerName, channel_type: 'web', pre_engagement_data: known });
    const friendlyName = form.get('ChatFriendlyName') ?? undefined;
    const conversation = conversations.create({ attributes, ...(friendlyName && { friendlyName }) }, byFlex);
    conversations.join(conversation, { identity }, byFlex);
    interactions.create(conversation, 'web', 'customer', {
      ...{ workflowSid: FLEX_WORKFLOW_SID, taskChannel: 'chat' },
      attributes: { ...known, from: customerName, customerName, customerAddress: identity },
    });
    chats.push({ conversationSid: conversation.sid, identity, preEngagementData });
    return { status: 201, body: { conversation_sid: conversation.sid, identity } };
  };
  return {
    route: { method: 'POST', host: 'flex-api.twilio.com', path: /^\/v2\/WebChats$/, answer: create },
    all: () => chats.map((chat) => ({ ...chat, state: conversations.find(chat.conversationSid)?.state ?? 'closed' })),
    reset: () => {
      chats.length = 0;
    },
  };
}
