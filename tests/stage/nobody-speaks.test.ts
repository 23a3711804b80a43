import { expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const MINUTE_MS = 60_000;

const stage = stageOfFile();

interface Ticket {
  readonly state: string;
  readonly lines: readonly { readonly text: string }[];
}

const asked = async (question: object) => {
  const answer = await stage.send('/pause-check', {
    method: 'POST',
    headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ conversationId: 'c-1', ...question }),
  });
  return (await answer.json()) as { readonly paused: boolean };
};
const fault = (vendor: string, mode: string) => stage.ask('POST', '/_stage/faults', { vendor, mode });
const pass = (advanceMs: number) => stage.ask('POST', '/_stage/clock', { advanceMs });
const texts = async () => {
  const [ticket] = await stage.ask<Ticket[]>('GET', '/_stage/desk');
  return ticket?.lines.map(({ text }) => text);
};
const ticketState = async () => (await stage.ask<Ticket[]>('GET', '/_stage/desk'))[0]?.state;
const toldBot = async () =>
  (await stage.ask<{ type: string; data: object }[]>('GET', '/_stage/bot')).map(({ type, data }) => [type, data]);

test('words that the desk did not take are brought by the schedule when it is there again, in order', async () => {
  await asked({ text: 'A person', handover: {} });
  await fault('desk', '503');
  expect((await asked({ text: 'one' })).paused).toBe(true);
  expect((await asked({ text: 'two' })).paused).toBe(true);
  expect(await texts()).toEqual(['A person']);
  await fault('desk', 'ok');
  await pass(MINUTE_MS);
  expect(await texts()).toEqual(['A person', 'one', 'two']);
});

test('a desk that stays away is tried three times, then the bot is told that it has the customer again', async () => {
  await asked({ text: 'A person', handover: {} });
  await fault('desk', '503');
  await asked({ text: 'one' });
  for (let minute = 0; minute < 2; minute++) await pass(MINUTE_MS);
  expect(await toldBot()).toEqual([['handover.ended', expect.objectContaining({ reason: 'failed' })]]);
  const tries = (await stage.events()).filter(
    ({ vendor, direction, body }) => vendor === 'desk' && direction === 'out' && body.includes('"one"'),
  );
  expect(tries.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect((await asked({ text: 'two' })).paused).toBe(false);
  await fault('desk', 'ok');
  await pass(2 * MINUTE_MS);
  expect(await ticketState()).toBe('ended');
  expect(await toldBot()).toHaveLength(1);
});

test('who waits at Botcopy for nobody sees it, and the desk closes the ticket', async () => {
  await stage.ask('POST', '/_stage/botcopy/say', { text: 'I want a person' });
  await pass(10 * MINUTE_MS);
  await pass(MINUTE_MS);
  const pushes = (await stage.events()).filter(({ vendor, direction }) => vendor === 'botcopy' && direction === 'out');
  expect(pushes.map(({ body }) => JSON.parse(body))).toMatchObject([{ eventType: 'channel_update', paused: false }]);
  expect(await ticketState()).toBe('ended');
  expect(await stage.ask('POST', '/_stage/botcopy/say', { text: 'Hello?' })).toEqual({ answers: 'bot' });
});

test('a sweep says what it did', async () => {
  await asked({ text: 'A person', handover: {} });
  await pass(9 * MINUTE_MS);
  const answer = await stage.send('/sweep', {
    method: 'POST',
    headers: { authorization: 'admin-key-0123456789abcdef' },
  });
  expect(await answer.json()).toMatchObject({
    placed: 0,
    attended: expect.any(Number),
    redelivered: 0,
    ended: 0,
    left: 0,
  });
});
