import * as v from 'valibot';
import type { DueCall, DueCalls } from '../core/call/due-calls.ts';
import { DAY_MS, type Items } from './items.ts';
import { afterDue, duePartition, keyOf, subjectOf } from './keys.ts';

/** The day of the time asked for and seven before; also how many requests one question may take. */
const DAYS = 8;

/** From its time on: longer than it is found. People may be away for weeks before. */
const KEEP_MS = 9 * DAY_MS;

const schema = v.object({}); // all there is to know stands in the key

/** The calls of each day, in the order of their time. */
export function openDueCalls(items: Items): DueCalls {
  return {
    async add(requestId, atMs) {
      const keepMs = items.keepFrom(atMs, KEEP_MS);
      await items.put({ key: keyOf({ kind: 'due', requestId, atMs }), attributes: {}, keepMs, schema });
    },

    async until(nowMs, limit) {
      const due: DueCall[] = [];
      const sk = { text: '#sk < :after', values: { after: afterDue(nowMs) } };
      const todayMs = Math.floor(nowMs);
      let requests = 0;
      for (let daysAgo = DAYS - 1; daysAgo >= 0 && due.length < limit; daysAgo--) {
        const range = { pk: duePartition(todayMs - daysAgo * DAY_MS), sk, pageSize: limit - due.length };
        for await (const page of items.pages(range)) {
          for (const { key } of page) {
            const subject = subjectOf(key);
            if (subject?.kind === 'due') due.push({ requestId: subject.requestId, atMs: subject.atMs });
          }
          requests++;
          if (requests >= DAYS) return due.slice(0, limit);
          if (due.length >= limit) break;
        }
      }
      return due.slice(0, limit);
    },

    remove: (requestId, atMs) => items.remove(keyOf({ kind: 'due', requestId, atMs })),
  };
}
