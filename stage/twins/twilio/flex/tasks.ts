import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';
import type { Party } from '../voice/party.ts';
import { type Task, type TaskEvent, type TaskLife, type TellTask, taskLife } from './task-life.ts';
import { workerOf } from './workers.ts';

export interface TaskQueue {
  /** Oldest first. */
  all(): readonly Task[];
  /** Those that wait for a worker of a workflow, in the order in which they are taken. */
  waiting(workflowSid?: string): readonly Task[];
  /** Puts a task into the queue; `accepted` resolves to whoever takes it. */
  add(task: NewTask): { readonly task: Task; readonly accepted: Promise<Party> };
  /** A worker takes the task named, or the one of the highest priority that waits longest. Undefined when none waits. */
  accept(worker: Party, sid?: string): Task | undefined;
  readonly transfer: TaskLife['transfer'];
  readonly giveBack: TaskLife['giveBack'];
  /** Nobody took it in the time of its workflow. */
  timeOut(task: Task): void;
  update(task: Task, change: Partial<Pick<Task, 'attributes' | 'priority' | 'virtualStartTimeMs'>>): void;
  /** Ends a task that is not over yet. */
  close(sid: string, state: 'completed' | 'canceled', reason?: string): void;
  isFull(workflowSid: string): boolean;
  /** Calls the listener with everything that happens to tasks. */
  watch(listener: (event: TaskEvent) => void): void;
  /** How many may wait in a workflow; everybody else is turned away. */
  mostWaiting: number;
  /** Workers whose activity is an available one, busy ones too. */
  online: number;
  reset(): void;
}

type NewTask = Pick<Task, 'workflowSid' | 'attributes'> &
  Partial<Pick<Task, 'priority' | 'taskChannel' | 'virtualStartTimeMs' | 'timeoutSec'>>;

/** Source: Twilio's pages on Tasks and Enqueue, read 2026-11-21. */
const TIMEOUT_SEC = 86_400;
const atStart = { mostWaiting: 1_000, online: 1 };

export function taskQueue(clock: StageClock): TaskQueue {
  const tasks: Task[] = [];
  const takers = new Map<string, (worker: Party) => void>();
  const listeners: ((event: TaskEvent) => void)[] = [];
  const tell: TellTask = (task, type, more = {}) => {
    task.updatedAtMs = clock.nowMs();
    for (const listener of listeners) listener({ type, task, ...more });
  };
  const life = taskLife(clock, tell);

  const waiting: TaskQueue['waiting'] = (workflowSid) =>
    tasks
      .filter((task) => task.state === 'pending' && (workflowSid === undefined || task.workflowSid === workflowSid))
      .sort((a, b) => b.priority - a.priority || a.virtualStartTimeMs - b.virtualStartTimeMs);

  const close: TaskQueue['close'] = (sid, state, reason) => {
    const task = tasks.find((one) => one.sid === sid);
    takers.delete(sid);
    if (task?.state !== 'pending' && task?.state !== 'assigned') return;
    task.reason = reason;
    if (state === 'completed') life.complete(task);
    else life.cancel(task);
  };

  /** What nobody takes in time is taken back. A call that waits for it waits on. */
  async function expire({ sid, createdAtMs, timeoutSec }: Task): Promise<void> {
    await clock.until(createdAtMs + timeoutSec * 1_000);
    if (waiting().some((task) => task.sid === sid)) close(sid, 'canceled', 'Task TTL Exceeded');
  }

  const queue: TaskQueue = {
    ...atStart,
    all: () => tasks,
    waiting,
    add(wanted) {
      const nowMs = clock.nowMs();
      const task: Task = {
        ...{ priority: 0, taskChannel: 'voice', virtualStartTimeMs: nowMs, timeoutSec: TIMEOUT_SEC },
        ...wanted,
        ...{ sid: newSid('WT'), createdAtMs: nowMs, updatedAtMs: nowMs, state: 'pending', reason: undefined },
        ...{ worker: undefined, reservations: [] },
      };
      tasks.push(task);
      void expire(task);
      for (const type of ['task.created', 'workflow.entered', 'workflow.target-matched', 'task-queue.entered'] as const)
        tell(task, type);
      return { task, accepted: new Promise<Party>((resolve) => takers.set(task.sid, resolve)) };
    },
    accept(worker, sid) {
      const task = waiting().find((one) => sid === undefined || one.sid === sid);
      if (!task) return undefined;
      life.assign(task, workerOf(worker.name));
      takers.get(task.sid)?.(worker);
      return task;
    },
    transfer: life.transfer,
    giveBack: life.giveBack,
    timeOut(task) {
      if (task.state !== 'pending') return;
      tell(task, 'workflow.timeout');
      close(task.sid, 'canceled', 'Task canceled on Workflow timeout');
    },
    update(task, change) {
      Object.assign(task, change);
      tell(task, 'task.updated');
    },
    close,
    isFull: (workflowSid) => waiting(workflowSid).length >= queue.mostWaiting,
    watch: (listener) => void listeners.push(listener),
    reset() {
      tasks.length = 0;
      takers.clear();
      Object.assign(queue, atStart);
    },
  };
  return queue;
}
