import * as v from 'valibot';
import { agentLinkSettings } from '../../core/callers/session-secret.ts';
import type { Clock } from '../../core/clock.ts';
import type { Deadline } from '../../core/deadline.ts';
import type { Desk, HandoverRef, ToDesk } from '../../core/handover/desk.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { SendHttp } from '../../core/http.ts';
import { publicUrls } from '../../core/public-urls.ts';
import { optional, required, type SettingsOf, settings, together } from '../../core/settings.ts';
import { chatTokenSettings } from '../../twilio/access-token.ts';
import { conversationsBy, type NewMessage } from '../../twilio/conversations.ts';
import { interactionsBy } from '../../twilio/interactions.ts';
import { sidOf, twilioRest } from '../../twilio/rest.ts';
import { twilioSettings } from '../../twilio/settings.ts';
import { taskQueueSetting, workspaceSetting } from '../../twilio/task-queue-statistics.ts';
import { findTasksBy } from '../../twilio/tasks.ts';
import { queueFor, queueSettings } from '../queues.ts';
import { flexAvailability } from './availability.ts';
import { addMissing, type FlexCalls } from './client.ts';
import { endInFlex, ticketNamed } from './end.ts';
import { customerOf, SYSTEM_AUTHOR } from './identities.ts';
import { lookInFlex } from './look.ts';
import { openInFlex } from './open.ts';
import { readTicket } from './ticket.ts';
import { messageAttributes, piecesOf, undeliveredNote } from './translate.ts';

/** What the desk Flex needs, beside what says where customers wait. */
export const flexDeskSettings = together(
  together(twilioSettings, chatTokenSettings, publicUrls, agentLinkSettings),
  settings({
    FLEX_WORKSPACE_SID: required(sidOf('WS'), workspaceSetting.options),
    FLEX_WORKFLOW_SID: required(sidOf('WW'), {
      is: 'TaskRouter workflow that finds an agent',
      example: 'WW00000000000000000000000000000001',
    }),
    FLEX_TASK_QUEUE_SID: taskQueueSetting,
    FLEX_CHAT_TASK_CHANNEL: optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), 'chat', {
      is: 'task channel of chats: its unique name',
    }),
  }),
  queueSettings,
);

type FlexDeskSettings = SettingsOf<typeof flexDeskSettings>;

interface FlexDeskParts {
  readonly settings: FlexDeskSettings;
  readonly send: SendHttp;
  readonly clock: Clock;
}

/** The messages by which the customer's words, or what agents should know, stand in the conversation. */
function messagesOf(ref: HandoverRef, event: ToDesk, eventId: string): readonly NewMessage[] {
  if (event.kind === 'typing' || event.kind === 'ended') return [];
  const isSaid = event.kind === 'said';
  const author = isSaid ? customerOf(ref.handoverId) : SYSTEM_AUTHOR;
  const bodies = isSaid ? piecesOf(event.line.text) : [undeliveredNote(event.line)];
  return bodies.map((body, part) => ({ author, body, attributes: messageAttributes(ref, eventId, part) }));
}

/** People in Twilio Flex: a conversation of its own for every handover, which an interaction brings to an agent. */
export function flexDesk({ settings: own, send, clock }: FlexDeskParts): Desk {
  const { FLEX_WORKSPACE_SID: workspaceSid, DESK_QUEUES } = own;
  const rest = twilioRest(own, send);
  const calls: FlexCalls = {
    conversations: conversationsBy(rest, own.FLEX_CONVERSATIONS_SERVICE_SID),
    interactions: interactionsBy(rest),
    findTasks: findTasksBy(rest, workspaceSid),
  };
  const places = {
    workspaceSid,
    workflowSid: own.FLEX_WORKFLOW_SID,
    taskChannel: own.FLEX_CHAT_TASK_CHANNEL,
    queueFor: (topic: string | undefined) => queueFor(DESK_QUEUES, topic),
  };
  const taskQueueSid = own.FLEX_TASK_QUEUE_SID;
  const taskQueue = taskQueueSid === undefined ? undefined : { workspaceSid, taskQueueSid };
  const opening = { calls, places, urls: own.urls, linkSecret: own.SESSION_SECRET, clock };

  async function say(ref: HandoverRef, event: ToDesk, eventId: string, isRepeat: boolean, deadline: Deadline) {
    // Who chats in the page of a web chat writes there; what a bot hears besides stands in the transcript alone: it may be
    // of somebody else than the visitor who named this conversation.
    const ticket = readTicket(ref.ticket) ?? (await ticketNamed(calls, ref, deadline));
    if (!ticket) throw new NotTaken('refused', 'Flex has no such conversation');
    if (ref.ticket === ticket.conversationSid) return;
    const ways = { mayBeThere: isRepeat, mayRepeat: false };
    await addMissing(calls, ticket.conversationSid, messagesOf(ref, event, eventId), ways, deadline);
  }

  return {
    open: (handover, lines, deadline) => openInFlex(opening, handover, lines, deadline),
    async tell(ref, event, eventId, deadline, isRepeat = false) {
      if (event.kind === 'ended') return endInFlex(calls, ref, deadline);
      // Twilio takes typing of a web chat from its own client alone.
      if (event.kind !== 'typing') await say(ref, event, eventId, isRepeat, deadline);
    },
    look: (ref, deadline) => lookInFlex(calls, ref, deadline),
    // The hours are asked for before any desk is.
    availability: flexAvailability({ rest, taskQueue, queueFor: places.queueFor, hours: undefined, clock }),
  };
}
