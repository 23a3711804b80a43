import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer } from '../../../twin.ts';
import { newSid } from '../sid.ts';
import { notFound, refusal } from './errors.ts';
import { anyText, boolean, type FormRule, formFault, oneOf } from './form.ts';

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

/** Source: twilio_conversations_v1 of the same. */
const updating: FormRule = {
  fields: {
    FriendlyName: anyText,
    DateCreated: anyText,
    DateUpdated: anyText,
    Attributes: anyText,
    MessagingServiceSid: anyText,
    State: oneOf('inactive', 'active', 'closed', 'initializing'),
    'Timers.Inactive': anyText,
    'Timers.Closed': anyText,
    UniqueName: anyText,
    'Bindings.Email.Address': anyText,
    'Bindings.Email.Name': anyText,
    'X-Twilio-Webhook-Enabled': boolean,
  },
};

/** A Flex web chat: a conversation with a customer in it. */
export interface WebChat {
  readonly conversationSid: string;
  readonly identity: string;
  readonly preEngagementData: string;
  state: 'active' | 'inactive' | 'closed';
}

/** The web chats of the account. */
export interface WebChats {
  all(): readonly WebChat[];
  create(env: Env, form: URLSearchParams): TwinAnswer;
  update(conversationSid: string, form: URLSearchParams): TwinAnswer;
  reset(): void;
}

export function webChats(): WebChats {
  const chats: WebChat[] = [];
  return {
    all: () => chats,
    create(env, form) {
      const fault = formFault(creating, form);
      if (fault) return fault;
      if (form.get('AddressSid') !== env.FLEX_ADDRESS_SID) {
        return refusal(404, 20404, `The requested resource ${form.get('AddressSid')} was not found`);
      }
      const chat: WebChat = {
        conversationSid: newSid('CH'),
        identity: form.get('Identity') ?? newSid('US'),
        preEngagementData: form.get('PreEngagementData') ?? '',
        state: 'active',
      };
      chats.push(chat);
      return { status: 201, body: { conversation_sid: chat.conversationSid, identity: chat.identity } };
    },
    update(conversationSid, form) {
      const fault = formFault(updating, form);
      if (fault) return fault;
      const chat = chats.find((one) => one.conversationSid === conversationSid);
      if (!chat) return notFound(`/Conversations/${conversationSid}`);
      const state = form.get('State');
      if (state === 'active' || state === 'inactive' || state === 'closed') chat.state = state;
      return { status: 200, body: { sid: conversationSid, state: chat.state } };
    },
    reset: () => {
      chats.length = 0;
    },
  };
}
