import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';
import type { WebhookLine } from '../webhook-line.ts';
import type { Reservation, Task, TaskEvent, TaskTransfer } from './task-life.ts';
import type { TaskQueue } from './tasks.ts';

type Fields = Readonly<Record<string, string>>;

/** How long TaskRouter waits. Source: Twilio's page on TaskRouter events, read 2026-11-21. */
const WAIT_MS = 15_000;
/** An activity of the workspace: the twin's agents are always available. */
const ACTIVITY = { sid: `WA${'0'.repeat(31)}1`, name: 'Available' };

function taskFields(task: Task, env: Env, nowMs: number): Fields {
  return {
    TaskSid: task.sid,
    TaskAttributes: JSON.stringify(task.attributes),
    TaskAge: String(Math.floor((nowMs - task.createdAtMs) / 1_000)),
    TaskPriority: String(task.priority),
    TaskAssignmentStatus: task.state,
    TaskDateCreated: String(Math.floor(task.createdAtMs / 1_000)),
    TaskChannelSid: `TC${'0'.repeat(31)}1`,
    TaskChannelUniqueName: task.taskChannel,
    TaskChannelName: task.taskChannel,
    TaskQueueSid: env.FLEX_TASK_QUEUE_SID ?? '',
    TaskQueueName: 'Everybody',
    TaskQueueTargetExpression: '1==1',
    TaskQueueEnteredDate: String(Math.floor(task.createdAtMs / 1_000)),
    WorkflowSid: task.workflowSid,
    WorkflowName: 'Assign to anyone',
    ...(task.state === 'canceled' && { TaskCanceledReason: task.reason ?? '' }),
    ...(task.state === 'completed' && { TaskCompletedReason: task.reason ?? '' }),
  };
}

const reservationFields = ({ sid, worker }: Reservation): Fields => ({
  ReservationSid: sid,
  WorkerSid: worker.sid,
  WorkerName: worker.name,
  WorkerAttributes: JSON.stringify(worker.attributes),
  WorkerActivitySid: ACTIVITY.sid,
  WorkerActivityName: ACTIVITY.name,
});

const transferFields = ({ sid, from, to, status }: TaskTransfer): Fields => ({
  TransferSid: sid,
  TransferMode: 'COLD',
  TransferType: 'WORKER',
  TransferTo: to.sid,
  TransferStatus: status,
  TransferInitiatingReservationSid: from.sid,
  TransferInitiatingWorkerSid: from.worker.sid,
});

/** What an event is most about, and its SID. */
function resourceOf({ type, task, reservation, transfer }: TaskEvent): readonly [string, string] {
  if (transfer) return ['transfer', transfer.sid];
  if (type.startsWith('reservation.') && reservation) return ['reservation', reservation.sid];
  return type.startsWith('workflow.') ? ['workflow', task.workflowSid] : ['task', task.sid];
}

/** Where a workspace sends its events: the stage's own function, until the REST API says another place. */
export interface Workspace {
  eventCallbackUrl: string | undefined;
}

interface Parts {
  readonly env: () => Env;
  readonly clock: Pick<StageClock, 'nowMs'>;
  readonly line: WebhookLine;
  readonly workspace: Workspace;
  /** Whether a function of this name is served. */
  readonly serves: (name: string) => boolean;
}

/** Where events go now; undefined where nobody takes them. */
export function eventsGoTo({ env, workspace, serves }: Omit<Parts, 'clock' | 'line'>): string | undefined {
  return workspace.eventCallbackUrl ?? (serves('desk-events') ? `${env().PUBLIC_BASE_URL}/desk-events` : undefined);
}

/** Tells what happens to tasks as TaskRouter does. Source: Twilio's page on TaskRouter events, read 2026-11-21. */
export function tellTaskEvents(parts: Parts, tasks: TaskQueue): void {
  const { env, clock, line } = parts;
  tasks.watch((event) => {
    const url = eventsGoTo(parts);
    if (url === undefined) return;
    const { task, type, reservation, transfer } = event;
    const [ResourceType, ResourceSid] = resourceOf(event);
    const nowMs = clock.nowMs();
    const fields = {
      Sid: newSid('EV'),
      EventType: type,
      AccountSid: env().TWILIO_ACCOUNT_SID ?? '',
      WorkspaceSid: env().FLEX_WORKSPACE_SID ?? '',
      WorkspaceName: 'Flex Task Assignment',
      EventDescription: `${ResourceType} ${ResourceSid}: ${type}`,
      ...{ ResourceType, ResourceSid },
      Timestamp: String(Math.floor(nowMs / 1_000)),
      TimestampMs: String(nowMs),
      ...taskFields(task, env(), nowMs),
      ...(reservation && reservationFields(reservation)),
      ...(transfer && transferFields(transfer)),
    };
    const about = String(task.attributes.conversationSid ?? task.sid);
    line.send(about, { url, method: 'POST', fields, waitMs: WAIT_MS });
  });
}
