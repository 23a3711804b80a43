import * as v from 'valibot';
import { optional, readAs, type SettingsGroup, settings } from '../core/settings.ts';
import type { ReadQueue } from '../core/web-chat/availability.ts';
import { sidOf, type TwilioRest } from './rest.ts';

/** `FLEX_WORKSPACE_SID`. */
export const workspaceSetting = optional(sidOf('WS'), undefined, {
  is: 'the TaskRouter workspace of Flex: where call-backs wait; with FLEX_TASK_QUEUE_SID says whether an agent is there',
  example: 'WS00000000000000000000000000000001',
});

/** `FLEX_TASK_QUEUE_SID`. */
export const taskQueueSetting = optional(sidOf('WQ'), undefined, {
  is: 'the task queue in which customers wait',
  example: 'WQ00000000000000000000000000000001',
});

const shape = settings({ FLEX_WORKSPACE_SID: workspaceSetting, FLEX_TASK_QUEUE_SID: taskQueueSetting });

interface TaskQueueSettings {
  /** Undefined where nothing is known of a queue. */
  readonly taskQueue: { readonly workspaceSid: string; readonly taskQueueSid: string } | undefined;
}

/** The task queue in which customers wait, if it is told; a queue without its workspace is a mistake. */
export const taskQueueSettings: SettingsGroup<TaskQueueSettings> = readAs(shape, (env, faults) => {
  const before = faults.length;
  const { FLEX_WORKSPACE_SID: workspaceSid, FLEX_TASK_QUEUE_SID: taskQueueSid } = shape.read(env, faults);
  if (faults.length > before) return undefined as never;
  if (workspaceSid !== undefined && taskQueueSid !== undefined) return { taskQueue: { workspaceSid, taskQueueSid } };
  if (taskQueueSid !== undefined) faults.push('FLEX_WORKSPACE_SID is missing (FLEX_TASK_QUEUE_SID needs it)');
  return { taskQueue: undefined };
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Twilio's examples write it as a number and as a text. */
const countOrText = v.union([count, v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]);

const statistics = v.pipe(
  v.object({
    total_available_workers: count,
    tasks_by_status: v.nullish(v.object({ pending: v.optional(countOrText, 0) })),
    longest_task_waiting_age: v.optional(count, 0),
  }),
  v.transform((told) => ({
    online: told.total_available_workers,
    waiting: told.tasks_by_status?.pending ?? 0,
    longestWaitSec: told.longest_task_waiting_age,
  })),
);

/** How a task queue stands by TaskRouter's real-time statistics, which lag behind by a few seconds. */
export function readTaskQueue(
  twilio: TwilioRest,
  { workspaceSid, taskQueueSid }: NonNullable<TaskQueueSettings['taskQueue']>,
): ReadQueue {
  const path = `/v1/Workspaces/${workspaceSid}/TaskQueues/${taskQueueSid}/RealTimeStatistics`;
  return async (deadline) => {
    const answer = await twilio.read('taskrouter.twilio.com', path, statistics, deadline);
    return answer.is === 'done' ? answer.value : undefined;
  };
}
