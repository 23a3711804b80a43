import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Party } from '../../stage/twins/twilio/voice/party.ts';
import { testSettings } from '../support/calls.ts';
import { FLEX, restApi, type Sent } from './rest-api.ts';

const CONVERSATIONS = 'conversations.twilio.com';
const BASE = `/v1/Services/${FLEX.FLEX_CONVERSATIONS_SERVICE_SID}/Conversations`;
const HOOK = `${testSettings.PUBLIC_BASE_URL}/desk-events?handoverId=h-1`;

/** A conversation with a webhook of its own for these events. */
function listening(...filters: string[]) {
  const api = restApi();
  const post = (path: string, form: Sent['form'], headers: Sent['headers'] = {}) =>
    api.post({ host: CONVERSATIONS, path: `${BASE}${path}`, form: form ?? {}, headers });
  post('', { UniqueName: 'h-1' });
  // The webhook of the service, which an account set up for us has, asks for nothing that happens here.
  const ofService = `/v1/Services/${FLEX.FLEX_CONVERSATIONS_SERVICE_SID}/Configuration/Webhooks`;
  api.post({ host: CONVERSATIONS, path: ofService, form: { Filters: ['onUserAdded'] } });
  const hook = { Target: 'webhook', 'Configuration.Url': HOOK, 'Configuration.Method': 'post' };
  post('/h-1/Webhooks', { ...hook, 'Configuration.Filters': filters });
  const hooked = () => api.asked.filter(({ path }) => path === '/desk-events?handoverId=h-1');
  const agent = (name: string) => ({ name }) as Party;
  return { ...api, rest: post, hooked, agent };
}

const told = { 'x-twilio-webhook-enabled': 'true' };

test('a message is told to the webhook of its conversation, signed, in the form of Twilio', async () => {
  const { rest, hooked } = listening('onMessageAdded');
  rest('/h-1/Participants', { Identity: 'ada' });
  rest('/h-1/Messages', { Author: 'ada', Body: 'Hällo & ☎', Attributes: '{"n":1}' }, told);
  await expect.poll(hooked).toHaveLength(1);
  expect(hooked()[0]).toMatchObject({
    signed: true,
    fields: {
      EventType: 'onMessageAdded',
      AccountSid: testSettings.TWILIO_ACCOUNT_SID,
      ChatServiceSid: FLEX.FLEX_CONVERSATIONS_SERVICE_SID,
      ConversationSid: expect.stringMatching(/^CH/),
      MessageSid: expect.stringMatching(/^IM/),
      ParticipantSid: expect.stringMatching(/^MB/),
      ...{ Index: '0', Author: 'ada', Body: 'Hällo & ☎', Attributes: '{"n":1}', Source: 'API', RetryCount: '0' },
      DateCreated: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    },
  });
});

test('a file is told by its name, type and size', async () => {
  const { flex, hooked } = listening('onMessageAdded');
  const [conversation] = flex.conversations.all();
  const media = [{ sid: `ME${'1'.repeat(32)}`, filename: 'bill.pdf', contentType: 'application/pdf', size: 12 }];
  const by = { source: 'SDK', identity: 'visitor-1', isTold: true } as const;
  if (conversation) flex.conversations.say(conversation, { author: 'visitor-1', body: '', media }, by);
  await expect.poll(hooked).toHaveLength(1);
  const { Media = '', ClientIdentity, Source } = hooked()[0]?.fields ?? {};
  expect([ClientIdentity, Source]).toEqual(['visitor-1', 'SDK']);
  expect(JSON.parse(Media)).toEqual([
    { Sid: media[0]?.sid, Filename: 'bill.pdf', ContentType: 'application/pdf', Size: 12 },
  ]);
});

test('what REST changes is told only where the request says so, and only what was asked for', async () => {
  const { rest, hooked, asked } = listening('onParticipantAdded', 'onConversationStateUpdated');
  rest('/h-1/Participants', { Identity: 'quiet' });
  rest('/h-1/Messages', { Body: 'not asked for' }, told);
  rest('/h-1/Participants', { Identity: 'ada' }, told);
  rest('/h-1', { State: 'closed' }, told);
  await expect.poll(hooked).toHaveLength(2);
  expect(hooked().map(({ fields }) => [fields.EventType, fields.Identity ?? fields.StateTo])).toEqual([
    ['onParticipantAdded', 'ada'],
    ['onConversationStateUpdated', 'closed'],
  ]);
  expect(asked).toHaveLength(2);
});

