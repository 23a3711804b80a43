import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFunctions } from '../../stage/functions.ts';
import { givenSettings, stageSettings } from '../../stage/settings.ts';
import { openStage } from '../../stage/stage.ts';
import { localUrls } from '../../stage/webhooks.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const twins = {
  twilio: 'http://127.0.0.1:1',
  botcopy: 'http://127.0.0.1:2',
  desk: 'http://127.0.0.1:3',
  bot: 'http://127.0.0.1:4',
  servicenow: 'http://127.0.0.1:6',
  genesys: 'http://127.0.0.1:7',
  rasa: 'http://127.0.0.1:8',
  watson: 'http://127.0.0.1:9',
  dynamodb: 'http://127.0.0.1:5',
};
const settingsWith = (given = {}) => stageSettings(given, 'http://localhost:3000', twins);
const folder = temporaryFolder();

test('with its own settings every function can start', async () => {
  const env = settingsWith();
  const faults: string[] = [];
  for (const fn of await findFunctions()) {
    fn.caller.settings.read(env, faults);
    fn.settings.read(env, faults);
  }
  expect(faults).toEqual([]);
});

test('what is given wins; what is empty counts as not given', () => {
  expect(settingsWith({ DESK: 'webhook', BOT_IDS: '' })).toMatchObject({ DESK: 'webhook', BOT_IDS: 'bot-1' });
});

test('what is given as none is not there at all', () => {
  expect(settingsWith({ STUDIO_WEBHOOK_URL: 'none' })).not.toHaveProperty('STUDIO_WEBHOOK_URL');
});

describe('Genesys', () => {
  const cloud = ['GENESYS_API_URL', 'GENESYS_CLIENT_SECRET', 'GENESYS_WEBHOOK_SECRET'];

  test('is the twin as Genesys Cloud', () => {
    expect(settingsWith()).toMatchObject({ GENESYS_API_URL: twins.genesys, GENESYS_LOGIN_URL: twins.genesys });
  });

  test('is the twin as a PureConnect server by the word twin', () => {
    const env = settingsWith({ GENESYS_ICWS_URL: 'twin' });
    expect(env).toMatchObject({ GENESYS_ICWS_URL: twins.genesys, DESK_QUEUES: '{"*":"Support"}' });
    for (const name of cloud) expect(env[name]).toBeUndefined();
    expect(settingsWith({ GENESYS_ICWS_URL: 'twin', DESK_QUEUES: '{"*":"Own"}' }).DESK_QUEUES).toBe('{"*":"Own"}');
  });

  test.for([{ GENESYS_API_URL: 'https://api.mypurecloud.ie' }, { GENESYS_ICWS_URL: 'https://cic.example.com' }])(
    'of your own is guarded by no secret that everybody knows: %j',
    (given) => {
      const env = settingsWith(given);
      for (const name of cloud) expect(env[name]).toBe((given as Record<string, string>)[name]);
    },
  );
});

test('an instance of ServiceNow of your own is guarded by no secret that everybody knows', () => {
  const secrets = ['SERVICENOW_PASSWORD', 'SERVICENOW_TOKEN', 'SERVICENOW_WEBHOOK_TOKEN'];
  expect(settingsWith()).toMatchObject({ SERVICENOW_URL: twins.servicenow, SERVICENOW_USER: 'handover.integration' });
  for (const name of secrets) {
    expect(settingsWith()[name]).toEqual(expect.any(String));
    expect(settingsWith({ SERVICENOW_URL: 'https://example.service-now.com' })[name]).toBeUndefined();
  }
});

test('the environment wins over .env, and without a .env nothing is given', () => {
  mkdirSync(join(folder, 'with'));
  writeFileSync(join(folder, 'with', '.env'), 'DESK=webhook\nBOT_IDS="a b" # two\nPORT=\n');
  expect(givenSettings(join(folder, 'with'), { DESK: 'stage' })).toEqual({ DESK: 'stage', BOT_IDS: 'a b', PORT: '' });
  expect(givenSettings(join(folder, 'without'), {})).toEqual({});
});

describe('an account of your own', () => {
  const account = { TWILIO_ACCOUNT_SID: `AC${'f'.repeat(32)}`, TWILIO_API_KEY: `SK${'f'.repeat(32)}` };
  const secrets = [
    'TWILIO_AUTH_TOKEN',
    'TWILIO_API_SECRET',
    'SESSION_SECRET',
    'BOT_ACCESS_TOKEN',
    'DESK_API_KEY',
    'ADMIN_KEY',
  ];

  test('is reached at Twilio itself, and no secret that everybody knows guards it', () => {
    const env = settingsWith(account);
    expect(env.TWILIO_API_BASE_URL).toBeUndefined();
    expect(secrets.filter((name) => env[name] !== undefined)).toEqual([]);
  });

  test.for([
    ['the account of the stage', { ...account, TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001' }],
    ['no key', { ...account, TWILIO_API_KEY: '' }],
  ] as const)('with %s it is not one', ([, given]) => {
    const env = settingsWith(given);
    expect(env.TWILIO_API_BASE_URL).toBe(twins.twilio);
    expect(secrets.filter((name) => env[name] === undefined)).toEqual([]);
  });
});

test('the keys of the embedded table are not taken to another one', () => {
  expect(settingsWith().AWS_ACCESS_KEY_ID).toBe('stage');
  expect(
    settingsWith({ AWS_ENDPOINT_URL_DYNAMODB: 'https://dynamodb.eu-central-1.amazonaws.com' }).AWS_ACCESS_KEY_ID,
  ).toBeUndefined();
});

describe('a public URL', () => {
  const own = { 'call-leg': 'https://legs.example.com/x' };
  const localUrl = localUrls('https://a.example/voice/#rc=1', own, 'http://127.0.0.1:3000');

  test.for([
    ['https://a.example/voice/receive-call', 'http://127.0.0.1:3000/receive-call'],
    ['https://a.example/voice/x?a=%2B&b=?', 'http://127.0.0.1:3000/x?a=%2B&b=?'],
    ['https://legs.example.com/x?step=1', 'http://127.0.0.1:3000/call-leg?step=1'],
    ['https://a.example/voicex/receive-call', undefined],
    ['https://a.example.net/voice/receive-call', undefined],
    ['http://169.254.169.254/latest', undefined],
  ] as const)('%s is here: %s', ([url, here]) => {
    expect(localUrl(url)).toBe(here);
  });
});

test('malformed URLs of functions leave it to the functions to say so', async () => {
  const lines: string[] = [];
  const stage = await openStage({ given: { FUNCTION_URLS: '{' }, port: 0, write: (line) => lines.push(line) });
  const answer = await fetch(`${stage.url}/receive-call`, { method: 'POST', body: 'a=b' });
  await stage.close();
  expect(answer.status).toBe(500);
  expect(lines.join()).toContain('FUNCTION_URLS is malformed');
});
