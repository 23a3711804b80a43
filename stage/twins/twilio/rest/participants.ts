import type { ChatConversation } from '../conversations/conversations.ts';
import { byRest, type ConversationParts, type ConversationPaths, given, listed } from './conversation-paths.ts';
import { participantResource } from './conversation-resources.ts';
import { changedParticipant, newParticipant } from './conversation-rules.ts';
import { notFound, refusal } from './errors.ts';
import { formFault } from './form.ts';
import type { Asked, Route } from './route.ts';

const ADDRESS = 'MessagingBinding.Address';

/** How somebody takes part who has an address instead of a client. */
function bindingIn(form: URLSearchParams) {
  const address = form.get(ADDRESS);
  if (address === null) return undefined;
  const type = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  return { type, address, ...given({ proxy_address: form.get('MessagingBinding.ProxyAddress') }) };
}

/** `…/Conversations/{sid}/Participants`. */
export function participantRoutes(parts: ConversationParts, { below }: ConversationPaths): readonly Route[] {
  const { env, conversations } = parts;
  const found = ({ ids: [, , name = ''] }: Asked, { participants }: ChatConversation) =>
    participants.find((one) => one.sid === name || one.identity === name);
  return [
    below('GET', '/Participants', (asked, conversation) =>
      listed(
        asked,
        'participants',
        conversation.participants.map((one) => participantResource(conversation, one, env())),
      ),
    ),
    below('POST', '/Participants', (asked, conversation) => {
      const { form } = asked;
      const fault = formFault(newParticipant, form);
      if (fault) return fault;
      const identity = form.get('Identity') ?? undefined;
      const binding = bindingIn(form);
      if (identity === undefined && !binding)
        return refusal(400, 20001, 'Identity or MessagingBinding.Address is needed');
      const isThere = identity !== undefined && conversation.participants.some((one) => one.identity === identity);
      // Source: Twilio's page on error 50433, read 2026-11-21.
      if (isThere) return refusal(409, 50433, 'Participant already exists');
      const who = { identity, binding, ...given({ attributes: form.get('Attributes'), roleSid: form.get('RoleSid') }) };
      const participant = conversations.join(conversation, who, byRest(asked));
      return { status: 201, body: participantResource(conversation, participant, env()) };
    }),
    below('GET', '/Participants/([^/]+)', (asked, conversation) => {
      const participant = found(asked, conversation);
      if (!participant) return notFound(asked.path);
      return { status: 200, body: participantResource(conversation, participant, env()) };
    }),
    below('POST', '/Participants/([^/]+)', (asked, conversation) => {
      const { form } = asked;
      const fault = formFault(changedParticipant, form);
      const participant = found(asked, conversation);
      if (fault || !participant) return fault ?? notFound(asked.path);
      const read = form.get('LastReadMessageIndex');
      const change = {
        ...given({ attributes: form.get('Attributes'), roleSid: form.get('RoleSid') }),
        ...(read !== null && { lastReadIndex: Number(read) }),
      };
      conversations.updateParticipant(conversation, participant, change, byRest(asked));
      return { status: 200, body: participantResource(conversation, participant, env()) };
    }),
    below('DELETE', '/Participants/([^/]+)', (asked, conversation) => {
      const participant = found(asked, conversation);
      if (!participant) return notFound(asked.path);
      conversations.leave(conversation, participant, byRest(asked));
      return { status: 204 };
    }),
  ];
}
