import { randomBytes } from 'node:crypto';
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import type { Clock } from '../core/clock.ts';
import { Problem } from '../core/problems.ts';
import { type Attributes, bytesOf, fromRawItem, type RawItem, toRawItem } from './attributes.ts';
import { type Connection, isConditionFailure } from './client.ts';
import { absentOr, type Expression, onlyIf, placeholders } from './expressions.ts';
import type { Key } from './keys.ts';

/** DynamoDB ends at 400 KB; the difference is for the key and for how it counts. */
const MAX_ITEM_BYTES = 350_000;

export const DAY_MS = 86_400_000;

/** Where an item stands, and what it should be. */
interface Spot<T> {
  readonly key: Key;
  /** How long it is of use. DynamoDB removes it some time after; no rule depends on that. */
  readonly keepMs: number;
  /** What a readable item of this kind looks like. */
  readonly schema: v.GenericSchema<unknown, T>;
}

/** An item to be written. */
interface Item<T> extends Spot<T> {
  readonly attributes: Attributes;
}

/** What became of a conditional write. */
interface Written<T> {
  readonly written: boolean;
  /** What stands there instead, when it was not written and it is readable. */
  readonly there: T | undefined;
}

/** Some items of a partition, in the order of their sort keys. */
interface Range {
  readonly pk: string;
  /** Which of its items, by `#sk`. Absent is all. */
  readonly sk?: Expression;
  readonly isBackwards?: boolean;
  /** How many items are asked for at a time, at most. Absent is as many as one answer holds. */
  readonly pageSize?: number;
}

/** An item as it was found, to be read by a schema. */
interface Found {
  readonly key: Key;
  readonly values: unknown;
}

/** The sort keys that begin so. */
export const beginningWith = (prefix: string): Expression => ({
  text: 'begins_with(#sk, :prefix)',
  values: { prefix },
});

/** The few ways in which the store touches items. Whatever is not readable counts as absent, never as an error. */
export interface Items {
  /** How long what was said is kept. */
  readonly transcriptMs: number;
  /** How long something is kept that is of use for `keepMs` from a moment on, which may be to come. */
  keepFrom(momentMs: number, keepMs: number): number;
  /** Strongly consistent. */
  read<T>(key: Key, schema: v.GenericSchema<unknown, T>): Promise<T | undefined>;
  /** All items of a range. Strongly consistent. */
  list(range: Range): Promise<readonly Found[]>;
  /** The same a page at a time: one request for each page that is taken. A page may be empty. */
  pages(range: Range): AsyncIterable<readonly Found[]>;
  /** Writes whatever is there. */
  put(item: Item<unknown>): Promise<void>;
  /** Writes if the condition holds. A repeat of this very write counts as written. */
  putIf<T>(item: Item<T>, condition: Expression): Promise<Written<T>>;
  /** Writes if there is no readable item of this key, or `orIf` holds. A repeat of this very write counts as written. */
  putNew<T>(item: Item<T>, orIf?: Expression): Promise<Written<T>>;
  /**
   * Sets some attributes if the condition holds. `there` is the item after the change, or what stands there instead. A
   * repeat of this very change is not applied again and counts as written.
   */
  change<T>(spot: Spot<T>, set: Expression, condition: Expression): Promise<Written<T>>;
  /** Removes it if the condition holds, else does nothing. */
  remove(key: Key, condition?: Expression): Promise<void>;
  /** Removes it whatever it is, and says whether it was there. */
  takeAway(key: Key): Promise<boolean>;
}

/** Every write leaves its random id in the item: by it a repeat of our own write is told from somebody else's. */
export const newWriteId = (): string => randomBytes(12).toString('base64url');

/** The item is still the one that could not be read: nobody has written it since. */
function unchanged(raw: RawItem): Expression {
  const writeId = raw.writeId?.S;
  return writeId === undefined
    ? { text: 'attribute_exists(#pk) AND NOT attribute_type(#writeId, :type)', values: { type: 'S' } }
    : { text: '#writeId = :writeId', values: { writeId } };
}

interface ItemsOptions {
  readonly connection: Connection;
  readonly table: string;
  readonly clock: Clock;
  readonly transcriptDays: number;
}

