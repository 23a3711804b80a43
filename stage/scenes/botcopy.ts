import { randomBytes } from 'node:crypto';
import { conversationOf } from '../../shared/core/handover/conversation.ts';
import type { BotcopyTwin } from '../twins/botcopy/twin.ts';
import type { Ticket } from '../twins/desk/tickets.ts';
import type { AgentDoes, DeskTwin } from '../twins/desk/twin.ts';
import { type Scene, seen, soon } from './scene.ts';

interface BotcopyCast {
  readonly botcopy: BotcopyTwin;
  readonly desk: DeskTwin;
  readonly botId: string;
}

/** A customer chats with a bot, asks for a person, talks with an agent, and has the bot again. */
export function botcopyScene({ botcopy, desk, botId }: BotcopyCast): Scene {
  const userId = `customer-${randomBytes(4).toString('hex')}`;
  const conversationId = conversationOf({ botId, userId });
  const chat = botcopy.chat(userId, botId);
  const ticket = (): Ticket => seen(desk.tickets.find({ conversationId }), 'the ticket at the desk');
  const last = () => seen(chat.lines.at(-1), 'a line in the chat window');

  async function write(text: string, whoAnswers: 'bot' | 'person') {
    const before = chat.lines.length;
    const answers = await botcopy.say({ userId, botId, text, vintage: 'today' });
    seen(answers === whoAnswers, `the ${whoAnswers} answers, not the ${answers}`);
    return chat.lines.slice(before).map(({ by, text: words }) => ({ by, text: words }));
  }
  async function act(does: AgentDoes): Promise<void> {
    const reply = await desk.act(ticket(), does);
    seen(reply?.status === 200, `handover-push takes it, not ${reply?.status ?? 'no answer'}: ${reply?.body ?? ''}`);
  }

  return {
    name: 'botcopy',
    title: 'A Botcopy chat is handed to a person and back',
    steps: [
      { title: 'The customer chats with the bot', see: () => write('Hello', 'bot') },
      { title: 'The bot knows the answer', see: () => write('Where is my order?', 'bot') },
      {
        title: 'The customer asks for a person; Botcopy asks pause-check, and the bot falls silent',
        see: () => write('I want to talk to a person, please', 'person'),
      },
      {
        title: 'The desk has the conversation, with everything that was said',
        async see() {
          const { ticket: name, lines, handoverId, state } = ticket();
          const heard = lines.map(({ text }) => text);
          const said = chat.lines.filter(({ by }) => by !== 'system').map(({ text }) => text);
          for (const text of said) seen(heard.includes(text), `"${text}" in the transcript at the desk`);
          seen(handoverId !== '' && state === 'waiting', 'a waiting ticket with a handover id');
          return [
            { by: 'desk', text: `ticket ${name}, handover ${handoverId}` },
            ...lines.map(({ by, text }) => ({ by: 'desk', text: `  ${by}: ${text}` })),
          ];
        },
      },
      {
        title: 'An agent takes it, and the customer sees that',
        async see() {
          await act({ is: 'take' });
          const { by, text, agentName } = await soon(
            () => last().by === 'system' && last(),
            'the agent in the chat window',
          );
          return [{ by, text: `${text} (${agentName ?? 'no name'})` }];
        },
      },
      {
        title: 'The agent types, and the customer sees that',
        async see() {
          await act({ is: 'type' });
          await soon(() => chat.typingUntilMs > 0, 'the typing indicator');
          return [{ by: 'agent', text: '(types …)' }];
        },
      },
      {
        title: "The agent's answer arrives at the customer, once",
        async see() {
          const text = 'Hello, this is Ada. I have read what you wrote. How can I help?';
          await act({ is: 'say', text });
          await soon(() => last().by === 'agent' && last().text === text, "the agent's words in the chat window");
          seen(chat.lines.filter((line) => line.text === text).length === 1, 'the words once');
          return [{ by: 'agent', text }];
        },
      },
      {
        title: 'The customer answers; the agent reads it and the bot keeps silent',
        async see() {
          const text = 'The parcel came, but it is the wrong colour.';
          const shown = await write(text, 'person');
          await soon(() => ticket().lines.some((line) => line.text === text), "the customer's words at the desk");
          seen(
            shown.every(({ by }) => by === 'customer'),
            'the bot silent',
          );
          return [...shown, { by: 'desk', text: `  customer: ${text}` }];
        },
      },
      {
        title: 'The agent ends, and the customer sees that',
        async see() {
          await act({ is: 'end' });
          await soon(() => chat.pausedUntilMs === 0 && last().by === 'system', 'the end in the chat window');
          return [{ by: 'system', text: last().text }];
        },
      },
      {
        title: 'The bot has the conversation again, and the desk hears no more of it',
        async see() {
          const before = ticket().lines.length;
          const shown = await write('Where is my order?', 'bot');
          seen(
            shown.some(({ by }) => by === 'bot'),
            'an answer of the bot',
          );
          seen(ticket().lines.length === before, 'nothing new at the desk');
          return shown;
        },
      },
    ],
  };
}
