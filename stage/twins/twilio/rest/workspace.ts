import type { Env } from '../../../../shared/core/settings.ts';
import type { Workspace } from '../flex/task-events.ts';
import { notFound } from './errors.ts';
import { anyText, boolean, type FormRule, formFault, oneOf, sid, uri } from './form.ts';
import type { Asked, Route } from './route.ts';

/** Source: Twilio's OpenAPI, twilio_taskrouter_v1 of @twilio/cli-core 8.3.2. */
const updating: FormRule = {
  fields: {
    DefaultActivitySid: sid('WA'),
    EventCallbackUrl: uri,
    EventsFilter: anyText,
    FriendlyName: anyText,
    MultiTaskEnabled: boolean,
    TimeoutActivitySid: sid('WA'),
    PrioritizeQueueOrder: oneOf('FIFO', 'LIFO'),
  },
};

interface Parts {
  readonly env: () => Env;
  readonly workspace: Workspace;
  /** Where the events go now. */
  eventsGoTo(): string | undefined;
}

/** The workspace of Flex: where it sends its events. */
export function workspaceRoutes({ env, workspace, eventsGoTo }: Parts): readonly Route[] {
  const about = { host: 'taskrouter.twilio.com', path: /^\/v1\/Workspaces\/(WS\w+)$/ };
  const isOurs = ({ ids: [own] }: Asked) => own === env().FLEX_WORKSPACE_SID;
  const shown = ({ path, ids: [own] }: Asked) => ({
    status: 200,
    body: {
      account_sid: env().TWILIO_ACCOUNT_SID ?? null,
      ...{ sid: own, friendly_name: 'Flex Task Assignment', multi_task_enabled: true, events_filter: '' },
      ...{ event_callback_url: eventsGoTo() ?? null, prioritize_queue_order: 'FIFO' },
      ...{ url: `https://${about.host}${path}`, links: { tasks: `https://${about.host}${path}/Tasks` } },
    },
  });
  return [
    { ...about, method: 'GET', answer: (asked) => (isOurs(asked) ? shown(asked) : notFound(asked.path)) },
    {
      ...about,
      method: 'POST',
      answer(asked) {
        const fault = isOurs(asked) ? formFault(updating, asked.form) : notFound(asked.path);
        if (fault) return fault;
        workspace.eventCallbackUrl = asked.form.get('EventCallbackUrl') ?? workspace.eventCallbackUrl;
        return shown(asked);
      },
    },
  ];
}
