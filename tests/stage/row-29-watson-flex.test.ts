import { expect, test } from 'vitest';
import type { WatsonChat } from '../../stage/twins/watson/chat.ts';
import { flexStage } from './flex-stage.ts';

const stage = flexStage({ DESK: 'flex' });

const SESSION = 's-29';
const say = async (text: string) =>
  (await stage.ask<{ answers: string }>('POST', '/_stage/watson/say', { sessionId: SESSION, text })).answers;
const chat = async (): Promise<WatsonChat> => {
  const [first] = await stage.ask<WatsonChat[]>('GET', '/_stage/watson/chats');
  if (!first) throw new Error('no chat');
  return first;
};
const pushed = async (type: string) =>
  (await stage.ask<{ type: string; data: { text?: string } }[]>('GET', '/_stage/bot')).filter(
    (one) => one.type === type,
  );

test('row 29: who joins with the proof of the assistant’s answer is in the very handover, and reads the agent there', async () => {
  expect(await say('Where is my order?')).toBe('assistant');
  expect(await say('I want a person')).toBe('assistant');
  const [task, ...others] = await stage.tasks();
  expect(others).toEqual([]);
  await stage.does('accept', { taskSid: task?.sid });
  const visitor = await stage.visitor('visitor-1', { connect: (await chat()).connect });
  await stage.does('say', { text: 'Hello, this is Ada' });
  await expect.poll(visitor.heard).toContainEqual(expect.stringMatching(/: Hello, this is Ada$/));
  expect(await pushed('handover.message')).toEqual([]);
  expect(await stage.tasks()).toHaveLength(1);
  await visitor.say('Hello Ada');
  await expect
    .poll(async () => (await stage.flex()).conversations.flatMap(({ messages }) => messages.map(({ body }) => body)))
    .toContain('Hello Ada');
  await stage.does('end');
  await expect.poll(() => stage.lines.some((line) => line.includes('"heard":"ended done"'))).toBe(true);
  expect(await say('Thank you')).toBe('assistant');
  expect((await chat()).lines.at(-1)?.text).toContain('(agent)');
});

test('row 29: who does not join reads the agent by BOT_PUSH_URL, and writes through the assistant', async () => {
  await say('I want a person');
  await stage.does('accept');
  await stage.does('say', { text: 'Hello, this is Ada' });
  await expect.poll(() => pushed('handover.message')).toMatchObject([{ data: { text: 'Hello, this is Ada' } }]);
  expect(await say('Hello Ada')).toBe('person');
  const { conversations } = await stage.flex();
  expect(conversations.flatMap(({ messages }) => messages.map(({ body }) => body))).toContain('Hello Ada');
});

test('row 29: when nobody is at Flex the customer reads so, and goes on with the assistant', async () => {
  await stage.does('agents', { online: 0 });
  expect(await say('I want a person')).toBe('assistant');
  expect((await chat()).lines.at(-1)?.text).toContain('nobody can take over');
  expect(await stage.tasks()).toEqual([]);
  expect(await say('Hello')).toBe('assistant');
});
