import type { ChatTurn } from './chat-bodies.ts';
import type { AssistantScript } from './script.ts';

const wantsPerson = (text: string) => /\b(person|human|agent|colleague|somebody)\b/i.test(text);

const text = (words: string) => ({ response_type: 'text', text: words });

interface Reply {
  readonly generic: ChatTurn['generic'];
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What an assistant says in a chat that knows its customers' orders, has people to send them to, and asks how it was when
 * they come back. The shape of the items: cloud.ibm.com/docs/watson-assistant, response types, read 2026-11-28.
 */
export function chatReply(said: string, variables: Reply['variables'], { messageToAgent }: AssistantScript): Reply {
  const { handover_ended: why, handover_event: event, ...others } = variables;
  if (typeof why === 'string') {
    const asks = event === undefined ? 'How was it?' : `(${event}) How was it?`;
    return {
      generic: [text(`You are back with me; your chat with a person has ended (${why}). ${asks}`)],
      variables: others,
    };
  }
  if (wantsPerson(said)) {
    const connect = {
      response_type: 'connect_to_agent',
      topic: 'orders',
      message_to_human_agent: messageToAgent ?? `The customer wrote: ${said}`,
      agent_available: { message: 'One moment, I will get a person for you.' },
      agent_unavailable: { message: '' },
      transfer_info: { target: {}, additional_data: { order: '4711' } },
    };
    return { generic: [connect], variables };
  }
  if (/\border\b/i.test(said)) return { generic: [text('Order 4711 left our house this morning.')], variables };
  return { generic: [text('Hello, I am the assistant. Ask me about your order, or say "person".')], variables };
}
