import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { keepLogLines } from '../support/log-lines.ts';
import { startTwilioRuntime, type TwilioRuntime } from '../support/platforms/twilio-runtime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lines = keepLogLines();
const folder = temporaryFolder();
let runtime: TwilioRuntime;

/** The account's credentials under the names that the platform gives them. */
const { TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_AUTH_TOKEN: AUTH_TOKEN, ...settings } = testSettings;

beforeAll(async () => {
  await build({ outFolder: folder, names: ['receive-call', 'voice-fallback'] });
  runtime = await startTwilioRuntime({
    folder: join(folder, 'twilio'),
    env: { ...settings, ACCOUNT_SID, AUTH_TOKEN },
    publicUrl: settings.PUBLIC_BASE_URL,
  });
});
afterAll(() => runtime.close());

/** Sends a call as Twilio does, or as somebody who is not Twilio. */
async function send(name: string, fields: Record<string, string>, change: Record<string, string> = {}, query = '') {
  const { headers, body } = twilioCall(name, fields, query);
  const url = `${runtime.url}/${name}${query && `?${query}`}`;
  const init = { method: 'POST', headers: { ...headers, ...change }, body: Buffer.from(body ?? []).toString() };
  const answer = await fetch(url, init);
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
}

const called = { Called: '+15005550006', CallSid: 'CA00000000000000000000000000000001' };

describe("the bundles in Twilio's own runtime", () => {
  test('a signed call is answered with TwiML', async () => {
    const answer = await send('receive-call', called);
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('text/xml') });
    expect(answer.body).toContain('sip:+15005550006@sip.example.com;secure=true');
  });

  test('what a query of ours says reaches the function among the fields', async () => {
    const { body } = await send('voice-fallback', { ...called, DialCallStatus: 'no-answer' }, {}, 'after=agents');
    expect(body).not.toContain('<Dial');
    expect((await send('voice-fallback', called)).body).toContain('<Dial');
  });

  test('a call with a wrong signature does not reach the function', async () => {
    const before = lines.length;
    const { status, body } = await send('receive-call', called, { 'x-twilio-signature': 'wrong' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('<Response');
    expect(lines).toHaveLength(before);
  });

  test('a number that cannot be called gets TwiML too, not an error of the runtime', async () => {
    const { status, body } = await send('receive-call', { ...called, Called: 'anonymous' });
    expect(status).toBe(200);
    expect(body).toContain('HandoverError=bad_called');
  });

  test('the state of the module is kept from call to call', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('receive-call', called)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });
});
