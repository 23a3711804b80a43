import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer } from '../../../twin.ts';
import type { Task } from '../flex/tasks.ts';
import type { Engine } from '../voice/engine.ts';
import { notFound, refusal } from './errors.ts';
import { anyText, type FormRule, formFault, sid, wholeNumber } from './form.ts';

const dateTime = (value: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value));

/** Every parameter of `POST …/Tasks`. Source: Twilio's OpenAPI, twilio_taskrouter_v1 of @twilio/cli-core 8.3.2. */
const creating: FormRule = {
  fields: {
    Timeout: wholeNumber,
    Priority: wholeNumber,
    TaskChannel: anyText,
    WorkflowSid: sid('WW'),
    Attributes: anyText,
    VirtualStartTime: dateTime,
    RoutingTarget: anyText,
    IgnoreCapacity: anyText,
    TaskQueueSid: sid('WQ'),
  },
};

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

const iso = (atMs: number) => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** A task as TaskRouter shows it. */
function taskResource(task: Task, env: Env, nowMs: number): Readonly<Record<string, unknown>> {
  const workspace = `https://taskrouter.twilio.com/v1/Workspaces/${env.FLEX_WORKSPACE_SID ?? ''}`;
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    age: Math.floor((nowMs - task.createdAtMs) / 1_000),
    assignment_status: task.state,
    attributes: JSON.stringify(task.attributes),
    addons: '{}',
    date_created: iso(task.createdAtMs),
    date_updated: iso(task.createdAtMs),
    task_queue_entered_date: null,
    virtual_start_time: iso(task.virtualStartTimeMs),
    priority: task.priority,
    reason: task.reason ?? null,
    sid: task.sid,
    task_queue_sid: env.FLEX_TASK_QUEUE_SID ?? null,
    task_queue_friendly_name: 'Everybody',
    task_channel_sid: null,
    task_channel_unique_name: task.taskChannel,
    timeout: task.timeoutSec,
    workflow_sid: task.workflowSid,
    workflow_friendly_name: 'Assign to anyone',
    workspace_sid: env.FLEX_WORKSPACE_SID ?? null,
    ignore_capacity: false,
    routing_target: null,
    url: `${workspace}/Tasks/${task.sid}`,
    links: { workspace, reservations: `${workspace}/Tasks/${task.sid}/Reservations` },
  };
}

/** `POST /v1/Workspaces/{sid}/Tasks`: somebody wants to be called back, for example. */
export function createTask(engine: Engine, env: Env, workspaceSid: string, form: URLSearchParams): TwinAnswer {
  if (workspaceSid !== env.FLEX_WORKSPACE_SID) return notFound(`/Workspaces/${workspaceSid}`);
  const fault = formFault(creating, form);
  if (fault) return fault;
  const workflowSid = form.get('WorkflowSid') ?? '';
  if (workflowSid !== env.FLEX_WORKFLOW_SID) return refusal(400, 20001, `Workflow ${workflowSid} does not exist`);
  const attributes = objectIn(form.get('Attributes') ?? '{}');
  if (!attributes) return refusal(400, 20001, 'Attributes must be a JSON object');
  const nowMs = engine.clock.nowMs();
  const startsAt = form.get('VirtualStartTime');
  const virtualStartTimeMs = startsAt === null ? nowMs : Date.parse(startsAt);
  // Source: Twilio's page on Tasks, read 2026-11-21.
  if (virtualStartTimeMs > nowMs + 1_000) return refusal(400, 20001, 'VirtualStartTime cannot be in the future');
  const number = (name: string) => (form.get(name) === null ? undefined : Number(form.get(name)));
  const [priority, timeoutSec] = [number('Priority'), number('Timeout')];
  const { task } = engine.tasks.add({
    workflowSid,
    attributes,
    virtualStartTimeMs,
    taskChannel: form.get('TaskChannel') ?? 'default',
    ...(priority !== undefined && { priority }),
    ...(timeoutSec !== undefined && { timeoutSec }),
  });
  return { status: 201, body: taskResource(task, env, nowMs) };
}
