import { anyText, type Check, dateTime, type FormRule, oneOf, sid, uri, wholeNumber } from './form.ts';

/**
 * Every parameter of each request about conversations. Source: Twilio's OpenAPI, twilio_conversations_v1 of @twilio/cli-core
 * 8.3.2; lengths: Twilio's page on the limits of Conversations, read 2026-11-21.
 */
const atMost =
  (bytes: number): Check =>
  (value) =>
    Buffer.byteLength(value) <= bytes;

const jsonText =
  (bytes: number): Check =>
  (value) => {
    try {
      JSON.parse(value);
      return Buffer.byteLength(value) <= bytes;
    } catch {
      return false;
    }
  };

const dates = { DateCreated: dateTime, DateUpdated: dateTime };
const aboutConversation = {
  ...dates,
  FriendlyName: atMost(256),
  UniqueName: anyText,
  MessagingServiceSid: sid('MG'),
  Attributes: jsonText(16_384),
  State: oneOf('inactive', 'active', 'closed', 'initializing'),
  'Timers.Inactive': anyText,
  'Timers.Closed': anyText,
  'Bindings.Email.Address': anyText,
  'Bindings.Email.Name': anyText,
};
const aboutParticipant = {
  ...dates,
  Identity: atMost(256),
  Attributes: jsonText(4_096),
  RoleSid: sid('RL'),
  'MessagingBinding.ProxyAddress': atMost(256),
  'MessagingBinding.ProjectedAddress': atMost(256),
};
export const conversationRule: FormRule = { fields: aboutConversation };
export const newParticipant: FormRule = { fields: { ...aboutParticipant, 'MessagingBinding.Address': atMost(256) } };
export const changedParticipant: FormRule = {
  fields: { ...aboutParticipant, LastReadMessageIndex: wholeNumber, LastReadTimestamp: anyText },
};
export const newMessage: FormRule = {
  fields: {
    ...dates,
    Author: anyText,
    Body: atMost(32_768),
    Attributes: jsonText(4_096),
    MediaSid: sid('ME'),
    ContentSid: sid('HX'),
    ContentVariables: anyText,
    Subject: anyText,
  },
  malformed: { Body: [50504, 'Message body parameter is too long'] },
};
const aboutWebhook = {
  'Configuration.Url': anyText,
  'Configuration.Method': oneOf('get', 'post'),
  'Configuration.Filters': anyText,
  'Configuration.Triggers': anyText,
  'Configuration.FlowSid': sid('FW'),
};
const webhookLists = ['Configuration.Filters', 'Configuration.Triggers'];
export const changedWebhook: FormRule = { fields: aboutWebhook, lists: webhookLists };
export const newWebhook: FormRule = {
  fields: {
    ...aboutWebhook,
    Target: oneOf('webhook', 'trigger', 'studio'),
    'Configuration.ReplayAfter': wholeNumber,
  },
  lists: webhookLists,
  required: { Target: [20001, 'Missing required parameter Target in the post body'] },
};
export const serviceWebhooks: FormRule = {
  fields: { PreWebhookUrl: uri, PostWebhookUrl: uri, Filters: anyText, Method: anyText },
  lists: ['Filters'],
};
