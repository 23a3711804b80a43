import * as v from 'valibot';
import { agentLinkSettings } from '../../core/callers/session-secret.ts';
import type { Clock } from '../../core/clock.ts';
import type { Desk } from '../../core/handover/desk.ts';
import type { SendHttp } from '../../core/http.ts';
import { publicUrls } from '../../core/public-urls.ts';
import { optional, required, type SettingsOf, settings, together } from '../../core/settings.ts';
import { chatTokenSettings } from '../../twilio/access-token.ts';
import { flexCalls } from '../../twilio/flex-calls.ts';
import { sidOf, twilioRest } from '../../twilio/rest.ts';
import { twilioSettings } from '../../twilio/settings.ts';
import { taskQueueSetting, workspaceSetting } from '../../twilio/task-queue-statistics.ts';
import { queueFor, queueSettings } from '../queues.ts';
import { flexAvailability } from './availability.ts';
import { chatsInFlex } from './chats.ts';
import { openInFlex } from './open.ts';

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

/** People in Twilio Flex: a conversation of its own for every handover, which an interaction brings to an agent. */
export function flexDesk({ settings: own, send, clock }: FlexDeskParts): Desk {
  const { FLEX_WORKSPACE_SID: workspaceSid, FLEX_TASK_QUEUE_SID: taskQueueSid, DESK_QUEUES } = own;
  const rest = twilioRest(own, send);
  const calls = flexCalls(rest, own.FLEX_CONVERSATIONS_SERVICE_SID, workspaceSid);
  const topicQueue = (topic: string | undefined) => queueFor(DESK_QUEUES, topic);
  const taskQueue = taskQueueSid === undefined ? undefined : { workspaceSid, taskQueueSid };
  const opening = {
    calls,
    places: {
      workspaceSid,
      workflowSid: own.FLEX_WORKFLOW_SID,
      taskChannel: own.FLEX_CHAT_TASK_CHANNEL,
      queueFor: topicQueue,
    },
    urls: own.urls,
    linkSecret: own.SESSION_SECRET,
    clock,
  };
  return {
    open: (handover, lines, deadline) => openInFlex(opening, handover, lines, deadline),
    ...chatsInFlex(calls),
    // The hours are asked for before any desk is.
    availability: flexAvailability({ rest, taskQueue, queueFor: topicQueue, hours: undefined, clock }),
  };
}
