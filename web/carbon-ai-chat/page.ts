/**
 * The page of the test: the real Carbon AI Chat with an assistant of two sentences, and a conversation in which the test plays
 * the people. The address of `flex-token` and the session come in the fragment of the page's own address.
 */
import { ChatContainer, type MessageResponse, MessageResponseTypes, type PublicConfig } from '@carbon/ai-chat';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type * as ServiceDesks from '../service-desk/index.ts';
import { playedConversation } from './played-conversation.ts';

const { carbonServiceDesk } = (await import(`${location.origin}/service-desk.mjs`)) as typeof ServiceDesks;

const given = new URLSearchParams(location.hash.slice(1));
const people = playedConversation();
/** Nobody joins before the test has set the scene. */
let open = () => {};
const isOpen = new Promise<void>((resolve) => {
  open = resolve;
});
Object.assign(window, { people, open });

const answerTo = (text: string): MessageResponse => ({
  output: {
    generic: text.includes('person')
      ? [
          {
            response_type: MessageResponseTypes.CONNECT_TO_HUMAN_AGENT,
            message_to_human_agent: 'Wants a person',
            agent_available: { message: 'A person is there.' },
            agent_unavailable: { message: 'Nobody is there.' },
          },
        ]
      : [{ response_type: MessageResponseTypes.TEXT, text: 'Say that you want a person.' }],
  },
});

const config: PublicConfig = {
  openChatByDefault: true,
  messaging: {
    skipWelcome: true,
    async customSendMessage(request, _options, instance) {
      await instance.messaging.addMessage(answerTo(request.input.text ?? ''));
    },
  },
  serviceDeskFactory: carbonServiceDesk({
    url: given.get('url') ?? '',
    session: () => given.get('session') ?? '',
    async join(pass, tell) {
      await isOpen;
      return people.join(pass, tell);
    },
  }),
};

createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(ChatContainer, config));
