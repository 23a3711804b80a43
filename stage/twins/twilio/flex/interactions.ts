import type { StageClock } from '../../../clock.ts';
import type { ChangedBy, ChatConversation, Conversations } from '../conversations/conversations.ts';
import { newSid } from '../sid.ts';
import type { Task } from './task-life.ts';
import type { TaskQueue } from './tasks.ts';

/** Somebody who is invited into a conversation: a task waits for them. */
interface Invite {
  readonly sid: string;
  readonly taskSid: string;
}

/** A conversation that Flex has: its one channel, and the tasks by which agents came into it. */
export interface Interaction {
  readonly sid: string;
  readonly channelSid: string;
  readonly channelType: string;
  readonly conversationSid: string;
  readonly createdAtMs: number;
  status: 'active' | 'inactive' | 'closed';
  readonly invites: Invite[];
}

/** To whom a conversation is routed. */
export interface Routing {
  readonly workflowSid: string;
  readonly taskChannel: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly priority?: number | undefined;
  readonly timeoutSec?: number | undefined;
}

export interface Interactions {
  all(): readonly Interaction[];
  find(sid: string): Interaction | undefined;
  /** The one that a task belongs to. */
  ofTask(task: Task): Interaction | undefined;
  create(conversation: ChatConversation, channelType: string, initiatedBy: string, routing?: Routing): Interaction;
  /** Another agent is asked to come. */
  invite(interaction: Interaction, initiatedBy: string, routing: Routing): Invite;
  /** The channel is over: agents are out, their tasks end, and the conversation is as the status says. */
  close(interaction: Interaction, status: 'inactive' | 'closed'): void;
  reset(): void;
}

interface Parts {
  readonly clock: Pick<StageClock, 'nowMs'>;
  readonly conversations: Conversations;
  readonly tasks: TaskQueue;
}

/** Flex itself: the webhooks of a conversation hear of what it does. */
export const byFlex: ChangedBy = { source: 'API', isTold: true };

/** The interactions of Flex. What Flex adds to a task: a recorded answer to `POST /v1/Interactions` of 2025-10-31. */
export function interactions({ clock, conversations, tasks }: Parts): Interactions {
  const list: Interaction[] = [];
  const find = (sid: string) => list.find((one) => one.sid === sid);

  const invite: Interactions['invite'] = (interaction, initiatedBy, routing) => {
    const sid = newSid('KG');
    const attributes = {
      ...routing.attributes,
      ...{ flexInteractionSid: interaction.sid, flexInteractionChannelSid: interaction.channelSid },
      ...{ flexChannelInviteSid: sid, conversationSid: interaction.conversationSid },
      ...{ channelType: interaction.channelType, taskCreateSource: 'interaction', initiatedBy, direction: 'inbound' },
      conversations: {
        ...Object(routing.attributes.conversations),
        ...{ initiated_by: initiatedBy, conversation_id: interaction.sid },
        media: [{ type: 'ChatTranscript', sid: interaction.conversationSid }],
      },
    };
    const { workflowSid, taskChannel, priority, timeoutSec } = routing;
    const { task } = tasks.add({
      ...{ workflowSid, taskChannel, attributes },
      ...(priority !== undefined && { priority }),
      ...(timeoutSec !== undefined && { timeoutSec }),
    });
    const invited = { sid, taskSid: task.sid };
    interaction.invites.push(invited);
    return invited;
  };

  return {
    all: () => list,
    find,
    ofTask: ({ attributes }) => find(String(attributes.flexInteractionSid ?? '')),
    create({ sid: conversationSid }, channelType, initiatedBy, routing) {
      const about = { createdAtMs: clock.nowMs(), status: 'active' as const, invites: [] };
      const sids = { sid: newSid('KD'), channelSid: newSid('UO'), conversationSid };
      const interaction: Interaction = { ...sids, channelType, ...about };
      list.push(interaction);
      if (routing) invite(interaction, initiatedBy, routing);
      return interaction;
    },
    invite,
    close(interaction, status) {
      if (interaction.status === 'closed') return;
      interaction.status = status;
      const conversation = conversations.find(interaction.conversationSid);
      const own = tasks.all().filter(({ sid }) => interaction.invites.some(({ taskSid }) => taskSid === sid));
      const workers = new Set(own.flatMap(({ reservations }) => reservations.map(({ worker }) => worker.name)));
      for (const participant of [...(conversation?.participants ?? [])])
        if (conversation && workers.has(participant.identity ?? ''))
          conversations.leave(conversation, participant, byFlex);
      if (conversation && conversation.state !== 'closed')
        conversations.update(conversation, { state: status }, byFlex);
      for (const { sid, state } of own)
        tasks.close(sid, state === 'pending' ? 'canceled' : 'completed', 'channel closed');
    },
    reset() {
      list.length = 0;
    },
  };
}
