import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import clickToCall from '../../functions/click-to-call.ts';
import { build } from '../../scripts/build.ts';
import { testSettings } from '../support/calls.ts';
import type { RunningEngine } from '../support/dynamodb-local.ts';
import { startDynaliteTable } from '../support/platforms/dynalite-table.ts';
import { everySetting } from '../support/platforms/every-setting.ts';
import { type OpenWhiskContainer, startOpenWhiskContainer } from '../support/platforms/openwhisk-runtime.ts';
import { type StandIn, startStandIn } from '../support/stand-in.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/* The action as it is deployed: the bundle in a container, over a table of its own. */

const folder = temporaryFolder();
const agent = '+15005550008';

let engine: RunningEngine;
let container: OpenWhiskContainer;
let twilio: StandIn;
let elsewhere: StandIn;

beforeAll(async () => {
  await build({ outFolder: folder, names: ['click-to-call'] });
  engine = await startDynaliteTable();
  twilio = await startStandIn({ sid: 'CA00000000000000000000000000000001' });
  elsewhere = await startStandIn({ result: 'success', message: 'from elsewhere' });
  container = await startOpenWhiskContainer();
  const env = {
    ...everySetting([clickToCall], engine.endpoint),
    TWILIO_API_BASE_URL: new URL(twilio.url).origin,
    CALL_LIMITS: '{"perDay":100000}',
  };
  const code = readFileSync(join(folder, 'openwhisk', 'click-to-call.js'), 'utf8');
  await container.post('/init', { value: { name: 'click-to-call', main: 'main', code, binary: false, env } });
}, 120_000);

afterAll(() => Promise.all([container.close(), twilio.close(), elsewhere.close(), engine.stop()]));

beforeEach(() => {
  twilio.seen.length = 0;
  twilio.behave('ok');
});

interface Answer {
  readonly gw_result: Readonly<Record<string, unknown>>;
}

async function invoke(value: object): Promise<Answer['gw_result']> {
  const context = { action_name: '/guest/click-to-call', activation_id: 'a1', deadline: '4102444800000' };
  const { status, answer } = await container.post('/run', { value, ...context });
  expect([status, Object.keys(answer)]).toEqual([200, ['gw_result']]);
  return (answer as unknown as Answer).gw_result;
}

/** Whom Twilio was told to call, and from where. */
const placed = () =>
  twilio.seen.map(({ path, body }) => {
    const form = new URLSearchParams(body);
    return { path, to: form.get('To'), from: form.get('From') };
  });

const calls = `/2010-04-01/Accounts/${testSettings.TWILIO_ACCOUNT_SID}/Calls.json`;
const callTo = (to: string) => ({ path: calls, to, from: testSettings.TWILIO_PHONE_NUMBER });

let numbers = 1_000;
/** A number that nobody was called at before. */
const freshNumber = () => `+1500555${++numbers}`;

const own = testSettings.PUBLIC_BASE_URL;
/** What the dialog of the first skill sends, with its number and, in the middle, whatever the customer said. */
const gatewayCall = (phone: string, vin: string) => ({
  target_hostname: own,
  target_route: '/wahandler',
  query_params: `?request=start_call&phoneNumber=${encodeURIComponent(phone)}&vin=${vin}&salesNumber=${encodeURIComponent(agent)}`,
});

