import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import receiveCall from '../../functions/receive-call.ts';
import { checkClock } from '../../scripts/doctor/clock.ts';
import { checkSettings, checkUrls } from '../../scripts/doctor/settings.ts';
import { checkTable } from '../../scripts/doctor/table.ts';
import type { Env } from '../../shared/core/settings.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { createTable } from '../../shared/store/create-table.ts';
import { stageSettings } from '../../stage/settings.ts';
import { type RestServer, startRestApi } from '../stage/rest-api.ts';
import { engines, type TestTable } from '../store/engines.ts';
import { runScript } from '../support/run-script.ts';

const doctor = fileURLToPath(new URL('../../scripts/doctor.ts', import.meta.url));
const emptyFolder = fileURLToPath(new URL('.', import.meta.url));

let engine: TestTable;
let twilio: RestServer;
let env: Env;

beforeAll(async () => {
  engine = await engines['DynamoDB Local']();
  const place = await engine.connection.client.config.endpoint?.();
  const dynamodb = `http://${place?.hostname}:${place?.port}`;
  const nobody = 'http://127.0.0.1:9';
  twilio = await startRestApi();
  const twins = {
    twilio: twilio.url,
    botcopy: nobody,
    desk: nobody,
    bot: nobody,
    servicenow: nobody,
    genesys: nobody,
    rasa: nobody,
    watson: nobody,
    dynamodb,
  };
  env = { ...stageSettings({ HANDOVER_TABLE: 'doctor-test' }, 'https://handover.example.com', twins) };
  await createTable(engine.connection.client, 'doctor-test');
});
afterAll(() => Promise.all([engine.stop(), twilio.close()]));

/** Runs the command as somebody would who has these settings and no others. */
async function runDoctor(given: Env, ...args: readonly string[]) {
  const { code: status, output: said } = await runScript(doctor, emptyFolder, args, given);
  return { status, said };
}

test('where all is well it says so for every function, the URLs, the table, the clock and web chats', async () => {
  const { status, said } = await runDoctor(env);
  expect(said).not.toContain('✗');
  for (const what of [
    'settings of receive-call',
    'settings of pause-check',
    'public URLs',
    'the table',
    'the clock',
    'the webhook of web chats',
  ]) {
    expect(said).toContain(`✓ ${what}\n`);
  }
  expect(status).toBe(0);
});

test('without settings it names all that are missing and what they are for, and ends with a failure', async () => {
  const { status, said } = await runDoctor({});
  expect(said).toContain('✗ settings of receive-call\n');
  expect(said).toMatch(/TWILIO_AUTH_TOKEN is missing \(.+\)/);
  expect(said).toMatch(/WATSON_SIP_HOST is missing \(.+\)/);
  expect(status).toBe(1);
});

test('no value is ever said, of settings that are right or wrong', async () => {
  const canary = 'canary-4711';
  const names = [...(await runDoctor({})).said.matchAll(/([A-Z][A-Z_]{3,}) is missing/g)].map(([, name]) => name ?? '');
  const wrong = Object.fromEntries(names.map((name) => [name, `${canary} {`]));
  expect(names.length).toBeGreaterThan(10);
  expect((await runDoctor(wrong)).said).not.toContain(canary);
  const { said } = await runDoctor(env);
  for (const name of ['TWILIO_AUTH_TOKEN', 'SESSION_SECRET', 'HANDOVER_TABLE', 'PUBLIC_BASE_URL']) {
    expect(said).not.toContain(env[name]);
  }
});

test('on Twilio the names that the platform gives stand in for ours', async () => {
  const { TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_AUTH_TOKEN: AUTH_TOKEN, ...others } = env;
  const given = { ...others, ACCOUNT_SID, AUTH_TOKEN };
  expect((await runDoctor(given, 'receive-call')).said).toContain('✗ settings of receive-call');
  expect((await runDoctor(given, 'receive-call', '--for', 'twilio')).said).toContain('✓ settings of receive-call');
});

test('on Lambda nobody asks for what the platform knows', () => {
  const { PUBLIC_BASE_URL: _url, ...others } = env;
  expect(checkUrls([], others, []).faults).not.toEqual([]);
  expect(checkUrls([], others, ['PUBLIC_BASE_URL']).faults).toEqual([]);
  expect(checkSettings(receiveCall, others, ['PUBLIC_BASE_URL']).faults).toEqual([]);
});

test('a table that the deployment makes is not looked for, one that is named is', async () => {
  const { HANDOVER_TABLE, AWS_REGION, ...others } = env;
  const made = await runDoctor(others, 'call-leg', '--for', 'lambda');
  expect(made).toMatchObject({ status: 0, said: expect.not.stringContaining('the table') });
  const named = await runDoctor({ ...others, AWS_REGION, HANDOVER_TABLE }, 'call-leg', '--for', 'lambda');
  expect(named).toMatchObject({ status: 0, said: expect.stringContaining('✓ the table') });
});

test('an unknown runtime is told the known ones', async () => {
  expect(await runDoctor(env, '--for', 'mainframe')).toMatchObject({
    status: 1,
    said: expect.stringContaining('twilio|lambda'),
  });
});

test('a private address is a fault in production, and a name in FUNCTION_URLS that no function has', () => {
  expect(checkUrls([], { ...env, STAGE: '', PUBLIC_BASE_URL: 'https://10.0.0.5' }, []).faults).toEqual([
    expect.stringContaining('PUBLIC_BASE_URL is malformed'),
  ]);
  const FUNCTION_URLS = JSON.stringify({ 'recieve-call': 'https://a.example.com' });
  expect(checkUrls(['receive-call'], { ...env, FUNCTION_URLS }, []).faults).toEqual([
    'FUNCTION_URLS has 1 names that no function has',
  ]);
  expect(checkUrls(['receive-call'], { ...env, FUNCTION_URLS: '{' }, []).faults).toHaveLength(1);
});

test('a table that is not there is told apart from one that cannot be reached', async () => {
  expect((await checkTable({ ...env, HANDOVER_TABLE: 'another-table' })).faults).toEqual(['table missing']);
  const away = { ...env, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' };
  expect((await checkTable(away)).faults).toEqual(['table unreachable']);
});

test('a table with other keys that keeps everything for ever has two faults', async () => {
  await engine.connection.client.send(
    new CreateTableCommand({
      TableName: 'doctor-other-keys',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  const { faults } = await checkTable({ ...env, HANDOVER_TABLE: 'doctor-other-keys' });
  expect(faults).toEqual([expect.stringContaining('needs the keys'), expect.stringContaining('ttlSec')]);
});

test('a clock that is two minutes off is told, and which way', async () => {
  const server = createServer((_, response) => {
    response.setHeader('Date', new Date(Date.now() - 120_000).toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { faults } = await checkClock({ ...env, AWS_ENDPOINT_URL_DYNAMODB }, systemClock);
  server.close();
  expect(faults).toEqual([expect.stringMatching(/^this machine is 1(19|20|21) s ahead$/)]);
});

test('a clock that cannot be compared is a fault, not a pass', async () => {
  const { faults } = await checkClock({ ...env, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' }, systemClock);
  expect(faults).toEqual(['nobody answers where the table is']);
});
