import * as v from 'valibot';
import { Problem } from '../../../../shared/core/problems.ts';
import { type StageRequests, takes } from '../../../requests.ts';
import type { ClientSockets } from '../conversations/client-sockets.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { scriptInput } from '../people.ts';
import type { WebChats } from '../rest/web-chats.ts';
import type { TwilioTwin } from '../twin.ts';
import type { FlexAgents, FlexChat, Which } from './agents.ts';
import type { Interactions } from './interactions.ts';
import type { TaskQueue } from './tasks.ts';

/** Which chat is meant; the newest that is not over when none is named. */
const which = {
  taskSid: v.optional(v.string()),
  conversationSid: v.optional(v.string()),
  handoverId: v.optional(v.string()),
};
const agent = v.optional(v.string());
const acceptInput = v.strictObject({ ...which, ...scriptInput.entries });
const chatInput = v.strictObject(which);
const typingInput = v.strictObject({ ...which, agent });
const sayInput = v.strictObject({ ...which, agent, text: v.string() });
const transferInput = v.strictObject({ ...which, to: v.string() });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const agentsInput = v.strictObject({ online: v.optional(count), mostWaiting: v.optional(count) });

interface Parts extends Pick<TwilioTwin, 'accept'> {
  readonly tasks: TaskQueue;
  readonly agents: FlexAgents;
  readonly interactions: Interactions;
  readonly conversations: Conversations;
  readonly chats: WebChats;
  readonly sockets: ClientSockets;
  /** Where browsers open the socket of @twilio/conversations. */
  readonly socketPath: string;
}

const nobody = (reason: string) => new Problem('not_found', { extra: { reason } });

/** What the stage takes to direct the agents of Flex and to look at what they have. */
export function flexRequests(parts: Parts): StageRequests {
  const { tasks, agents, interactions, conversations, chats, sockets } = parts;
  const state = ({ task, conversation, interaction }: FlexChat) => ({ task, conversation, interaction });
  const chat = (input: Which, does: (chat: FlexChat) => void) => {
    const found = agents.find(input);
    if (!found) throw nobody('no such chat in Flex');
    does(found);
    return state(found);
  };
  /** One that somebody has. */
  const talk = (input: Which, does: (chat: FlexChat) => void) =>
    chat(input, (found) => {
      if (found.task.state !== 'assigned') throw nobody('no agent has the chat');
      does(found);
    });
  return {
    'GET /_stage/flex': () => ({
      tasks: tasks.all(),
      webChats: chats.all(),
      interactions: interactions.all(),
      conversations: conversations.all(),
      socket: { path: parts.socketPath, open: sockets.open },
    }),
    'POST /_stage/flex/agents': takes(agentsInput, ({ online = tasks.online, mostWaiting = tasks.mostWaiting }) => {
      Object.assign(tasks, { online, mostWaiting });
    }),
    'POST /_stage/flex/accept': takes(acceptInput, ({ taskSid, conversationSid, handoverId, ...script }) => {
      const isNamed = conversationSid !== undefined || handoverId !== undefined;
      const named = isNamed ? agents.find({ taskSid, conversationSid, handoverId })?.task.sid : taskSid;
      const accepted = isNamed && named === undefined ? undefined : parts.accept(script, named);
      if (!accepted) throw nobody('no task waits');
      return accepted.task;
    }),
    'POST /_stage/flex/say': takes(sayInput, ({ text, agent: name, ...input }) =>
      talk(input, (one) => agents.says(one, text, name)),
    ),
    'POST /_stage/flex/typing': takes(typingInput, ({ agent: name, ...input }) =>
      talk(input, (one) => agents.types(one, name)),
    ),
    'POST /_stage/flex/leave': takes(chatInput, (input) => talk(input, agents.leaves)),
    'POST /_stage/flex/transfer': takes(transferInput, ({ to, ...input }) =>
      talk(input, (one) => agents.transfers(one, to)),
    ),
    'POST /_stage/flex/end': takes(chatInput, (input) => chat(input, agents.ends)),
    'POST /_stage/flex/timeout': takes(chatInput, (input) =>
      chat(input, ({ task }) => {
        if (task.state !== 'pending') throw nobody('no task waits');
        tasks.timeOut(task);
      }),
    ),
  };
}
