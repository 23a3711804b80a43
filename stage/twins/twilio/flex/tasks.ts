import { newSid } from '../sid.ts';
import type { Party } from '../voice/party.ts';

/** A TaskRouter task: somebody waits for a worker. */
export interface Task {
  readonly sid: string;
  readonly workflowSid: string;
  readonly priority: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAtMs: number;
  state: 'pending' | 'assigned' | 'completed' | 'canceled';
  worker: string | undefined;
}

export interface TaskQueue {
  /** Oldest first. */
  all(): readonly Task[];
  /** Workers whose activity is an available one, busy ones too. */
  online: number;
  /** Puts a task into the queue; `accepted` resolves to whoever takes it. */
  add(task: Pick<Task, 'workflowSid' | 'attributes' | 'priority'>): {
    readonly task: Task;
    readonly accepted: Promise<Party>;
  };
  /** A worker takes the task named, or the one of the highest priority that waits longest. Undefined when none waits. */
  accept(worker: Party, sid?: string): Task | undefined;
  /** Ends a task that is not over yet. */
  close(sid: string, state: 'completed' | 'canceled'): void;
  reset(): void;
}

const ONLINE = 1;

export function taskQueue(nowMs: () => number): TaskQueue {
  const tasks: Task[] = [];
  const takers = new Map<string, (worker: Party) => void>();
  const queue: TaskQueue = {
    all: () => tasks,
    online: ONLINE,
    add(wanted) {
      const task: Task = {
        ...wanted,
        sid: newSid('WT'),
        createdAtMs: nowMs(),
        state: 'pending',
        worker: undefined,
      };
      tasks.push(task);
      return { task, accepted: new Promise<Party>((resolve) => takers.set(task.sid, resolve)) };
    },
    accept(worker, sid) {
      const waiting = tasks.filter((task) => task.state === 'pending' && (sid === undefined || task.sid === sid));
      const task = waiting.sort((a, b) => b.priority - a.priority)[0];
      if (!task) return undefined;
      task.state = 'assigned';
      task.worker = worker.name;
      takers.get(task.sid)?.(worker);
      return task;
    },
    close(sid, state) {
      const task = tasks.find((one) => one.sid === sid);
      if (task?.state === 'pending' || task?.state === 'assigned') task.state = state;
      takers.delete(sid);
    },
    reset() {
      tasks.length = 0;
      takers.clear();
      queue.online = ONLINE;
    },
  };
  return queue;
}
