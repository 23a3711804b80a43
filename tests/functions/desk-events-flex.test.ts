import { expect, test } from 'vitest';
import deskEvents from '../../functions/desk-events.ts';
import pauseCheck from '../../functions/pause-check.ts';
import { flexDesk, flexDeskSettings } from '../../shared/desks/flex/index.ts';
import { jsonCall, testSettings, twilioCall } from '../support/calls.ts';
import { platformModel } from '../support/chat-world.ts';
import { fakeFlex } from '../support/fake-flex.ts';
import { flexSettings } from '../support/flex-settings.ts';
import { memoryTable } from '../support/memory-table.ts';
import { runningClock } from '../support/running-clock.ts';
import { startFunction } from '../support/start-function.ts';

const conversationId = 'session-1';

/** A bot's conversation that Flex has, and Twilio's webhooks about it. */
async function scene() {
  const flex = fakeFlex();
  const clock = runningClock();
  const table = memoryTable();
  const platform = platformModel(clock);
  const env = { DESK: 'flex', ...flexSettings };
  const desk = flexDesk({ settings: flexDeskSettings.read({ ...testSettings, ...env }, []), send: flex.send, clock });
  const ports = { table: () => table, desk: () => desk };
  const bots = () => () => platform.platform;
  const asks = startFunction({ ...pauseCheck, ports: { ...pauseCheck.ports, ...ports } }, env, clock);
  const events = startFunction({ ...deskEvents, ports: { ...deskEvents.ports, ...ports, bots } }, env, clock);
  const ask = async (body: object) => {
    const headers = { authorization: testSettings.BOT_ACCESS_TOKEN };
    return JSON.parse((await asks.call(jsonCall({ conversationId, ...body }, headers))).body);
  };
  await ask({ text: 'A person, please', handover: { topic: 'billing' } });
  const [conversation] = flex.conversations;
  const handoverId = conversation?.uniqueName ?? '';
  const common = { AccountSid: testSettings.TWILIO_ACCOUNT_SID, ConversationSid: conversation?.sid ?? '' };
  return {
    flex,
    table,
    platform,
    conversation,
    ask,
    async tells(event: Record<string, string>) {
      const scoped = twilioCall('desk-events', { ...common, ...event }, `handoverId=${handoverId}`);
      expect((await events.call(scoped)).status).toBe(204);
    },
    async tasks(EventType: string, task = flex.tasks[0], more: Record<string, string> = {}) {
      const named = { TaskSid: task?.sid ?? '', TaskAttributes: JSON.stringify(task?.attributes ?? {}) };
      expect((await events.call(twilioCall('desk-events', { EventType, ...named, ...more }))).status).toBe(204);
    },
    texts: async () => (await table.transcripts.lines(conversationId, 100)).map(({ by, text }) => `${by}: ${text}`),
  };
}

const said = (Body: string, MessageSid: string) => ({
  EventType: 'onMessageAdded',
  Source: 'SDK',
  Author: 'ada_40example_2Ecom',
  Body,
  MessageSid,
});

const IM = (digit: string) => `IM${digit.repeat(32)}`;

test('an agent accepts, writes, leaves for another and ends: the customer has it all once, whatever comes twice (row 15, row 35)', async () => {
  const { tells, tasks, flex, platform, ask, texts } = await scene();
  expect(await ask({ text: 'Are you there?' })).toMatchObject({ paused: true });
  expect(flex.conversations[0]?.messages.map(({ author }) => author.split('-')[0])).toEqual(['bot', 'customer']);
  const worker = { ReservationSid: `WR${'1'.repeat(32)}`, WorkerName: 'ada', WorkerAttributes: '{"full_name":"Ada"}' };
  const [first] = flex.tasks;
  if (!first) throw new Error('no task');
  first.status = 'assigned';
  for (const _ of [1, 2]) await tasks('reservation.accepted', first, worker);
  for (const _ of [1, 2]) await tells(said('Hello', IM('1')));
  // To a colleague: the first task is over, the second one waits.
  const second = { sid: `WT${'2'.repeat(32)}`, status: 'pending', attributes: first.attributes };
  flex.tasks.push(second);
  first.status = 'wrapping';
  await tasks('task.wrapup', first);
  first.status = 'completed';
  await tasks('task.completed', first);
  expect(await ask({ text: 'Still there?' })).toMatchObject({ paused: true });
  second.status = 'assigned';
  await tells(said('I am Bo', IM('2')));
  expect(platform.kinds()).toEqual(['agent', 'message', 'message']);
  for (const _ of [1, 2]) await tells({ EventType: 'onConversationStateUpdated', StateTo: 'closed' });
  second.status = 'completed';
  await tasks('task.completed', second);
  expect(platform.kinds()).toEqual(['agent', 'message', 'message', 'ended']);
  expect(platform.texts()).toEqual(['Hello', 'I am Bo']);
  expect(await ask({ text: 'Bye' })).toMatchObject({ paused: false });
  expect((await texts()).filter((line) => line.startsWith('agent'))).toEqual(['agent: Hello', 'agent: I am Bo']);
  expect(flex.faultsOfForm).toEqual([]);
});

test.for(['workflow.timeout', 'task.canceled', 'task.deleted', 'task.system-deleted'])(
  'nobody took it: the bot is told and has it again, and nothing is left open in Flex: %s',
  async (type) => {
    const { tasks, flex, platform, ask, conversation } = await scene();
    const [task] = flex.tasks;
    if (!task) throw new Error('no task');
    task.status = 'canceled';
    for (const _ of [1, 2]) await tasks(type, task);
    expect(platform.shown.map(({ event }) => event)).toMatchObject([{ kind: 'ended', reason: 'failed' }]);
    expect(conversation?.state).toBe('closed');
    expect(await ask({ text: 'Hello?' })).toMatchObject({ paused: false });
  },
);

test('words of an agent after the end are told back to the agent, once', async () => {
  const { tells, ask, conversation, platform } = await scene();
  await ask({ end: true });
  if (conversation) conversation.state = 'active';
  for (const _ of [1, 2]) await tells(said('Sorry, I was away', IM('1')));
  expect(platform.texts()).toEqual([]);
  expect(conversation?.messages.filter(({ author }) => author === 'handover')).toMatchObject([
    { body: 'Not delivered, the customer does not see it: Sorry, I was away' },
  ]);
});