/** Opens the items of a table. */
export function openItems({ connection, table, clock, transcriptDays }: ItemsOptions): Items {
  const TableName = table;
  const { request } = connection;

  const ttlSecOf = ({ keepMs }: Spot<unknown>): number => Math.ceil((clock.nowMs() + keepMs) / 1_000);

  function rawOf(item: Item<unknown>, writeId: string): RawItem {
    const whole = { ...item.key, ...item.attributes, writeId, ttlSec: ttlSecOf(item) };
    if (bytesOf(whole) > MAX_ITEM_BYTES) throw new Problem('too_large', { reason: 'item' });
    return toRawItem(whole);
  }

  async function get(key: Key): Promise<RawItem | undefined> {
    const command = new GetItemCommand({ TableName, Key: toRawItem({ ...key }), ConsistentRead: true });
    return (await request((client, options) => client.send(command, options))).Item;
  }

  function readable<T>(raw: RawItem | undefined, schema: v.GenericSchema<unknown, T>): T | undefined {
    if (!raw) return undefined;
    const parsed = v.safeParse(schema, fromRawItem(raw));
    return parsed.success ? parsed.output : undefined;
  }

  /** Undefined when the condition did not hold. */
  async function unlessRefused<T>(writing: Promise<T>): Promise<T | undefined> {
    try {
      return await writing;
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  }

  async function writeIf<T>(item: Item<T>, condition: Expression, repairs: boolean): Promise<Written<T>> {
    const writeId = newWriteId();
    const command = new PutItemCommand({ TableName, Item: rawOf(item, writeId), ...onlyIf(condition) });
    if (await unlessRefused(request((client, options) => client.send(command, options))))
      return { written: true, there: undefined };
    const raw = await get(item.key);
    if (raw?.writeId?.S === writeId) return { written: true, there: undefined };
    const there = readable(raw, item.schema);
    if (repairs && raw && there === undefined) return writeIf(item, unchanged(raw), false);
    return { written: false, there };
  }

  async function* pages({ pk, sk, isBackwards = false, pageSize }: Range): AsyncGenerator<readonly Found[]> {
    const where = sk ? `#pk = :pk AND ${sk.text}` : '#pk = :pk';
    let from: RawItem | undefined;
    do {
      const command: QueryCommand = new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: where,
        ...placeholders(where, { pk, ...sk?.values }),
        ...(isBackwards ? { ScanIndexForward: false } : {}),
        ...(pageSize === undefined ? {} : { Limit: pageSize }),
        ...(from ? { ExclusiveStartKey: from } : {}),
      });
      const page = await request((client, options) => client.send(command, options));
      yield (page.Items ?? []).map((raw) => ({ key: { pk, sk: raw.sk?.S ?? '' }, values: fromRawItem(raw) }));
      from = page.LastEvaluatedKey;
    } while (from);
  }

  return {
    transcriptMs: transcriptDays * DAY_MS,

    keepFrom: (momentMs, keepMs) => Math.max(0, momentMs - clock.nowMs()) + keepMs,

    read: async (key, schema) => readable(await get(key), schema),

    async list(range) {
      const found: Found[] = [];
      for await (const page of pages(range)) found.push(...page);
      return found;
    },

    pages,

    async put(item) {
      const command = new PutItemCommand({ TableName, Item: rawOf(item, newWriteId()) });
      await request((client, options) => client.send(command, options));
    },

    putIf: (item, condition) => writeIf(item, condition, false),

    putNew: (item, orIf) => writeIf(item, absentOr(orIf), true),

    async change(spot, set, condition) {
      const writeId = newWriteId();
      const update = `SET ${set.text}, #writeId = :writeId, #ttlSec = :ttlSec`;
      const notYet = `(${condition.text}) AND (attribute_not_exists(#writeId) OR #writeId <> :writeId)`;
      const values = { ...set.values, ...condition.values, writeId, ttlSec: ttlSecOf(spot) };
      const command = new UpdateItemCommand({
        TableName,
        Key: toRawItem({ ...spot.key }),
        UpdateExpression: update,
        ConditionExpression: notYet,
        ...placeholders(update + notYet, values),
        ReturnValues: 'ALL_NEW',
      });
      const changed = await unlessRefused(request((client, options) => client.send(command, options)));
      const raw = changed?.Attributes ?? (await get(spot.key));
      return { written: raw?.writeId?.S === writeId, there: readable(raw, spot.schema) };
    },

    async remove(key, condition) {
      const command = new DeleteItemCommand({
        TableName,
        Key: toRawItem({ ...key }),
        ...(condition ? onlyIf(condition) : {}),
      });
      await unlessRefused(request((client, options) => client.send(command, options)));
    },

    async takeAway(key) {
      const command = new DeleteItemCommand({ TableName, Key: toRawItem({ ...key }), ReturnValues: 'ALL_OLD' });
      return (await request((client, options) => client.send(command, options))).Attributes !== undefined;
    },
  };
}
