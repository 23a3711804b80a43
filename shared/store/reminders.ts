import type { Reminders } from '../core/handover/reminders.ts';
import { openDueList } from './due-list.ts';
import type { Items } from './items.ts';
import { remindPartition } from './keys.ts';

/** The conversations to be looked at on each day, in the order of their time. */
export function openReminders(items: Items): Reminders {
  const list = openDueList(items, {
    partition: remindPartition,
    read: (subject) => (subject?.kind === 'reminder' ? subject : undefined),
  });
  return {
    add: ({ conversationId, atMs }) => list.add({ kind: 'reminder', ofConversation: conversationId, atMs }),
    due: async (nowMs, limit) =>
      (await list.until(nowMs, limit)).map(({ ofConversation, atMs }) => ({ conversationId: ofConversation, atMs })),
    remove: ({ conversationId, atMs }) => list.remove({ kind: 'reminder', ofConversation: conversationId, atMs }),
  };
}
