import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import pauseCheck from '../../functions/pause-check.ts';
import { build } from '../../scripts/build.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { startDynaliteTable } from '../support/platforms/dynalite-table.ts';
import { type HttpCall, openWhiskRawEvent, openWhiskWebEvent } from '../support/platforms/events.ts';
import { everySetting } from '../support/platforms/every-setting.ts';
import { type OpenWhiskContainer, startOpenWhiskContainer } from '../support/platforms/openwhisk-runtime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let container: OpenWhiskContainer;

beforeAll(() => build({ outFolder: folder, names: ['receive-call'] }));
beforeEach(async () => {
  container = await startOpenWhiskContainer();
});
afterEach(() => container.close());

const init = (name: string, env: object = testSettings) => {
  const code = readFileSync(join(folder, 'openwhisk', `${name}.js`), 'utf8');
  return container.post('/init', { value: { name, main: 'main', code, binary: false, env } });
};

const run = (value: object) =>
  container.post('/run', { value, action_name: '/guest/receive-call', activation_id: 'a1', deadline: '4102444800000' });

const called = { Called: '+15005550006', CallSid: 'CA00000000000000000000000000000001' };

function signedCall(name: string, fields: Record<string, string>): HttpCall {
  const { method, query, headers, body } = twilioCall(name, fields);
  return { method, query, headers, body: body ?? new Uint8Array() };
}

test('a text action is loaded once, and answers a signed call with TwiML', async () => {
  expect(await init('receive-call')).toEqual({ status: 200, answer: { OK: true } });
  expect((await init('receive-call')).status).toBe(403);
  const { status, answer } = await run(openWhiskRawEvent(signedCall('receive-call', called)));
  expect(status).toBe(200);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': expect.stringContaining('text/xml') } });
  expect(answer.body).toContain('sip:+15005550006@sip.example.com;secure=true');
});

test('every call leaves one log line before the end of its activation', async () => {
  await init('receive-call');
  await run(openWhiskRawEvent(signedCall('receive-call', called)));
  await run(openWhiskRawEvent(signedCall('receive-call', { ...called, Called: 'anonymous' })));
  const lines = container.output().trim().split('\n');
  expect(lines.map((line) => (line.startsWith('{') ? JSON.parse(line).function : 'end'))).toEqual([
    'receive-call',
    'end',
    'receive-call',
    'end',
  ]);
});

test('parameters cannot take the place of settings', async () => {
  await init('receive-call');
  const forged = { ...openWhiskRawEvent(signedCall('receive-call', called)), TWILIO_AUTH_TOKEN: 'mine' };
  const headers = { ...forged.__ow_headers, 'x-twilio-signature': 'mine' };
  expect((await run({ ...forged, __ow_headers: headers })).answer).toMatchObject({ statusCode: 403 });
});

test('a web action that is not raw refuses Twilio, and the log says how to deploy it', async () => {
  await init('receive-call');
  const { answer } = await run(openWhiskWebEvent(signedCall('receive-call', called)));
  expect(answer).toMatchObject({ statusCode: 403 });
  expect(container.output()).toContain('raw web action');
});

test('without settings every call is refused, and the log names what is missing', async () => {
  await init('receive-call', {});
  const { answer } = await run(openWhiskRawEvent(signedCall('receive-call', called)));
  expect(answer).toMatchObject({ statusCode: 500 });
  expect(container.output()).toContain('TWILIO_AUTH_TOKEN is missing');
});

test('a function that reaches the table answers a plain invocation with its JSON', async () => {
  await build({ outFolder: folder, names: ['pause-check'] });
  const engine = await startDynaliteTable();
  try {
    await init('pause-check', everySetting([pauseCheck], engine.endpoint));
    const { answer } = await run({ accessToken: testSettings.BOT_ACCESS_TOKEN, conversationId: 'c-1' });
    expect(answer).toMatchObject({ paused: false, minutesPaused: 0 });
  } finally {
    await engine.stop();
  }
});
