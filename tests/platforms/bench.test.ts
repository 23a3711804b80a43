import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import handoverPush from '../../functions/handover-push.ts';
import helpdeskCall from '../../functions/helpdesk-call.ts';
import pauseCheck from '../../functions/pause-check.ts';
import { sampleCalls } from '../../scripts/bench/calls.ts';
import { helpdeskOperations, tableOperations } from '../../scripts/bench/operations.ts';
import { benchSettings } from '../../scripts/bench/settings.ts';
import { type CountingTable, startCountingTable } from '../../scripts/bench/table-engine.ts';
import { root } from '../../scripts/build/bundle.ts';
import { readFunctions } from '../../scripts/build/functions.ts';
import { toLambda } from '../../shared/runtimes/lambda.ts';
import { connect } from '../../shared/store/client.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts';

keepLogLines();
const functions = (await readFunctions(join(root, 'functions'))).map(({ fn }) => fn);
let partners: RecordingServer;
let table: CountingTable;
let env: Record<string, string>;

beforeAll(async () => {
  partners = await startRecordingServer(() => [200, {}]);
  table = await startCountingTable();
  env = benchSettings(table.url, partners.url);
  Object.assign(process.env, env);
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const { client } = connect({ region: 'us-east-1', endpoint: table.url, credentials });
  await createTable(client, 'handover');
  client.destroy();
});
afterAll(async () => {
  await table.close();
  await partners.close();
});

test.for(functions.map((fn) => ({ name: fn.name, fn })))(
  '$name understands the call it is measured with',
  async ({ name, fn }) => {
    const call = (await sampleCalls(env))[name];
    const { statusCode } = await toLambda(fn)(call?.event as never);
    expect(statusCode).toBe(call?.status);
    expect(partners.requests).toEqual([]);
  },
);

test('a message while the bot has the conversation costs one consistent read of a small item', async () => {
  const handlers = { 'pause-check': toLambda(pauseCheck), 'handover-push': toLambda(handoverPush) };
  const [message, ...steps] = await tableOperations(handlers, table, env);
  expect(message?.cost).toMatchObject({ requests: 1, readUnits: 1, writeUnits: 0 });
  for (const { cost } of steps) {
    expect(cost.requests).toBeGreaterThan(1);
    expect(cost.bytesUp).toBeGreaterThan(cost.bytesDown);
  }
});

test('a turn of the helpdesk costs one read and one write', async () => {
  const [begins, turn] = await helpdeskOperations(toLambda(helpdeskCall), table, env);
  for (const operation of [begins, turn]) expect(operation?.cost).toMatchObject({ requests: 2, readUnits: 1 });
  expect(turn?.cost.writeUnits).toBeLessThanOrEqual(4);
});
