import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import type { Table } from '../../shared/core/table.ts';
import type { RawItem } from '../../shared/store/attributes.ts';
import { type Connection, connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { type Items, openItems } from '../../shared/store/items.ts';
import type { Key } from '../../shared/store/keys.ts';
import { tableOf } from '../../shared/store/table.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { startDynalite } from '../support/dynalite.ts';
import { patience } from '../support/patient-table.ts';

/** Long enough from now that no engine clears anything away while a test runs. */
export const startMs = Date.UTC(2099, 0, 1);

export interface TestTable {
  readonly table: Table;
  /** What the table is called in its engine. */
  readonly name: string;
  readonly items: Items;
  readonly clock: TestClock;
  readonly connection: Connection;
  /** What stands in the table, key attributes included. */
  scan(): Promise<readonly RawItem[]>;
  /** Puts an item past the store's own rules. */
  putRaw(key: Key, attributes: RawItem): Promise<void>;
  removeRaw(key: Key): Promise<void>;
  stop(): Promise<void>;
}

function askDoor(): Promise<string> {
  return new Promise((resolve, reject) => {
    get(inject('dynamoDbLocalDoor'), (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(said) : reject(new Error(said))));
    }).on('error', reject);
  });
}

/** Credentials that every local engine takes. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

async function openTestTable(endpoint: string, stop: () => Promise<void>): Promise<TestTable> {
  const clock = testClock(startMs);
  const connection = connect({ region: 'us-east-1', endpoint, credentials }, patience);
  const table = `handover-${randomUUID()}`;
  const { client } = connection;
  await createTable(client, table);
  const items = openItems({ connection, table, clock, transcriptDays: 30 });
  return {
    table: tableOf(items),
    name: table,
    items,
    clock,
    connection,
    async scan() {
      const found: RawItem[] = [];
      let from: RawItem | undefined;
      do {
        const command: ScanCommand = new ScanCommand({
          TableName: table,
          ...(from ? { ExclusiveStartKey: from } : {}),
        });
        const page = await client.send(command);
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      return found;
    },
    async putRaw({ pk, sk }, attributes) {
      await client.send(
        new PutItemCommand({ TableName: table, Item: { ...attributes, pk: { S: pk }, sk: { S: sk } } }),
      );
    },
    async removeRaw({ pk, sk }) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }));
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

/** A table of its own on each engine on which the store must behave the same. */
export const engines = {
  async dynalite(): Promise<TestTable> {
    const { endpoint, stop } = await startDynalite();
    return openTestTable(endpoint, stop);
  },
  async 'DynamoDB Local'(): Promise<TestTable> {
    return openTestTable(await askDoor(), async () => {});
  },
} as const;

export const engineNames = ['dynalite', 'DynamoDB Local'] as const;
