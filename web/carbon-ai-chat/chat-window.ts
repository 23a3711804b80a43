/** The real Carbon AI Chat with an assistant of few words, on whatever page it is put into. */
import {
  CarbonTheme,
  ChatContainer,
  type MessageResponse,
  MessageResponseTypes,
  type PublicConfig,
} from '@carbon/ai-chat';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

/** What the assistant says. */
export interface AssistantSays {
  readonly text: string;
  /** What the customer may say to that with a click. */
  readonly choices?: readonly string[];
  /** Set when the customer is to get a person: the card by which they can ask for one, and what is handed over. */
  readonly person?: { readonly message: string; readonly collected?: Readonly<Record<string, string>> };
}

interface ChatWindow {
  answer(text: string): AssistantSays | Promise<AssistantSays>;
  readonly serviceDeskFactory: NonNullable<PublicConfig['serviceDeskFactory']>;
  /** Takes the whole page instead of a corner of it. */
  readonly fills?: boolean;
  /** What the chat begins with; nothing when absent. */
  readonly welcome?: AssistantSays;
}

const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

const filling = (): PublicConfig => ({
  injectCarbonTheme: isDark() ? CarbonTheme.G100 : CarbonTheme.WHITE,
  assistantName: 'Assistant',
  layout: {
    showFrame: false,
    customProperties: {
      width: '100vw',
      height: '100vh',
      'max-height': '100vh',
      'bottom-position': '0',
      'right-position': '0',
    } as never,
  },
  header: { hideMinimizeButton: true, title: 'Web chat' },
});

function textItem(text: string, choices: readonly string[]) {
  if (choices.length === 0) return { response_type: MessageResponseTypes.TEXT as const, text };
  const options = choices.map((label) => ({ label, value: { input: { text: label } } }));
  return { response_type: MessageResponseTypes.OPTION as const, title: text, options };
}

function responseOf({ text, choices = [], person }: AssistantSays): MessageResponse {
  const card = person && {
    response_type: MessageResponseTypes.CONNECT_TO_HUMAN_AGENT as const,
    message_to_human_agent: person.message,
    agent_available: { message: 'A person is there.' },
    agent_unavailable: { message: 'Nobody is there.' },
    ...(person.collected && { transfer_info: { additional_data: person.collected } }),
  };
  return { output: { generic: [...(text === '' ? [] : [textItem(text, choices)]), ...(card ? [card] : [])] } };
}

/** Shows the chat. */
export function showChatWindow({ answer, serviceDeskFactory, fills = false, welcome }: ChatWindow): void {
  const config: PublicConfig = {
    ...(fills ? filling() : {}),
    openChatByDefault: true,
    messaging: {
      skipWelcome: true,
      async customSendMessage(request, _options, instance) {
        await instance.messaging.addMessage(responseOf(await answer(request.input.text ?? '')));
      },
    },
    serviceDeskFactory,
    ...(welcome && {
      onAfterRender: (instance: Parameters<NonNullable<Parameters<typeof ChatContainer>[0]['onAfterRender']>>[0]) => {
        void instance.messaging.addMessage(responseOf(welcome));
      },
    }),
  };
  createRoot(document.body.appendChild(document.createElement('div'))).render(createElement(ChatContainer, config));
}
