import type { ChangedBy, ChatConversation, Conversations } from '../conversations/conversations.ts';
import { byFlex, type Interaction, type Interactions } from './interactions.ts';
import { reservationOf, type Task } from './task-life.ts';
import type { TaskQueue } from './tasks.ts';
import { type Worker, workerOf } from './workers.ts';

/** A conversation in Flex with everything that belongs to it. */
export interface FlexChat {
  readonly task: Task;
  readonly interaction: Interaction;
  readonly conversation: ChatConversation;
}

/** What agents do in chats. */
export interface FlexAgents {
  /** The chat of a task; undefined where it is a call or a call-back. */
  chatOf(task: Task): FlexChat | undefined;
  /** The newest chat that is not over, or that of a task, a conversation, a handover. */
  find(which: Which): FlexChat | undefined;
  /** Whoever took the task comes into its conversation. */
  comes(chat: FlexChat): void;
  says(chat: FlexChat, text: string, agent?: string): void;
  types(chat: FlexChat, agent?: string): void;
  /** They go, and the task waits for another. */
  leaves(chat: FlexChat): void;
  /** They hand it over to another, who comes when they have gone. */
  transfers(chat: FlexChat, to: string): void;
  ends(chat: FlexChat): void;
}

export interface Which {
  readonly taskSid?: string | undefined;
  readonly conversationSid?: string | undefined;
  readonly handoverId?: string | undefined;
}

interface Parts {
  readonly tasks: TaskQueue;
  readonly interactions: Interactions;
  readonly conversations: Conversations;
  /** Tells those in a conversation that somebody types. */
  types(conversation: ChatConversation, identity: string): void;
}

const isOver = ({ state }: Task) => state === 'completed' || state === 'canceled';

const by = ({ name }: Worker): ChangedBy => ({ source: 'SDK', identity: name, isTold: true });

export function flexAgents({ tasks, interactions, conversations, types }: Parts): FlexAgents {
  const chatOf: FlexAgents['chatOf'] = (task) => {
    const interaction = interactions.ofTask(task);
    const conversation = interaction && conversations.find(interaction.conversationSid);
    return conversation && { task, interaction, conversation };
  };
  const inIt = ({ conversation }: FlexChat, { name }: Worker) =>
    conversation.participants.find(({ identity }) => identity === name);

  function enter({ conversation }: FlexChat, worker: Worker): void {
    const { name, fullName, attributes } = worker;
    conversations.setUser(name, { friendlyName: fullName, attributes: JSON.stringify(attributes) });
    conversations.join(conversation, { identity: name }, byFlex);
  }
  function exit(chat: FlexChat, worker: Worker): void {
    const participant = inIt(chat, worker);
    if (participant) conversations.leave(chat.conversation, participant, byFlex);
  }
  const workerWith = (chat: FlexChat, agent: string | undefined): Worker | undefined =>
    agent === undefined ? reservationOf(chat.task)?.worker : workerOf(agent);

  return {
    chatOf,
    find({ taskSid, conversationSid, handoverId }) {
      const isAsked = taskSid !== undefined || conversationSid !== undefined || handoverId !== undefined;
      const matches = ({ task, conversation }: FlexChat) =>
        (taskSid === undefined || task.sid === taskSid) &&
        (conversationSid === undefined || conversation.sid === conversationSid) &&
        (handoverId === undefined || [task.attributes.handoverId, conversation.uniqueName].includes(handoverId));
      const chats = tasks.all().flatMap((task) => chatOf(task) ?? []);
      return chats.findLast((chat) => matches(chat) && (isAsked || !isOver(chat.task)));
    },
    comes(chat) {
      const worker = reservationOf(chat.task)?.worker;
      if (worker && !inIt(chat, worker)) enter(chat, worker);
    },
    says(chat, body, agent) {
      const worker = workerWith(chat, agent);
      if (!worker || chat.conversation.state === 'closed') return;
      const { conversation } = chat;
      conversations.say(conversation, { author: worker.name, body }, by(worker));
      // Who answers has read what was there.
      const participant = inIt(chat, worker);
      const lastReadIndex = conversation.messages.length - 1;
      if (participant) conversations.updateParticipant(conversation, participant, { lastReadIndex }, by(worker));
    },
    types(chat, agent) {
      const worker = workerWith(chat, agent);
      if (worker) types(chat.conversation, worker.name);
    },
    leaves(chat) {
      const worker = reservationOf(chat.task)?.worker;
      if (!worker) return;
      exit(chat, worker);
      tasks.giveBack(chat.task);
    },
    transfers(chat, to) {
      const from = reservationOf(chat.task)?.worker;
      tasks.transfer(chat.task, workerOf(to), () => from && exit(chat, from));
      this.comes(chat);
    },
    ends: ({ interaction }) => interactions.close(interaction, 'closed'),
  };
}
