import { expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { stopwatch } from '../support/steady-clock.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

async function wish(phone = '+15005550006'): Promise<Response> {
  const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'visitor-1' });
  return stage.send('/click-to-call', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, origin: stage.url, 'content-type': 'application/json' },
    body: JSON.stringify({ phone }),
  });
}

const placed = async () =>
  (await stage.events()).filter(
    ({ vendor, method, url }) => vendor === 'twilio' && method === 'POST' && url.endsWith('/Calls.json'),
  );

const legs = () => stage.ask<{ direction: string }[]>('GET', '/_stage/calls');

const askPaused = () =>
  stage.send('/pause-check', {
    method: 'POST',
    headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({
      userId: 'user-1',
      botId: 'bot-1',
      eventType: 'message',
      queryInput: { text: { text: 'Hello?' } },
    }),
  });

test.for([
  ['reset-after-send', 504],
  ['truncated-201', 504],
] as const)('with %s Twilio places the call but its answer is lost', async ([mode, status]) => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode });
  expect((await wish()).status).toBe(status);
  expect(await placed()).toHaveLength(1);
  expect(await legs()).toMatchObject([{ direction: 'outbound-api' }]);
});

test.for([['503'], ['500'], ['hang']] as const)('with %s Twilio places no call', async ([mode]) => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode });
  expect((await wish()).status).toBeGreaterThanOrEqual(500);
  expect(await placed()).toHaveLength(1);
  expect(await legs()).toEqual([]);
});

test('a list is taken one by one, and then all is well', async () => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: ['429', 'ok'] });
  expect((await wish()).status).toBe(202);
  expect((await placed()).map(({ status }) => status)).toEqual([429, 201]);
  expect((await wish('+15005550007')).status).toBe(202);
});

test.for([
  ['500', 500],
  ['503', 503],
  ['429', 400],
] as const)('with %s the table answers as DynamoDB would, and the function stays safe', async ([mode, status]) => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode });
  expect(await (await askPaused()).json()).toEqual({ paused: true, minutesPaused: 1 });
  const asked = (await stage.events()).filter(({ vendor }) => vendor === 'dynamodb');
  expect(new Set(asked.map((event) => event.status))).toEqual(new Set([status]));
});

test('a table that throttles is a table that works again', async () => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: ['429'] });
  expect(await (await askPaused()).json()).toEqual({ paused: false });
});

test.for([['reset-after-send'], ['truncated-201']] as const)(
  'with %s the table has written what it does not say',
  async ([mode]) => {
    await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: [mode] });
    expect(await (await askPaused()).json()).toMatchObject({ paused: true });
  },
);

test('a table that hangs is never waited for longer than the deadline', async () => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode: 'hang' });
  const took = stopwatch();
  expect(await (await askPaused()).json()).toEqual({ paused: true, minutesPaused: 1 });
  expect(took()).toBeLessThan(3_500);
  expect((await stage.events()).filter(({ vendor }) => vendor === 'dynamodb').every(({ status }) => status === 0)).toBe(
    true,
  );
});

test('a throw is inside the next handler only', async () => {
  await stage.ask('POST', '/_stage/faults', { vendor: 'internal', mode: 'throw' });
  // Not that of the schedule.
  expect((await stage.send('/_stage/sweep', { method: 'POST' })).status).toBe(200);
  expect((await askPaused()).status).toBe(500);
  expect((await askPaused()).status).toBe(200);
});

test.for([
  [{ vendor: 'twillio', mode: 'ok' }],
  [{ vendor: 'twilio', mode: 'sulk' }],
  [{ vendor: 'twilio', mode: ['ok', 'sulk'] }],
] as const)('an unknown vendor or mode is refused: %o', async ([plan]) => {
  expect((await stage.send('/_stage/faults', { method: 'POST', body: JSON.stringify(plan) })).status).toBe(400);
});
