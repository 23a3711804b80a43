import type { StageClock } from '../../../clock.ts';
import { newSid } from '../sid.ts';
import type { Worker } from './workers.ts';

type TaskState = 'pending' | 'reserved' | 'assigned' | 'wrapping' | 'completed' | 'canceled';

/** A task that is offered to a worker, or was. */
export interface Reservation {
  readonly sid: string;
  readonly worker: Worker;
  readonly createdAtMs: number;
  state: 'pending' | 'accepted' | 'wrapping' | 'completed' | 'canceled';
}

/** A TaskRouter task: somebody waits for a worker, or wants to be called back by one. */
export interface Task {
  readonly sid: string;
  readonly workflowSid: string;
  readonly taskChannel: string;
  priority: number;
  attributes: Readonly<Record<string, unknown>>;
  /** Since when it counts as waiting: its place in line. */
  virtualStartTimeMs: number;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** After that it is taken back, whoever waits. */
  readonly timeoutSec: number;
  state: TaskState;
  /** Why it is canceled or completed. */
  reason: string | undefined;
  worker: string | undefined;
  readonly reservations: Reservation[];
}

/** Something about a task on its way to another worker. */
export interface TaskTransfer {
  readonly sid: string;
  readonly from: Reservation;
  readonly to: Worker;
  readonly status: 'INITIATED' | 'COMPLETED';
}

/** What TaskRouter tells of a task. Source: Twilio's page on TaskRouter events, read 2026-11-21. */
export interface TaskEvent {
  readonly type:
    | `task.${'created' | 'updated' | 'canceled' | 'wrapup' | 'completed' | 'transfer-initiated' | 'transfer-completed'}`
    | `workflow.${'entered' | 'target-matched' | 'timeout'}`
    | 'task-queue.entered'
    | `reservation.${'created' | 'accepted' | 'wrapup' | 'completed' | 'canceled'}`;
  readonly task: Task;
  readonly reservation?: Reservation | undefined;
  readonly transfer?: TaskTransfer;
}

/** The reservation of the worker who has a task. */
export const reservationOf = ({ reservations }: Task): Reservation | undefined =>
  reservations.findLast(({ state }) => state === 'accepted');

export type TellTask = (task: Task, type: TaskEvent['type'], more?: Omit<TaskEvent, 'task' | 'type'>) => void;

/** What happens to one task, step by step, each told as TaskRouter tells it. */
export interface TaskLife {
  /** It is offered to a worker, who takes it. */
  assign(task: Task, worker: Worker): void;
  /** The worker who has it has nothing more to do with it. */
  release(task: Task): void;
  complete(task: Task): void;
  cancel(task: Task): void;
  /** From the worker who has it to another, who takes it; `between` happens when the one has gone and the other not come. */
  transfer(task: Task, to: Worker, between: () => void): void;
  /** The worker who has it gives it back: it waits again. */
  giveBack(task: Task): void;
}

export function taskLife(clock: StageClock, tell: TellTask): TaskLife {
  function release(task: Task): void {
    const reservation = reservationOf(task);
    if (!reservation) return;
    reservation.state = 'wrapping';
    tell(task, 'reservation.wrapup', { reservation });
    reservation.state = 'completed';
    tell(task, 'reservation.completed', { reservation });
  }
  function assign(task: Task, worker: Worker): void {
    const sid = newSid('WR');
    const reservation: Reservation = { sid, worker, createdAtMs: clock.nowMs(), state: 'pending' };
    task.reservations.push(reservation);
    task.state = 'reserved';
    tell(task, 'reservation.created', { reservation });
    reservation.state = 'accepted';
    task.state = 'assigned';
    task.worker = worker.fullName;
    tell(task, 'reservation.accepted', { reservation });
  }
  return {
    release,
    assign,
    transfer(task, to, between) {
      const from = reservationOf(task);
      if (!from) return;
      const transfer = { sid: newSid('TT'), from, to };
      tell(task, 'task.transfer-initiated', { transfer: { ...transfer, status: 'INITIATED' } });
      release(task);
      between();
      assign(task, to);
      tell(task, 'task.transfer-completed', { transfer: { ...transfer, status: 'COMPLETED' } });
    },
    giveBack(task) {
      release(task);
      task.state = 'pending';
      task.worker = undefined;
      tell(task, 'task-queue.entered');
    },
    complete(task) {
      const reservation = reservationOf(task);
      task.state = 'wrapping';
      tell(task, 'task.wrapup', { reservation });
      release(task);
      task.state = 'completed';
      tell(task, 'task.completed', { reservation });
    },
    cancel(task) {
      const reservation = reservationOf(task);
      if (reservation) {
        reservation.state = 'canceled';
        tell(task, 'reservation.canceled', { reservation });
      }
      task.state = 'canceled';
      tell(task, 'task.canceled');
    },
  };
}
