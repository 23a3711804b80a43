import type { Env } from '../../../../shared/core/settings.ts';
import type { Task } from '../flex/task-life.ts';
import type { Engine } from '../voice/engine.ts';
import { isoSeconds } from './conversation-resources.ts';
import { notFound, refusal } from './errors.ts';
import { anyText, dateTime, type FormRule, formFault, oneOf, sid, wholeNumber } from './form.ts';
import type { Asked, Route } from './route.ts';

/** Every parameter of each request. Source: Twilio's OpenAPI, twilio_taskrouter_v1 of @twilio/cli-core 8.3.2. */
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

const updating: FormRule = {
  fields: {
    Attributes: anyText,
    AssignmentStatus: oneOf('pending', 'reserved', 'assigned', 'canceled', 'completed', 'wrapping'),
    Reason: anyText,
    Priority: wholeNumber,
    TaskChannel: anyText,
    VirtualStartTime: dateTime,
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

/** A task as TaskRouter shows it. */
export function taskResource(task: Task, env: Env, nowMs: number): Readonly<Record<string, unknown>> {
  const workspace = `https://taskrouter.twilio.com/v1/Workspaces/${env.FLEX_WORKSPACE_SID ?? ''}`;
  return {
    account_sid: env.TWILIO_ACCOUNT_SID ?? null,
    age: Math.floor((nowMs - task.createdAtMs) / 1_000),
    assignment_status: task.state,
    attributes: JSON.stringify(task.attributes),
    addons: '{}',
    date_created: isoSeconds(task.createdAtMs),
    date_updated: isoSeconds(task.updatedAtMs),
    task_queue_entered_date: isoSeconds(task.createdAtMs),
    virtual_start_time: isoSeconds(task.virtualStartTimeMs),
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

/** Source: Twilio's page on Tasks, read 2026-11-21. */
function startFault(form: URLSearchParams, nowMs: number): ReturnType<typeof refusal> | undefined {
  const startsAt = form.get('VirtualStartTime');
  const isFuture = startsAt !== null && Date.parse(startsAt) > nowMs + 1_000;
  return isFuture ? refusal(400, 20001, 'VirtualStartTime cannot be in the future') : undefined;
}

const numberIn = (form: URLSearchParams, name: string) => (form.has(name) ? Number(form.get(name)) : undefined);

/** Whether a task is one of those that a list asks for. Of `EvaluateTaskAttributes` the twin knows `name == "value"`, joined by AND. */
function isAskedFor(task: Task, query: URLSearchParams): boolean {
  const statuses = query.getAll('AssignmentStatus').flatMap((status) => status.split(','));
  const terms = (query.get('EvaluateTaskAttributes') ?? '').split(/\s+AND\s+/i).filter((term) => term !== '');
  return (
    (statuses.length === 0 || statuses.includes(task.state)) &&
    (query.get('WorkflowSid') ?? task.workflowSid) === task.workflowSid &&
    terms.every((term) => {
      const [, name = '', value] = /^([\w.]+)\s*={1,2}\s*['"](.*)['"]$/.exec(term.trim()) ?? [];
      return value !== undefined && String(task.attributes[name]) === value;
    })
  );
}

/** Tasks of TaskRouter's REST API. */
export function taskRoutes({ env, clock, tasks }: Pick<Engine, 'env' | 'clock' | 'tasks'>): readonly Route[] {
  const host = 'taskrouter.twilio.com';
  const shown = (task: Task) => taskResource(task, env(), clock.nowMs());
  const inWorkspace = (method: Route['method'], below: string, answer: Route['answer']): Route => ({
    ...{ method, host, path: new RegExp(`^/v1/Workspaces/(WS\\w+)${below}$`) },
    answer: (asked) => (asked.ids[0] === env().FLEX_WORKSPACE_SID ? answer(asked) : notFound(asked.path)),
  });
  const ofTask = (method: Route['method'], answer: (asked: Asked, task: Task) => ReturnType<Route['answer']>): Route =>
    inWorkspace(method, '/Tasks/(WT\\w+)', (asked) => {
      const task = tasks.all().find((one) => one.sid === asked.ids[1]);
      return task ? answer(asked, task) : notFound(asked.path);
    });

  function create({ form }: Asked): ReturnType<Route['answer']> {
    const fault = formFault(creating, form) ?? startFault(form, clock.nowMs());
    if (fault) return fault;
    const workflowSid = form.get('WorkflowSid') ?? '';
    if (workflowSid !== env().FLEX_WORKFLOW_SID) return refusal(400, 20001, `Workflow ${workflowSid} does not exist`);
    const attributes = objectIn(form.get('Attributes') ?? '{}');
    if (!attributes) return refusal(400, 20001, 'Attributes must be a JSON object');
    const startsAt = form.get('VirtualStartTime');
    const [priority, timeoutSec] = [numberIn(form, 'Priority'), numberIn(form, 'Timeout')];
    const { task } = tasks.add({
      ...{ workflowSid, attributes, taskChannel: form.get('TaskChannel') ?? 'default' },
      ...(startsAt !== null && { virtualStartTimeMs: Date.parse(startsAt) }),
      ...(priority !== undefined && { priority }),
      ...(timeoutSec !== undefined && { timeoutSec }),
    });
    return { status: 201, body: shown(task) };
  }

  /** A task of an interaction that is canceled here leaves its conversation open, and nobody in it. */
  function update({ form }: Asked, task: Task): ReturnType<Route['answer']> {
    const fault = formFault(updating, form) ?? startFault(form, clock.nowMs());
    if (fault) return fault;
    const attributes = form.has('Attributes') ? objectIn(form.get('Attributes') ?? '') : task.attributes;
    if (!attributes) return refusal(400, 20001, 'Attributes must be a JSON object');
    const status = form.get('AssignmentStatus');
    if (status === 'canceled' || status === 'completed') {
      const isPossible = task.state === 'assigned' || (status === 'canceled' && task.state === 'pending');
      if (!isPossible) return refusal(400, 20001, `Cannot change the status of a task that is ${task.state}`);
      tasks.close(task.sid, status, form.get('Reason') ?? undefined);
    } else {
      const startsAt = form.get('VirtualStartTime');
      const virtualStartTimeMs = startsAt === null ? task.virtualStartTimeMs : Date.parse(startsAt);
      tasks.update(task, { attributes, priority: numberIn(form, 'Priority') ?? task.priority, virtualStartTimeMs });
    }
    return { status: 200, body: shown(task) };
  }

  return [
    inWorkspace('POST', '/Tasks', create),
    inWorkspace('GET', '/Tasks', ({ path, query }) => {
      const found = tasks.all().filter((task) => isAskedFor(task, query));
      const ordered = /:desc$/.test(query.get('Ordering') ?? '') ? found.reverse() : found;
      const size = Number(query.get('PageSize') ?? 50) || 50;
      const url = `https://${host}${path}?PageSize=${size}&Page=0`;
      const links = { first_page_url: url, previous_page_url: null, next_page_url: null, url };
      const meta = { key: 'tasks', page: 0, page_size: size, ...links };
      return { status: 200, body: { tasks: ordered.slice(0, size).map(shown), meta } };
    }),
    ofTask('GET', (_, task) => ({ status: 200, body: shown(task) })),
    ofTask('POST', update),
  ];
}
