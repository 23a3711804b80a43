import type { ChatTurn } from './chat-bodies.ts';
import type { AssistantScript } from './script.ts';

const wantsPerson = /\b(person|human|agent|colleague|somebody)\b/i;
const saysGoodbye = /\b(bye|goodbye|that is all)\b/i;

const text = (words: string) => ({ response_type: 'text', text: words });

const option = (label: string, words: string) => ({ label, value: { input: { text: words } } });

const greeting = [
  text('Hello, this is the assistant of the shop.'),
  {
    response_type: 'option',
    title: 'What is it about?',
    options: [option('an order', 'my order'), option('an invoice', 'my invoice')],
    preference: 'button',
  },
];

function asks(words: string, { messageToAgent }: AssistantScript): ChatTurn['generic'] {
  if (wantsPerson.test(words)) {
    const connect = {
      response_type: 'connect_to_agent',
      topic: 'orders',
      message_to_human_agent: messageToAgent ?? `The customer said: ${words}`,
      agent_available: { message: 'One moment, I will get a person for you.' },
      agent_unavailable: { message: 'I am sorry, nobody is here.' },
      transfer_info: { target: {} },
    };
    return [connect];
  }
  if (saysGoodbye.test(words)) return [text('Goodbye.'), { response_type: 'end_session' }];
  if (/\b(link|website)\b/i.test(words)) {
    const transfer = {
      response_type: 'channel_transfer',
      message_to_user: 'Go on in our chat:',
      transfer_info: { target: { chat: { url: 'https://shop.example.com/chat' } } },
    };
    return [text('I will send you a text message now.'), transfer];
  }
  if (/\binvoice\b/i.test(words)) {
    const collect = { type: 'collect', parameters: { termination_key: '#', maximum_count: 8, minimum_count: 4 } };
    return [text('Please enter the number of the invoice.'), { response_type: 'dtmf', command_info: collect }];
  }
  if (/\border\b/i.test(words)) return [text('Order **4711** left our house this morning.')];
  return [text('I have noted that. Is there anything else?')];
}

/** What an assistant says on the phone when it is asked by its API. Nothing said begins the call. */
export const voiceReply = (words: string, script: AssistantScript): ChatTurn['generic'] =>
  words === '' ? greeting : asks(words, script);
