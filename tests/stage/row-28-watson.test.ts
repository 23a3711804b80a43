import { expect, test } from 'vitest';
import { stopwatch } from '../support/steady-clock.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

const SESSION = 's-28';
const PAUSE_MS = 10 * 60_000;

/** Who answers what a customer writes in a Watson chat: the assistant is asked only if its pre-message webhook lets it. */
const say = async (text: string) =>
  (await stage.ask<{ answers: string }>('POST', '/_stage/watson/say', { sessionId: SESSION, text })).answers;

const atDesk = async () =>
  (await stage.ask<{ lines: { text: string }[] }[]>('GET', '/_stage/desk')).flatMap(({ lines }) =>
    lines.map(({ text }) => text),
  );

test('row 28: while a person has the session the assistant is skipped, and answers again when the pause is over', async () => {
  expect(await say('Hello')).toBe('assistant');
  await stage.ask('POST', '/_stage/state', {
    conversationId: SESSION,
    bot: 'watson',
    mode: 'human',
    pausedForMs: PAUSE_MS,
  });
  expect(await say('Are you there?')).toBe('person');
  expect(await atDesk()).toContain('Are you there?');
  await stage.ask('POST', '/_stage/clock', { advanceMs: PAUSE_MS + 1 });
  expect(await say('Where is my order?')).toBe('assistant');
  expect(await atDesk()).not.toContain('Where is my order?');
});

test.for(['hang', '500', '429'])(
  'row 28: a table that answers with %s leaves the assistant in charge, in time',
  async (mode) => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'dynamodb', mode });
    const took = stopwatch();
    expect(await say('Hello')).toBe('assistant');
    expect(took()).toBeLessThan(5_000);
  },
);

test('row 28: Watson without credentials, as it begins, is not let in', async () => {
  const body = JSON.stringify({ event: { name: 'message_received' }, payload: { input: { text: 'Hi' } } });
  const answer = await stage.send('/pause-check', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(401);
});
