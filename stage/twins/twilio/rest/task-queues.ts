import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer } from '../../../twin.ts';
import type { Task } from '../flex/task-life.ts';
import type { TaskQueue } from '../flex/tasks.ts';
import { notFound } from './errors.ts';

/**
 * `GET …/TaskQueues/{sid}/RealTimeStatistics` of the one queue that there is. Source: Twilio's OpenAPI,
 * twilio_taskrouter_v1 of @twilio/cli-core 8.3.2.
 */
export function realTimeStatistics(
  env: Env,
  queue: TaskQueue,
  nowMs: number,
  [workspaceSid = '', queueSid = '']: readonly string[],
): TwinAnswer {
  const path = `/v1/Workspaces/${workspaceSid}/TaskQueues/${queueSid}/RealTimeStatistics`;
  if (workspaceSid !== env.FLEX_WORKSPACE_SID || queueSid !== env.FLEX_TASK_QUEUE_SID) return notFound(path);
  const inState = (state: Task['state']) => queue.all().filter((task) => task.state === state);
  const [longest] = inState('pending');
  const waitedSec = longest ? Math.floor((nowMs - longest.createdAtMs) / 1_000) : 0;
  const body = {
    account_sid: env.TWILIO_ACCOUNT_SID,
    workspace_sid: workspaceSid,
    task_queue_sid: queueSid,
    total_available_workers: queue.online,
    total_eligible_workers: Math.max(queue.online, 1),
    total_tasks: inState('pending').length + inState('assigned').length,
    tasks_by_status: {
      pending: inState('pending').length,
      reserved: 0,
      assigned: inState('assigned').length,
      wrapping: 0,
    },
    tasks_by_priority: {},
    activity_statistics: [],
    longest_task_waiting_age: waitedSec,
    longest_task_waiting_sid: longest?.sid ?? null,
    longest_relative_task_age_in_queue: waitedSec,
    longest_relative_task_sid_in_queue: longest?.sid ?? null,
    url: `https://taskrouter.twilio.com${path}`,
  };
  return { status: 200, body };
}
