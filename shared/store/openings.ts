import * as v from 'valibot';
import type { OpenHandover, Openings } from '../core/handover/openings.ts';
import { DAY_MS, type Items } from './items.ts';
import { keyOf, openPartition, subjectOf } from './keys.ts';

const schema = v.object({ conversationId: v.string(), kind: v.picklist(['chat', 'call']) });

/** The handovers of each day, in the order in which they were opened. */
export function openOpenings(items: Items): Openings {
  return {
    async add({ handoverId, openedAtMs, conversationId, kind }) {
      const key = keyOf({ kind: 'opening', handoverId, atMs: openedAtMs });
      await items.put({ key, attributes: { conversationId, kind }, keepMs: 2 * DAY_MS, schema });
    },

    async newest(nowMs, limit) {
      const found = new Map<string, OpenHandover>();
      for (const dayMs of [nowMs, nowMs - DAY_MS]) {
        if (found.size >= limit) break;
        const range = { pk: openPartition(dayMs), isBackwards: true, pageSize: limit - found.size };
        for await (const page of items.pages(range)) {
          for (const { key, values } of page) {
            const subject = subjectOf(key);
            const parsed = v.safeParse(schema, values);
            if (subject?.kind !== 'opening' || !parsed.success || found.has(subject.handoverId)) continue;
            const { handoverId, atMs } = subject;
            found.set(handoverId, { handoverId, openedAtMs: atMs, ...parsed.output });
          }
          if (found.size >= limit) break;
        }
      }
      return [...found.values()].slice(0, limit);
    },
  };
}
