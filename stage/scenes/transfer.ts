import { type Scene, seen } from './scene.ts';
import { type ChatCast, webVisitor } from './web-visitor.ts';

/** A chat goes from one agent to another and to a third, and to its end, without that anything is lost. */
export function transferScene(cast: ChatCast): Scene {
  const { twilio } = cast;
  const { agents } = twilio.flex;
  const visitor = webVisitor(cast);
  const present = () =>
    visitor.conversation().participants.flatMap(({ identity }) => (identity?.startsWith('visitor') ? [] : [identity]));

  async function talks(text: string, answer: string) {
    agents.says(visitor.inFlex(), text);
    const { author } = await visitor.reads(text, "the agent's words in the chat");
    visitor.says(answer);
    await visitor.seenBy(author, [text, answer]);
    return [
      { by: author, text },
      { by: 'visitor', text: answer },
    ];
  }

  return {
    name: 'transfer',
    title: 'A chat goes from agent to agent, and goes on',
    steps: [
      {
        title: 'A visitor opens a chat, and Ada takes it',
        async see() {
          const shown = await visitor.opens({ topic: 'billing', friendlyName: 'Grace' });
          seen(twilio.accept({ name: 'Ada' }, visitor.inFlex().task.sid), 'a task that waits');
          return [...shown, ...(await talks('Hello, this is Ada.', 'My bill is wrong.'))];
        },
      },
      {
        title: 'Ada hands it over to Bo: the one goes, then the other comes, and the chat is open all the time',
        async see() {
          agents.transfers(visitor.inFlex(), 'Bo');
          seen(present().join() === 'bo', `Bo alone with the visitor, not ${present().join()}`);
          seen(visitor.conversation().state === 'active', 'an open conversation');
          return talks('Bo here. I have read everything.', 'Good, then you know it.');
        },
      },
      { title: 'The bot is still silent', see: () => visitor.answeredBy('person') },
      {
        title: 'Bo leaves; nobody is there, the task waits again, and the bot is silent',
        async see() {
          agents.leaves(visitor.inFlex());
          seen(present().length === 0, 'nobody but the visitor');
          seen(visitor.inFlex().task.state === 'pending', 'a task that waits');
          visitor.says('Is somebody there?');
          return [{ by: 'visitor', text: 'Is somebody there?' }, ...(await visitor.answeredBy('person'))];
        },
      },
      {
        title: 'Cleo takes it and sees everything that was said to the others',
        async see() {
          seen(twilio.accept({ name: 'Cleo' }, visitor.inFlex().task.sid), 'a task that waits');
          const shown = await talks('I am here now.', 'At last.');
          const before = ['My bill is wrong.', 'Bo here. I have read everything.', 'Is somebody there?'];
          await visitor.seenBy('cleo', before);
          return shown;
        },
      },
      {
        title: 'Cleo ends the chat, and the bot has the conversation again',
        async see() {
          const chat = visitor.inFlex();
          agents.ends(chat);
          seen(chat.conversation.state === 'closed' && chat.task.state === 'completed', 'an end everywhere');
          return visitor.answeredBy('bot');
        },
      },
    ],
  };
}
