import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { Problem } from '../core/problems.ts';
import { required, type SettingsOf, settings } from '../core/settings.ts';
import { sidOf, type TwilioRest } from './rest.ts';

export const webChatSettings = settings({
  FLEX_ADDRESS_SID: required(v.pipe(v.string(), v.regex(/^IG[0-9a-fA-F]{32}$/)), {
    is: 'the Flex address of the web chat, says which flow or queue its chats go to',
    example: 'IG00000000000000000000000000000001',
  }),
});

interface NewWebChat {
  readonly identity: string;
  readonly friendlyName: string | undefined;
  /** What the agent is told: JSON. */
  readonly context: string;
}

/**
 * Begins a web chat in Flex, for which Twilio makes a conversation with this identity in it. `unknown` when it may have
 * been begun or not; throws `chat_unavailable` when surely not. Source: the package twilio 6.2.0, `flexApi.v2.webChannels`.
 */
export async function beginWebChat(
  twilio: TwilioRest,
  { FLEX_ADDRESS_SID }: SettingsOf<typeof webChatSettings>,
  { identity, friendlyName, context }: NewWebChat,
  deadline: Deadline,
): Promise<{ readonly conversationSid: string } | 'unknown'> {
  const form = {
    AddressSid: FLEX_ADDRESS_SID,
    Identity: identity,
    ChatFriendlyName: friendlyName ?? 'Web chat',
    CustomerFriendlyName: friendlyName ?? 'Customer',
    PreEngagementData: context,
  };
  // A conversation in which the visitor is somebody else is none that they could read.
  const expected = v.object({ conversation_sid: sidOf('CH'), identity: v.literal(identity) });
  const answer = await twilio.create('flex-api.twilio.com', '/v2/WebChats', form, expected, deadline);
  switch (answer.is) {
    case 'done':
      return { conversationSid: answer.value.conversation_sid };
    case 'unknown':
      return 'unknown';
    case 'refused': {
      const reason = `refused with ${answer.status}, code ${answer.code ?? 'none'}`;
      throw new Problem('chat_unavailable', { reason, retryAfterSec: 60 });
    }
    case 'unavailable':
      throw new Problem('chat_unavailable', { reason: 'not reached', retryAfterSec: answer.retryAfterSec });
    default:
      return answer satisfies never;
  }
}
