import { byRest, type ConversationParts, type ConversationPaths, listed } from './conversation-paths.ts';
import { messageResource } from './conversation-resources.ts';
import { newMessage } from './conversation-rules.ts';
import { notFound } from './errors.ts';
import { formFault } from './form.ts';
import type { Route } from './route.ts';

/** `…/Conversations/{sid}/Messages`. */
export function messageRoutes(parts: ConversationParts, { below }: ConversationPaths): readonly Route[] {
  const { env, conversations } = parts;
  return [
    below('GET', '/Messages', (asked, conversation) =>
      listed(
        asked,
        'messages',
        conversation.messages.map((message) => messageResource(conversation, message, env())),
      ),
    ),
    below('POST', '/Messages', (asked, conversation) => {
      const { form } = asked;
      const fault = formFault(newMessage, form);
      if (fault) return fault;
      const said = {
        // Source: Twilio's page on the message resource, read 2026-11-21.
        author: form.get('Author') ?? 'system',
        body: form.get('Body') ?? '',
        attributes: form.get('Attributes') ?? '{}',
      };
      const message = conversations.say(conversation, said, byRest(asked));
      return { status: 201, body: messageResource(conversation, message, env()) };
    }),
    below('GET', '/Messages/(IM\\w+)', (asked, conversation) => {
      const message = conversation.messages.find(({ sid }) => sid === asked.ids[2]);
      if (!message) return notFound(asked.path);
      return { status: 200, body: messageResource(conversation, message, env()) };
    }),
  ];
}
