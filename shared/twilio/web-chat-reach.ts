import type { SendHttp } from '../core/http.ts';
import { type SettingsGroup, settings, together } from '../core/settings.ts';
import { chatTokenSettings } from './access-token.ts';
import { type FlexCalls, flexCalls } from './flex-calls.ts';
import { twilioRest } from './rest.ts';
import { type TwilioSettings, twilioSettings } from './settings.ts';
import { workspaceSetting } from './task-queue-statistics.ts';

const shape = together(twilioSettings, chatTokenSettings, settings({ FLEX_WORKSPACE_SID: workspaceSetting }));

const NAMES = ['TWILIO_ACCOUNT_SID', 'TWILIO_API_KEY', 'TWILIO_API_SECRET', 'FLEX_CONVERSATIONS_SERVICE_SID'] as const;

interface WebChatReach {
  /** How web chats are reached; undefined where none are set up. */
  readonly webChats:
    | (TwilioSettings & {
        readonly FLEX_CONVERSATIONS_SERVICE_SID: string;
        readonly FLEX_WORKSPACE_SID: string | undefined;
      })
    | undefined;
}

/** The settings by which functions reach web chats that `flex-token` began, beside whatever desk there is. May all be missing. */
export const webChatReach: SettingsGroup<WebChatReach> = {
  get infos() {
    return shape.infos.map((info) => ({ ...info, optional: true }));
  },
  read: (env, faults) => ({ webChats: NAMES.every((name) => env[name]) ? shape.read(env, faults) : undefined }),
};

/** The calls about web chats; undefined where none are set up. */
export function webChatCalls({ webChats: own }: WebChatReach, send: SendHttp): FlexCalls | undefined {
  if (!own) return undefined;
  const { FLEX_CONVERSATIONS_SERVICE_SID, FLEX_WORKSPACE_SID } = own;
  const calls = flexCalls(twilioRest(own, send), FLEX_CONVERSATIONS_SERVICE_SID, FLEX_WORKSPACE_SID ?? '');
  // Without the workspace nobody knows the tasks, and so the interaction: the conversation alone is closed.
  return FLEX_WORKSPACE_SID ? calls : { ...calls, findTasks: async () => ({ is: 'done', value: [] }) };
}
