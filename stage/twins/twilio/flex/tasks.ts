import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';
import type { Party } from '../voice/party.ts';

/** A TaskRouter task: somebody waits for a worker, or wants to be called back by one. */
export interface Task {
  readonly sid: string;
  readonly workflowSid: string;
  readonly taskChannel: string;
  readonly priority: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Since when it counts as waiting: its place in line. */
  readonly virtualStartTimeMs: number;
  readonly createdAtMs: number;
  /** After that it is taken back, whoever waits. */
  readonly timeoutSec: number;
  state: 'pending' | 'assigned' | 'completed' | 'canceled';
  /** Why it is canceled. */
  reason: string | undefined;
  worker: string | undefined;
}

export interface TaskQueue {
  /** Oldest first. */
  all(): readonly Task[];
  /** Those that wait for a worker of a workflow, in the order in which they are taken. */
  waiting(workflowSid?: string): readonly Task[];
  /** Puts a task into the queue; `accepted` resolves to whoever takes it. */
  add(task: NewTask): { readonly task: Task; readonly accepted: Promise<Party> };
  /** A worker takes the task named, or the one of the highest priority that waits longest. Undefined when none waits. */
  accept(worker: Party, sid?: string): Task | undefined;
  /** Ends a task that is not over yet. */
  close(sid: string, state: 'completed' | 'canceled', reason?: string): void;
  isFull(workflowSid: string): boolean;
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

  const waiting: TaskQueue['waiting'] = (workflowSid) =>
    tasks
      .filter((task) => task.state === 'pending' && (workflowSid === undefined || task.workflowSid === workflowSid))
      .sort((a, b) => b.priority - a.priority || a.virtualStartTimeMs - b.virtualStartTimeMs);

  const close: TaskQueue['close'] = (sid, state, reason) => {
    const task = tasks.find((one) => one.sid === sid);
    takers.delete(sid);
    if (task?.state !== 'pending' && task?.state !== 'assigned') return;
    task.state = state;
    task.reason = reason;
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
        ...{ sid: newSid('WT'), createdAtMs: nowMs, state: 'pending', reason: undefined, worker: undefined },
      };
      tasks.push(task);
      void expire(task);
      return { task, accepted: new Promise<Party>((resolve) => takers.set(task.sid, resolve)) };
    },
    accept(worker, sid) {
      const task = waiting().find((one) => sid === undefined || one.sid === sid);
      if (!task) return undefined;
      task.state = 'assigned';
      task.worker = worker.name;
      takers.get(task.sid)?.(worker);
      return task;
    },
    close,
    isFull: (workflowSid) => waiting(workflowSid).length >= queue.mostWaiting,
    reset() {
      tasks.length = 0;
      takers.clear();
      Object.assign(queue, atStart);
    },
  };
  return queue;
}
