import type { Schedule } from '../schedule.ts';
import { newName } from './people.ts';
import { type Scene, seen, soon } from './scene.ts';
import { type ChatCast, webVisitor } from './web-visitor.ts';

/** Longer than what is known of the line is taken for new. */
const LATER_MS = 6_000;

/** Nobody is there: the visitor is told before they ask; and who waits in vain is told so, has the bot again, and nothing stays open. */
export function nobodyOnlineScene(cast: ChatCast & { readonly schedule: Schedule }): Scene {
  const { twilio, others, schedule } = cast;
  const visitor = webVisitor(cast);
  const looker = newName('visitor');

  async function availability(online: boolean) {
    await schedule.advance(LATER_MS);
    const answer = await others.chat(looker, { action: 'availability' });
    seen(answer.online === online, `online ${online}, not ${String(answer.online)}`);
    return [{ by: 'flex-token', text: JSON.stringify(answer) }];
  }

  return {
    name: 'nobody-online',
    title: 'Nobody is there for a chat: who asks knows, and who waits is not left alone',
    steps: [
      {
        title: 'No agent is online, and the page knows before anybody is promised',
        async see() {
          twilio.tasks.online = 0;
          return availability(false);
        },
      },
      {
        title: 'An agent comes online, and the page knows that',
        async see() {
          twilio.tasks.online = 1;
          return availability(true);
        },
      },
      {
        title: 'A visitor opens a chat and waits; the bot is silent',
        async see() {
          const shown = await visitor.opens({ topic: 'orders', friendlyName: 'Grace' });
          visitor.says('Is somebody there?');
          return [...shown, ...(await visitor.answeredBy('person'))];
        },
      },
      {
        title: 'Nobody takes it in the time of the workflow, and the visitor is told',
        async see() {
          const { task } = visitor.inFlex();
          twilio.tasks.timeOut(task);
          seen(task.state === 'canceled', 'a canceled task');
          const { author, body } = await soon(
            () => visitor.conversation().messages.find((message) => message.author === 'handover'),
            'a word to the visitor',
          );
          return [
            { by: 'flex', text: `${task.state}: ${task.reason}` },
            { by: author, text: body },
          ];
        },
      },
      {
        title: 'The chat is closed through its interaction: nothing stays open with nobody in it',
        async see() {
          const { interaction, conversation } = visitor.inFlex();
          await soon(
            () => interaction.status === 'closed' && conversation.state === 'closed',
            'a closed interaction with a closed conversation',
          );
          return [{ by: 'flex', text: `interaction ${interaction.status}, conversation ${conversation.state}` }];
        },
      },
      { title: 'The bot has the conversation again', see: () => visitor.answeredBy('bot') },
    ],
  };
}