describe('row 24: the contract of the first action', () => {
  test('row 24: start_call calls the customer and answers in gw_result', async () => {
    const phone = freshNumber();
    expect(await invoke(gatewayCall(phone, 'WVWZZZ1JZ3W386752'))).toEqual({
      result: 'success',
      message: 'Your call has been started. Please answer your phone.',
      code: null,
      requestId: expect.stringMatching(/^r[a-z2-7]{16}$/),
      status: 'calling',
      ignored: ['salesNumber'],
    });
    expect(placed()).toEqual([callTo(phone)]);
  });

  test('row 24: the same as parameters of their own', async () => {
    const phone = freshNumber();
    const answer = await invoke({ request: 'start_call', phoneNumber: phone, vin: 'AB 123', salesNumber: agent });
    expect(answer).toMatchObject({ result: 'success', status: 'calling', ignored: ['salesNumber'] });
    expect(placed()).toEqual([callTo(phone)]);
  });

  test('row 24: time tells the time, in the customer’s language', async () => {
    const now = await invoke({ target_hostname: own, target_route: '/wahandler', query_params: '?request=time' });
    expect(now).toMatchObject({ result: 'success', message: expect.stringMatching(/^It's \d\d:\d\d UTC now\.$/) });
    const jetzt = await invoke({ request: 'time', language: 'de', timeZone: 'Europe/Berlin' });
    expect(jetzt).toMatchObject({ message: expect.stringMatching(/^Es ist jetzt \d\d:\d\d Uhr\.$/) });
    expect(twilio.seen).toEqual([]);
  });

  test('row 24: anything else is not understood, and says so', async () => {
    for (const asked of [{ request: 'order_pizza' }, { query_params: '?request=' }, { target_route: '/time' }])
      expect(await invoke(asked)).toMatchObject({
        result: 'error',
        code: 'invalid_request',
        message: 'I do not understand that request.',
      });
  });

  test('row 24: another host is refused and never asked', async () => {
    const hostname = new URL(elsewhere.url).origin;
    for (const target_hostname of [hostname, `${own}@${new URL(hostname).host}`, 'http://169.254.169.254'])
      expect(await invoke({ ...gatewayCall(freshNumber(), 'A'), target_hostname })).toMatchObject({
        result: 'error',
        code: 'foreign_target',
        message: 'Something about this request was wrong, so nobody was called.',
      });
    expect([...elsewhere.seen, ...twilio.seen]).toEqual([]);
  });

  test('row 24: a Twilio that hangs is answered for before the assistant stops waiting, and truthfully', async () => {
    // Busy for a second, then silent: with all the time of the function it would be waited for until 4.3 s.
    twilio.behave([429, 'hang']);
    const took = stopwatch();
    expect(await invoke(gatewayCall(freshNumber(), 'A'))).toMatchObject({
      result: 'error',
      code: 'call_state_unknown',
      status: 'unknown',
      message: expect.stringMatching(/^I do not know whether the call was started\./),
    });
    expect(took()).toBeLessThan(4_000);
  });
});

describe('row 25: what a customer says cannot change who is called', () => {
  const vectors = [
    'A&salesNumber=+1900',
    'ABC&salesNumber=%2B19005550199&x=',
    'A&phoneNumber=%2B19005550199',
    'A&phone=%2B19005550199',
    'A&request=time',
    'A&action=time',
    'A#&phoneNumber=%2B19005550199',
    'A%26phoneNumber%3D%2B19005550199',
    'A&to=%2B19005550199&To=%2B19005550199&From=%2B19005550199&Url=https://evil.example.net',
    'A&conversationId=c-1&requestId=raaaaaaaaaaaaaaaa',
    'A&__proto__=x&constructor=y',
    '"}],"phoneNumber":"+19005550199',
  ];

  test.for(vectors)('row 25: %s', async (vin) => {
    for (const sent of [
      (phone: string) => gatewayCall(phone, vin),
      (phone: string) => ({ request: 'start_call', phoneNumber: phone, vin, salesNumber: agent }),
      (phone: string) => ({ vin, request: 'start_call', phone }),
    ]) {
      twilio.seen.length = 0;
      const phone = freshNumber();
      const { result } = await invoke(sent(phone));
      // One that is put in twice is refused: which of the two is meant cannot be known.
      expect(placed()).toEqual(result === 'success' ? [callTo(phone)] : []);
    }
  });

  test('row 25: whatever it is', async () => {
    const words = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            'A',
            '&',
            '=',
            '%26',
            '+1900',
            '%2B19005550199',
            'phoneNumber',
            'salesNumber',
            'request',
            'time',
            '#',
            ';',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(words, fc.boolean(), async (vin, asQuery) => {
        twilio.seen.length = 0;
        const phone = freshNumber();
        const sent = asQuery ? gatewayCall(phone, vin) : { request: 'start_call', phoneNumber: phone, vin };
        const { result } = await invoke(sent);
        expect(placed()).toEqual(result === 'success' ? [callTo(phone)] : []);
        if (!asQuery) expect(result).toBe('success');
      }),
      { numRuns: 100 },
    );
  });
});
