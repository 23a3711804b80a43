import type { BotTwin } from '../twins/bot/twin.ts';
import type { Ticket } from '../twins/desk/tickets.ts';
import type { AgentDoes, DeskTwin } from '../twins/desk/twin.ts';
import type { WatsonTwin } from '../twins/watson/twin.ts';
import { newName } from './people.ts';
import { type Scene, type Shown, seen, soon } from './scene.ts';

interface WatsonChatCast {
  readonly watson: WatsonTwin;
  readonly desk: DeskTwin;
  readonly bot: BotTwin;
}

/** A customer chats with a Watson assistant, gets to a person and back, and the assistant knows of it. */
export function watsonChatScene({ watson, desk, bot }: WatsonChatCast): Scene {
  const sessionId = newName('session');
  const chat = watson.chat(sessionId, newName('customer'));
  const ticket = (): Ticket => seen(desk.tickets.find({ conversationId: sessionId }), 'the ticket at the desk');
  const pushed = (type: string) =>
    bot.inbox().find((event) => event.type === type && event.data.conversationId === sessionId);

  async function write(text: string, whoAnswers: 'assistant' | 'person'): Promise<readonly Shown[]> {
    const before = chat.lines.length;
    const { answers } = await watson.say(sessionId, chat.userId, text);
    seen(answers === whoAnswers, `the ${whoAnswers} answers, not the ${answers}`);
    return chat.lines.slice(before);
  }
  async function act(does: AgentDoes): Promise<void> {
    const reply = await desk.act(ticket(), does);
    seen(reply?.status === 200, `handover-push takes it, not ${reply?.status ?? 'no answer'}: ${reply?.body ?? ''}`);
  }
  const wordsOf = (shown: readonly Shown[]) => shown.map(({ text }) => text).join('\n');

  return {
    name: 'watson-chat',
    title: 'A chat with a Watson assistant is handed to a person and back',
    steps: [
      {
        title: 'The customer chats with the assistant, which asks before each turn whether it may answer',
        see: () => write('Where is my order?', 'assistant'),
      },
      {
        title:
          'The assistant answers connect_to_agent; its post-message webhook opens the handover before the customer reads it',
        async see() {
          const shown = await write('I want to talk to a person, please', 'assistant');
          const { handover_id: named } = Object(Object(chat.connect?.transfer_info).additional_data);
          seen(named === ticket().handoverId, 'the handover in the connect_to_agent');
          return shown;
        },
      },
      {
        title: 'The desk has the conversation, with why and with everything that was said',
        async see() {
          const { ticket: name, lines, handoverId } = ticket();
          const heard = lines.map(({ text }) => text);
          for (const text of ['Where is my order?', 'Order 4711 left our house this morning.'])
            seen(heard.includes(text), `"${text}" in the transcript at the desk`);
          return [
            { by: 'desk', text: `ticket ${name}, handover ${handoverId}` },
            ...lines.map(({ by, text }) => ({ by: 'desk', text: `  ${by}: ${text}` })),
          ];
        },
      },
      {
        title: "An agent takes it and writes; the words come to the customer's page by BOT_PUSH_URL",
        async see() {
          const text = 'Hello, this is Ada. What can I do for you?';
          await act({ is: 'take' });
          await act({ is: 'say', text });
          const event = await soon(() => pushed('handover.message'), "the agent's words at BOT_PUSH_URL");
          seen(event.data.text === text, 'the very words');
          return [{ by: 'agent', text }];
        },
      },
      {
        title: 'The customer answers; the agent reads it, and the assistant is skipped',
        async see() {
          const text = 'The parcel came, but it is the wrong colour.';
          const shown = await write(text, 'person');
          await soon(() => ticket().lines.some((line) => line.text === text), "the customer's words at the desk");
          seen(shown.length === 1, 'the assistant silent');
          return [...shown, { by: 'desk', text: `  customer: ${text}` }];
        },
      },
      {
        title: 'The agent ends it, and the page is told',
        async see() {
          await act({ is: 'end' });
          const event = await soon(() => pushed('handover.ended'), 'the end at BOT_PUSH_URL');
          return [{ by: 'system', text: `handover.ended: ${event.data.reason}` }];
        },
      },
      {
        title: 'The assistant answers again, and knows that a person was there and why that is over',
        async see() {
          const shown = await write('Thank you', 'assistant');
          seen(wordsOf(shown).includes('(agent)'), 'the reason in what the assistant says');
          return shown;
        },
      },
      {
        title: 'It is told so once',
        async see() {
          const before = ticket().lines.length;
          const shown = await write('Where is my order?', 'assistant');
          seen(!wordsOf(shown).includes('back with me'), 'an answer as before');
          seen(ticket().lines.length === before, 'nothing new at the desk');
          return shown;
        },
      },
    ],
  };
}