test('the webhook of the service hears of every conversation', async () => {
  const { rest, post, asked } = listening();
  post({
    host: CONVERSATIONS,
    path: `/v1/Services/${FLEX.FLEX_CONVERSATIONS_SERVICE_SID}/Configuration/Webhooks`,
    form: { PostWebhookUrl: `${testSettings.PUBLIC_BASE_URL}/all`, Filters: ['onConversationAdded', 'onMessageAdded'] },
  });
  rest('', { UniqueName: 'h-2' }, told);
  rest('/h-2/Messages', { Body: 'Hello' }, told);
  await expect
    .poll(() => asked.map(({ path, fields }) => [path, fields.EventType]))
    .toEqual([
      ['/all', 'onConversationAdded'],
      ['/all', 'onMessageAdded'],
    ]);
});

/** A chat of Flex, and the events of its task in the order in which they are told. */
function flexChat() {
  const api = listening('onMessageAdded', 'onParticipantAdded', 'onParticipantRemoved', 'onConversationStateUpdated');
  const channel = { type: 'web', initiated_by: 'customer', properties: { media_channel_sid: 'h-1' } };
  const properties = {
    workspace_sid: FLEX.FLEX_WORKSPACE_SID,
    workflow_sid: FLEX.FLEX_WORKFLOW_SID,
    attributes: { handoverId: 'h-1' },
  };
  const form = { Channel: JSON.stringify(channel), Routing: JSON.stringify({ properties }) };
  api.post({ host: 'flex-api.twilio.com', path: '/v1/Interactions', form });
  const chat = api.flex.agents.find({ handoverId: 'h-1' });
  if (!chat) throw new Error('no chat');
  const accepts = (name: string) => {
    api.engine.tasks.accept(api.agent(name), chat.task.sid);
    api.flex.agents.comes(chat);
  };
  return { ...api, chat, accepts, types: () => api.asked.map(({ fields }) => fields.EventType) };
}

test('a chat from its task to its end is told in the order of Twilio', async () => {
  const { chat, accepts, types, flex, asked } = flexChat();
  accepts('Ada');
  flex.agents.says(chat, 'Hello');
  flex.agents.ends(chat);
  await expect
    .poll(types)
    .toEqual([
      'task.created',
      'workflow.entered',
      'workflow.target-matched',
      'task-queue.entered',
      'reservation.created',
      'reservation.accepted',
      'onParticipantAdded',
      'onMessageAdded',
      'onParticipantRemoved',
      'onConversationStateUpdated',
      'task.wrapup',
      'reservation.wrapup',
      'reservation.completed',
      'task.completed',
    ]);
  expect(asked.every(({ signed }) => signed)).toBe(true);
  const accepted = asked.find(({ fields }) => fields.EventType === 'reservation.accepted');
  expect(accepted).toMatchObject({
    path: '/desk-events',
    fields: {
      WorkspaceSid: FLEX.FLEX_WORKSPACE_SID,
      ResourceType: 'reservation',
      ResourceSid: expect.stringMatching(/^WR/),
      TaskSid: chat.task.sid,
      TaskAssignmentStatus: 'assigned',
      ReservationSid: expect.stringMatching(/^WR/),
      WorkerName: 'ada',
      WorkerSid: expect.stringMatching(/^WK/),
      Timestamp: expect.stringMatching(/^\d{10}$/),
    },
  });
  expect(JSON.parse(accepted?.fields.TaskAttributes ?? '')).toMatchObject({ handoverId: 'h-1' });
  expect(JSON.parse(accepted?.fields.WorkerAttributes ?? '')).toMatchObject({ full_name: 'Ada' });
});

test('a hand-over to another agent is told from its beginning to its end', async () => {
  const { chat, accepts, types, flex, asked } = flexChat();
  accepts('Ada');
  await expect.poll(() => types().at(-1)).toBe('onParticipantAdded');
  asked.length = 0;
  flex.agents.transfers(chat, 'Bo');
  await expect
    .poll(types)
    .toEqual([
      'task.transfer-initiated',
      'reservation.wrapup',
      'reservation.completed',
      'onParticipantRemoved',
      'reservation.created',
      'reservation.accepted',
      'task.transfer-completed',
      'onParticipantAdded',
    ]);
  expect(asked[0]?.fields).toMatchObject({
    ResourceType: 'transfer',
    TransferMode: 'COLD',
    TransferStatus: 'INITIATED',
  });
});

test('who waits in vain is told, and why', async () => {
  const { chat, types, engine, asked } = flexChat();
  engine.tasks.timeOut(chat.task);
  await expect.poll(() => types().slice(4)).toEqual(['workflow.timeout', 'task.canceled']);
  expect(asked.at(-1)?.fields).toMatchObject({
    TaskAssignmentStatus: 'canceled',
    TaskCanceledReason: 'Task canceled on Workflow timeout',
  });
});

test('what waits to be told is not told after a reset', async () => {
  const { accepts, flex, asked } = flexChat();
  accepts('Ada');
  flex.reset();
  // Nothing here waits for anything but promises.
  await setImmediate();
  expect(asked).toEqual([]);
});
