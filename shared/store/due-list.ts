import * as v from 'valibot';
import { DAY_MS, type Items } from './items.ts';
import { afterDue, type Key, keyOf, type Subject, subjectOf } from './keys.ts';

/** The day of the time asked for and seven before; also how many requests one question may take. */
const DAYS = 8;

/** From its time on: longer than it is found. People may be away for weeks before. */
const KEEP_MS = 9 * DAY_MS;

const schema = v.object({}); // all there is to know stands in the key

type Listed = Extract<Subject, { readonly kind: 'due' | 'reminder' }>;

/** What is to be looked at at a time: a list for each day, in the order of its times. */
export interface DueList<T extends Listed> {
  add(listed: T): Promise<void>;
  /** Those whose time has come within the last seven days, earliest first. */
  until(nowMs: number, limit: number): Promise<readonly T[]>;
  remove(listed: T): Promise<void>;
}

interface Days<T extends Listed> {
  readonly partition: (atMs: number) => string;
  readonly read: (subject: Subject | undefined) => T | undefined;
}

/** Opens one of the lists by day, of which `partition` names the days and `read` understands the keys. */
export function openDueList<T extends Listed>(items: Items, { partition, read }: Days<T>): DueList<T> {
  const readKey = (key: Key) => read(subjectOf(key));
  return {
    async add(listed) {
      await items.put({ key: keyOf(listed), attributes: {}, keepMs: items.keepFrom(listed.atMs, KEEP_MS), schema });
    },

    async until(nowMs, limit) {
      const due: T[] = [];
      const sk = { text: '#sk < :after', values: { after: afterDue(nowMs) } };
      const todayMs = Math.floor(nowMs);
      let requests = 0;
      for (let daysAgo = DAYS - 1; daysAgo >= 0 && due.length < limit; daysAgo--) {
        const range = { pk: partition(todayMs - daysAgo * DAY_MS), sk, pageSize: limit - due.length };
        for await (const page of items.pages(range)) {
          due.push(...page.map(({ key }) => readKey(key)).filter((listed) => listed !== undefined));
          requests++;
          if (requests >= DAYS) return due.slice(0, limit);
          if (due.length >= limit) break;
        }
      }
      return due.slice(0, limit);
    },

    remove: (listed) => items.remove(keyOf(listed)),
  };
}
