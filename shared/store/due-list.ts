import * as v from 'valibot';
import { DAY_MS, type Found, type Items } from './items.ts';
import { afterDue, type Key, keyOf, type Subject, subjectOf } from './keys.ts';

/** The day of the time asked for and seven before; also how many requests one question may take. */
const DAYS = 8;

/** Days that are asked for side by side. */
const AT_A_TIME = 4;

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
      if (limit <= 0) return [];
      const sk = { text: '#sk < :after', values: { after: afterDue(nowMs) } };
      const todayMs = Math.floor(nowMs);
      // A page holds thousands of them: more than anybody asks for.
      const firstPage = async (daysAgo: number) => {
        const range = { pk: partition(todayMs - daysAgo * DAY_MS), sk, pageSize: limit };
        for await (const page of items.pages(range)) return page;
        return [];
      };
      const oldestFirst = Array.from({ length: DAYS }, (_, day) => DAYS - 1 - day);
      const found: Found[] = [];
      for (let from = 0; from < DAYS; from += AT_A_TIME)
        found.push(...(await Promise.all(oldestFirst.slice(from, from + AT_A_TIME).map(firstPage))).flat());
      return found.flatMap(({ key }) => readKey(key) ?? []).slice(0, limit);
    },

    remove: (listed) => items.remove(keyOf(listed)),
  };
}
