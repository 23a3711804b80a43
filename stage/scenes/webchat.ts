import { type Scene, seen } from './scene.ts';
import { type ChatCast, webVisitor } from './web-visitor.ts';

const HELLO = 'Hello, this is Ada. What can I do for you?';
const WISH = 'The parcel came, but it is the wrong colour.';
const HELP = 'I will send the right one today. Goodbye!';

/** A visitor of a site chats with a person in Flex, and then has the bot again. */
export function webchatScene(cast: ChatCast): Scene {
  const { twilio, others } = cast;
  const { agents } = twilio.flex;
  const visitor = webVisitor(cast);
  return {
    name: 'webchat',
    title: 'A visitor of a site chats with a Flex agent, and has the bot again',
    steps: [
      {
        title: 'The visitor chats with the bot of the site, which tells what is said',
        async see() {
          const lines = [
            { by: 'customer', text: 'Where is my order?' },
            { by: 'bot', text: 'It left our house this morning.' },
          ];
          await others.tell(visitor.conversationId, lines);
          return lines;
        },
      },
      {
        title: 'They ask for a person: flex-token opens a chat in Flex and gives them a token for it',
        see: () => visitor.opens({ topic: 'orders', friendlyName: 'Grace', language: 'en' }),
      },
      {
        title: 'A task waits in Flex with who and why, and the bot is silent',
        async see() {
          const { attributes, state, sid } = visitor.inFlex().task;
          seen(state === 'pending', `a task that waits, not ${state}`);
          seen(attributes.topic === 'orders' && attributes.customerName === 'Grace', 'topic and name in the task');
          return [
            { by: 'flex', text: `task ${sid}: ${String(attributes.customerName)}, ${String(attributes.topic)}` },
            ...(await visitor.answeredBy('person')),
          ];
        },
      },
      {
        title: 'An agent accepts and writes; the visitor reads it',
        async see() {
          seen(twilio.accept({ name: 'Ada' }, visitor.inFlex().task.sid), 'a task that waits');
          agents.says(visitor.inFlex(), HELLO);
          const { author, body } = await visitor.reads(HELLO, "the agent's words in the chat");
          return [{ by: author, text: body }];
        },
      },
      {
        title: 'The visitor answers; transcript and agent-view have all of it, each line once',
        async see() {
          visitor.says(WISH);
          const lines = await visitor.seenBy('ada', ['Where is my order?', HELLO, WISH]);
          return [{ by: 'visitor', text: WISH }, ...lines];
        },
      },
      {
        title: 'The agent helps and ends; conversation, interaction and task are over',
        async see() {
          agents.says(visitor.inFlex(), HELP);
          await visitor.reads(HELP, "the agent's last words");
          const chat = visitor.inFlex();
          agents.ends(chat);
          const { conversation, interaction, task } = chat;
          seen(conversation.state === 'closed' && interaction.status === 'closed', 'a closed conversation');
          seen(task.state === 'completed', `a completed task, not ${task.state}`);
          return [{ by: 'ada', text: HELP }];
        },
      },
      { title: 'The bot has the conversation again', see: () => visitor.answeredBy('bot') },
    ],
  };
}
