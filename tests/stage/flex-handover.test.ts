import { expect, test } from 'vitest';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile({ DESK: 'flex' });
const conversationId = 'session-1';

const ask = async (question: object): Promise<{ readonly paused?: boolean }> => {
  const answer = await stage.send('/pause-check', {
    method: 'POST',
    headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify({ conversationId, ...question }),
  });
  return (await answer.json()) as { readonly paused?: boolean };
};
const agent = (does: string, input: object = {}) => stage.ask('POST', `/_stage/flex/${does}`, input);
const flex = () =>
  stage.ask<{
    readonly conversations: {
      readonly state: string;
      readonly messages: { readonly author: string; readonly body: string }[];
    }[];
    readonly tasks: { readonly state: string; readonly attributes: Record<string, unknown> }[];
  }>('GET', '/_stage/flex');
const inbox = async () =>
  (await stage.ask<{ type: string; data: { text?: string; reason?: string } }[]>('GET', '/_stage/bot')).map(
    ({ type, data }) => [type, data.text ?? data.reason],
  );

/** What Twilio refused of what it was asked. */
const refused = async () =>
  (await stage.events())
    .filter(({ vendor, direction, status }) => vendor === 'twilio' && direction === 'out' && (status ?? 0) >= 400)
    .map(({ method, url, status }) => [method, url, status]);

test('an agent in Flex takes a bot’s conversation, hands it on and ends it; the bot hears all of it (row 35)', async () => {
  const handover = {
    topic: 'billing',
    reason: 'The invoice is wrong',
    lines: [{ by: 'bot', text: 'How can I help?' }],
  };
  expect(await ask({ text: 'A person, please', handover })).toMatchObject({ paused: true });
  const opened = await flex();
  expect(opened.tasks[0]?.attributes).toMatchObject({
    topic: 'billing',
    conversationId,
    handoverUrl: expect.any(String),
  });
  expect(opened.conversations[0]?.messages[0]?.body).toContain('Bot: How can I help?\nCustomer: A person, please');
  await agent('accept');
  await agent('say', { text: 'Hello' });
  expect(await ask({ text: 'My invoice' })).toMatchObject({ paused: true });
  await agent('transfer', { to: 'Bo' });
  // Ada, her words, Bo.
  await expect.poll(inbox).toHaveLength(3);
  expect(await ask({ text: 'Still there?' })).toMatchObject({ paused: true });
  await agent('say', { text: 'I am Bo' });
  await agent('end');
  await expect.poll(inbox).toContainEqual(['handover.ended', 'agent']);
  expect((await inbox()).filter(([type]) => type === 'handover.message')).toEqual([
    ['handover.message', 'Hello'],
    ['handover.message', 'I am Bo'],
  ]);
  const { conversations } = await flex();
  expect(conversations[0]?.messages.map(({ body }) => body)).toEqual(
    expect.arrayContaining(['Hello', 'My invoice', 'Still there?', 'I am Bo']),
  );
  expect(conversations[0]?.state).toBe('closed');
  expect(await ask({ text: 'Thanks' })).toMatchObject({ paused: false });
  expect(await refused()).toEqual([]);
});

test('what nobody in Flex takes goes back to the bot, and nothing stays open', async () => {
  expect(await ask({ handover: {} })).toMatchObject({ paused: true });
  await agent('timeout');
  await expect.poll(inbox).toContainEqual(['handover.ended', 'failed']);
  await expect.poll(async () => (await flex()).conversations.map(({ state }) => state)).toEqual(['closed']);
  expect(await ask({ text: 'Hello?' })).toMatchObject({ paused: false });
});

test('the customer ends it: the agent is free, and the task is gone', async () => {
  await ask({ handover: {} });
  await agent('accept');
  expect(await ask({ end: true })).toMatchObject({ paused: false });
  const { tasks, conversations } = await flex();
  expect([tasks.map(({ state }) => state), conversations.map(({ state }) => state)]).toEqual([
    ['completed'],
    ['closed'],
  ]);
});

test.for(['429', '500', 'reset-after-send', 'truncated-201'])(
  'whatever one of its requests comes to, there is one handover or none: %s',
  async (mode) => {
    for (let at = 0; at < 5; at++) {
      await stage.ask('POST', '/_stage/reset');
      const modes = [...Array.from({ length: at }, () => 'ok'), mode];
      await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: modes });
      const { paused } = await ask({ handover: {} });
      const { conversations, tasks } = await flex();
      const open = conversations.filter(({ state }) => state !== 'closed');
      expect([open.length, tasks.filter(({ state }) => state === 'pending').length]).toEqual(paused ? [1, 1] : [0, 0]);
    }
  },
);
