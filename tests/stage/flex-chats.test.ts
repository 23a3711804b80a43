import { expect, test } from 'vitest';
import { flexStage } from './flex-stage.ts';

const stage = flexStage();

test('a web chat waits as a task, an agent takes it, and both see what the other does', async () => {
  const visitor = await stage.visitor('user-1', { topic: 'billing', friendlyName: 'Jane' });
  const { conversationSid, identity } = visitor;
  const [task] = await stage.tasks();
  expect(task).toMatchObject({ state: 'pending', attributes: { conversationSid, topic: 'billing', from: 'Jane' } });
  await stage.does('accept', { name: 'Ada' });
  await stage.does('say', { text: 'Hello, how can I help?' });
  // The client follows people and messages apart from each other.
  await expect
    .poll(() => visitor.heard().toSorted())
    .toEqual(['ada has read 0', 'ada joined', 'ada: Hello, how can I help?']);
  await stage.does('typing');
  await expect.poll(visitor.heard).toContain('ada types');
  expect(await visitor.say('It is about my bill')).toBe(1);
  await visitor.read(1);
  const { conversations } = await stage.flex();
  expect(conversations).toMatchObject([
    {
      messages: [
        { author: 'ada', body: 'Hello, how can I help?', index: 0 },
        { author: identity, body: 'It is about my bill', index: 1 },
      ],
      participants: [
        { identity, lastReadIndex: 1 },
        { identity: 'ada', lastReadIndex: 0 },
      ],
    },
  ]);
});

test('an agent hands over to another, who goes on, leaves for a third, and ends', async () => {
  const visitor = await stage.visitor('user-1');
  await stage.does('accept', { name: 'Ada' });
  await stage.does('transfer', { to: 'Bo' });
  await stage.does('say', { text: 'I have read everything.' });
  await stage.does('leave');
  await stage.does('accept', { name: 'Cleo' });
  await stage.does('end');
  const comesAndGoes = () => visitor.heard().filter((line) => / (joined|left)$/.test(line));
  await expect
    .poll(comesAndGoes)
    .toEqual(['ada joined', 'ada left', 'bo joined', 'bo left', 'cleo joined', 'cleo left']);
  await expect.poll(visitor.heard).toEqual(expect.arrayContaining(['bo: I have read everything.', 'closed']));
  expect(await stage.flex()).toMatchObject({
    tasks: [{ state: 'completed' }],
    interactions: [{ status: 'closed' }],
    conversations: [{ state: 'closed' }],
  });
  await expect(visitor.say('Still there?')).rejects.toThrow();
});

test('nobody takes a chat in time: the task is gone, and the conversation is left open as by Flex itself', async () => {
  await stage.visitor('user-1');
  await stage.does('timeout');
  expect(await stage.flex()).toMatchObject({
    tasks: [{ state: 'canceled', reason: 'Task canceled on Workflow timeout' }],
    interactions: [{ status: 'active' }],
    conversations: [{ state: 'active' }],
  });
});

test.for([
  ['accept', {}],
  ['say', { text: 'Hello' }],
  ['end', {}],
  ['timeout', {}],
  ['transfer', { to: 'Bo' }],
] as const)('where no chat is, no agent can %s', async ([what, input]) => {
  await expect(stage.does(what, input)).rejects.toThrow('404');
});
