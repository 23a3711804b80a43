import type { DueCalls } from '../core/call/due-calls.ts';
import { openDueList } from './due-list.ts';
import type { Items } from './items.ts';
import { duePartition } from './keys.ts';

/** The calls of each day, in the order of their time. */
export function openDueCalls(items: Items): DueCalls {
  const list = openDueList(items, {
    partition: duePartition,
    read: (subject) => (subject?.kind === 'due' ? subject : undefined),
  });
  return {
    add: (requestId, atMs) => list.add({ kind: 'due', requestId, atMs }),
    until: async (nowMs, limit) => (await list.until(nowMs, limit)).map(({ requestId, atMs }) => ({ requestId, atMs })),
    remove: (requestId, atMs) => list.remove({ kind: 'due', requestId, atMs }),
  };
}
