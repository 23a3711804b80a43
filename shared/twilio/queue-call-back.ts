import * as v from 'valibot';
import type { QueueCallBack } from '../core/call/telephony.ts';
import type { SendHttp } from '../core/http.ts';
import { isoTime } from '../core/iso-time.ts';
import { optional, type SettingsOf, settings } from '../core/settings.ts';
import { sidOf, twilioRest } from './rest.ts';
import type { TwilioSettings } from './settings.ts';
import { workspaceSetting } from './task-queue-statistics.ts';

export const queueSettings = settings({
  FLEX_WORKSPACE_SID: workspaceSetting,
  FLEX_TASK_CHANNEL: optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)), undefined, {
    is: 'task channel of voice calls: its SID or unique name',
    example: 'voice',
  }),
});

type QueueSettings = TwilioSettings &
  SettingsOf<typeof queueSettings> & { readonly FLEX_WORKFLOW_SID: string | undefined };

const queued = v.pipe(
  v.object({ sid: sidOf('WT') }),
  v.transform(({ sid }) => sid),
);

/** Puts call-backs into line at Flex; undefined where the settings name no workspace or no workflow. */
export function queueCallBackBy(own: QueueSettings, send: SendHttp): QueueCallBack | undefined {
  const { FLEX_WORKSPACE_SID, FLEX_WORKFLOW_SID, FLEX_TASK_CHANNEL } = own;
  if (FLEX_WORKSPACE_SID === undefined || FLEX_WORKFLOW_SID === undefined) return undefined;
  const rest = twilioRest(own, send);
  return ({ attributes, sinceMs }, deadline) => {
    const form = {
      WorkflowSid: FLEX_WORKFLOW_SID,
      Attributes: JSON.stringify(attributes),
      // Before all who came later.
      VirtualStartTime: isoTime(sinceMs),
      ...(FLEX_TASK_CHANNEL === undefined ? {} : { TaskChannel: FLEX_TASK_CHANNEL }),
    };
    return rest.create('taskrouter.twilio.com', `/v1/Workspaces/${FLEX_WORKSPACE_SID}/Tasks`, form, queued, deadline);
  };
}
