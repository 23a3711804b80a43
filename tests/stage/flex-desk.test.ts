import { expect, test } from 'vitest';
import { flexStage } from './flex-stage.ts';

const stage = flexStage({ DESK: 'flex' });

interface Window {
  readonly lines: readonly { readonly by: string; readonly text: string; readonly agentName?: string }[];
}

const says = async (text: string) =>
  (await stage.ask<{ answers: string }>('POST', '/_stage/botcopy/say', { text })).answers;
/** What the customer of the bot reads. */
async function reads() {
  const [window] = Object.values(await stage.ask<Record<string, Window>>('GET', '/_stage/botcopy'));
  return window?.lines.map(({ by, text }) => `${by}: ${text}`) ?? [];
}
/** How everything in Flex stands: tasks, interactions, conversations. */
async function standing() {
  const { tasks, interactions, conversations } = await stage.flex();
  return [
    tasks.map(({ state }) => state),
    interactions.map(({ status }) => status),
    conversations.map(({ state }) => state),
  ];
}

test("a bot's customer talks with agents in Flex, one after the other, and has the bot again", async () => {
  await says('Where is my order?');
  expect(await says('I want to talk to a person, please')).toBe('person');
  const [task] = await stage.tasks();
  const { handoverId } = task?.attributes ?? {};
  await stage.does('accept', { handoverId, name: 'Ada' });
  await stage.does('say', { handoverId, text: 'Hello, this is Ada.' });
  await expect.poll(reads).toContain('agent: Hello, this is Ada.');
  expect(await says('It is about my parcel.')).toBe('person');
  const { conversations } = await stage.flex();
  expect(conversations[0]?.uniqueName).toBe(handoverId);
  const inFlex = async () => (await stage.flex()).conversations[0]?.messages.map(({ body }) => body);
  await expect.poll(inFlex).toContain('It is about my parcel.');
  expect((await inFlex())?.[0]).toContain('Where is my order?');
  await stage.does('transfer', { to: 'Bo' });
  await stage.does('say', { text: 'Bo here.' });
  await expect.poll(reads).toContain('agent: Bo here.');
  await stage.does('end');
  await expect.poll(standing).toEqual([['completed'], ['closed'], ['closed']]);
  await expect.poll(() => says('Where is my order?')).toBe('bot');
  for (const text of ['agent: Hello, this is Ada.', 'agent: Bo here.'])
    expect((await reads()).filter((line) => line === text)).toHaveLength(1);
});

test('what nobody takes is closed through its interaction, never by its task, and the customer has the bot again', async () => {
  await says('I want to talk to a person, please');
  await stage.does('timeout');
  await expect.poll(standing).toEqual([['canceled'], ['closed'], ['closed']]);
  await expect.poll(() => says('Where is my order?')).toBe('bot');
  const byTask = (await stage.events()).filter(
    ({ direction, method, url }) => direction === 'out' && method !== 'GET' && /\/Tasks\/WT/.test(url),
  );
  expect(byTask).toEqual([]);
});

test('every request between the functions and Flex says which handover it is about', async () => {
  await says('I want to talk to a person, please');
  await stage.does('accept');
  await stage.does('say', { text: 'Hello' });
  await expect.poll(reads).toContain('agent: Hello');
  await stage.does('end');
  await expect.poll(() => says('Where is my order?')).toBe('bot');
  const [task] = await stage.tasks();
  const { handoverId, conversationId } = task?.attributes ?? {};
  const events = (await stage.events()).filter(
    ({ vendor, url }) => vendor === 'twilio' && !url.endsWith('/RealTimeStatistics'),
  );
  expect(events.length).toBeGreaterThan(10);
  const stray = events.filter((event) => event.handoverId !== handoverId || event.conversationId !== conversationId);
  expect(stray.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
});

test('twins that fail as Twilio does lose nothing of what an agent says', async () => {
  await says('I want to talk to a person, please');
  await stage.does('accept');
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: ['503', 'truncated-201', '429'] });
  await says('First.');
  await says('Second.');
  await stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode: 'ok' });
  await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
  await stage.ask('POST', '/_stage/clock', { advanceMs: 60_000 });
  const said = async () =>
    (await stage.flex()).conversations[0]?.messages
      .map(({ body }) => body)
      .filter((body) => body === 'First.' || body === 'Second.');
  await expect.poll(said).toEqual(['First.', 'Second.']);
});
