import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openApiAnswerFaults, openApiFaults } from '../support/twilio-openapi.ts';
import { encoded, FLEX, restApi, type Sent } from './rest-api.ts';

const CONVERSATIONS = 'conversations.twilio.com';
const FLEX_API = 'flex-api.twilio.com';
const TASKROUTER = 'taskrouter.twilio.com';
const SERVICE = `/v1/Services/${FLEX.FLEX_CONVERSATIONS_SERVICE_SID}`;
const WORKSPACE = `/v1/Workspaces/${FLEX.FLEX_WORKSPACE_SID}`;

type Answered = { readonly status: number; readonly body: Record<string, unknown> };

/** The API of an account, whose every answer is looked at by what Twilio publishes. */
function account() {
  const api = restApi();
  function ask(method: string, host: string, path: string, form?: Sent['form']): Answered {
    const { status, body } = api.post({ method, host, path, ...(form && { form }) });
    expect([path, openApiAnswerFaults({ method, host, path }, status, body)]).toEqual([path, []]);
    return { status, body: Object(body) };
  }
  const routing = {
    properties: {
      workspace_sid: FLEX.FLEX_WORKSPACE_SID,
      workflow_sid: FLEX.FLEX_WORKFLOW_SID,
      task_channel_unique_name: 'chat',
      attributes: { handoverId: 'h-1', skills: ['billing'] },
    },
  };
  const channel = (sid: unknown) => ({
    type: 'web',
    initiated_by: 'customer',
    properties: { media_channel_sid: sid },
  });
  return {
    ...api,
    ask,
    routing,
    conversation: (form: Sent['form'] = {}) => ask('POST', CONVERSATIONS, `${SERVICE}/Conversations`, form).body,
    interaction(conversationSid: unknown) {
      const form = { Channel: JSON.stringify(channel(conversationSid)), Routing: JSON.stringify(routing) };
      return ask('POST', FLEX_API, '/v1/Interactions', form).body;
    },
  };
}

describe.for([SERVICE, '/v1'])('conversations below %s', (base) => {
  const at = (name: unknown, below = '') => `${base}/Conversations/${name}${below}`;

  test('one is made, found by SID and by name, changed, listed and closed', () => {
    const { ask } = account();
    const form = { UniqueName: 'h-1', Attributes: '{"a":1}', FriendlyName: 'Chat' };
    const { body } = ask('POST', CONVERSATIONS, `${base}/Conversations`, form);
    expect(body).toMatchObject({ unique_name: 'h-1', state: 'active', attributes: '{"a":1}' });
    expect(ask('GET', CONVERSATIONS, at('h-1')).body).toEqual(body);
    expect(ask('GET', CONVERSATIONS, at(body.sid)).body).toEqual(body);
    expect(ask('GET', CONVERSATIONS, `${base}/Conversations`).body.conversations).toEqual([body]);
    expect(ask('POST', CONVERSATIONS, at('h-1'), { State: 'inactive' }).body).toMatchObject({ state: 'inactive' });
    expect(ask('POST', CONVERSATIONS, at('h-1'), { State: 'closed' }).body).toMatchObject({ state: 'closed' });
  });

  test('people come, are found by name, change and go', () => {
    const { ask, conversation } = account();
    const { sid } = conversation();
    const { body } = ask('POST', CONVERSATIONS, at(sid, '/Participants'), { Identity: 'visitor-1', Attributes: '{}' });
    expect(body).toMatchObject({ identity: 'visitor-1', messaging_binding: null, last_read_message_index: null });
    ask('POST', CONVERSATIONS, at(sid, '/Participants'), { 'MessagingBinding.Address': '+15005550006' });
    const own = at(sid, `/Participants/${body.sid}`);
    expect(ask('POST', CONVERSATIONS, own, { LastReadMessageIndex: '3' }).body.last_read_message_index).toBe(3);
    expect(ask('GET', CONVERSATIONS, at(sid, '/Participants')).body.participants).toHaveLength(2);
    expect(ask('DELETE', CONVERSATIONS, own).status).toBe(204);
    expect(ask('GET', CONVERSATIONS, at(sid, '/Participants')).body.participants).toHaveLength(1);
  });

  test('messages have their places, and are listed in either order', () => {
    const { ask, conversation } = account();
    const { sid } = conversation();
    const say = (form: Sent['form']) => ask('POST', CONVERSATIONS, at(sid, '/Messages'), form).body;
    expect(say({ Author: 'bot', Body: 'Hello', Attributes: '{"n":1}' })).toMatchObject({ index: 0, author: 'bot' });
    expect(say({ Body: 'Bye' })).toMatchObject({ index: 1, author: 'system', participant_sid: null });
    const listed = (query: string) =>
      (ask('GET', CONVERSATIONS, at(sid, `/Messages?${query}`)).body.messages as { body: string }[]).map(
        (one) => one.body,
      );
    expect([listed('Order=asc'), listed('Order=desc&PageSize=1')]).toEqual([['Hello', 'Bye'], ['Bye']]);
  });

  test('five webhooks and no more', () => {
    const { ask, post, conversation } = account();
    const { sid } = conversation();
    const form = {
      Target: 'webhook',
      'Configuration.Url': 'https://handover.example.com/desk-events?handoverId=h-1',
      'Configuration.Method': 'post',
      'Configuration.Filters': ['onMessageAdded', 'onParticipantAdded'],
    };
    const path = at(sid, '/Webhooks');
    const made = [1, 2, 3, 4, 5].map(() => ask('POST', CONVERSATIONS, path, form).body);
    expect(made[0]).toMatchObject({ target: 'webhook', configuration: { url: form['Configuration.Url'] } });
    expect(post({ host: CONVERSATIONS, path, form })).toMatchObject({ status: 400, body: { code: 50361 } });
    const moved = { 'Configuration.Url': 'https://handover.example.com/other' };
    expect(ask('POST', CONVERSATIONS, `${path}/${made[1]?.sid}`, moved).body).toMatchObject({
      configuration: { url: moved['Configuration.Url'], filters: form['Configuration.Filters'] },
    });
    expect(ask('DELETE', CONVERSATIONS, `${path}/${made[0]?.sid}`).status).toBe(204);
    expect(ask('GET', CONVERSATIONS, path).body.webhooks).toHaveLength(4);
  });
});

test('an interaction brings a conversation to Flex, as a task, and its channel ends both', () => {
  const { ask, conversation, interaction, flex, engine } = account();
  const { sid } = conversation({ UniqueName: 'h-1' });
  const begun = interaction(sid);
  const attributes = JSON.parse((begun.routing as { properties: { attributes: string } }).properties.attributes);
  expect(attributes).toMatchObject({
    ...{ handoverId: 'h-1', conversationSid: sid, flexInteractionSid: begun.sid, channelType: 'web' },
    conversations: { conversation_id: begun.sid },
  });
  expect(ask('GET', FLEX_API, `/v1/Interactions/${begun.sid}`).body).toEqual(begun);
  const channels = ask('GET', FLEX_API, `/v1/Interactions/${begun.sid}/Channels`).body.channels as { sid: string }[];
  expect(channels).toMatchObject([{ status: 'active', type: 'web' }]);
  const channel = `/v1/Interactions/${begun.sid}/Channels/${channels[0]?.sid}`;
  expect(ask('POST', FLEX_API, channel, { Status: 'closed', Routing: '{"status":"closed"}' }).body.status).toBe(
    'closed',
  );
  expect(flex.conversations.find('h-1')?.state).toBe('closed');
  expect(engine.tasks.all()).toMatchObject([{ state: 'canceled' }]);
});

test('an agent is invited, and hands over to another by a transfer', () => {
  const { ask, post, conversation, interaction, engine, flex, routing } = account();
  const begun = interaction(conversation().sid);
  const [first] = engine.tasks.all();
  if (first) engine.tasks.close(first.sid, 'canceled');
  const channel = `/v1/Interactions/${begun.sid}/Channels/${flex.interactions.all()[0]?.channelSid}`;
  ask('POST', FLEX_API, `${channel}/Invites`, { Routing: JSON.stringify(routing) });
  engine.tasks.accept({ name: 'Ada' } as Parameters<typeof engine.tasks.accept>[0]);
  const chat = flex.agents.find({});
  if (chat) flex.agents.comes(chat);
  const names = () => flex.conversations.all()[0]?.participants.map(({ identity }) => identity);
  expect(names()).toEqual(['ada']);
  const transfer = { host: FLEX_API, path: `${channel}/Transfers`, headers: { 'content-type': 'application/json' } };
  expect(post({ ...transfer, body: '{"type":"cold"}' })).toMatchObject({ status: 400, body: { code: 20001 } });
  const { status, body } = post({ ...transfer, body: '{"type":"cold","to":"Bo"}' });
  expect(openApiAnswerFaults({ ...transfer, method: 'POST' }, status, body)).toEqual([]);
  expect(names()).toEqual(['bo']);
});

test('tasks are looked up by their attributes, changed, and ended; the conversation of a canceled one stays open', () => {
  const { ask, conversation, interaction, flex } = account();
  const { sid } = conversation();
  interaction(sid);
  interaction(conversation().sid);
  const by = (query: Record<string, string>) =>
    ask('GET', TASKROUTER, `${WORKSPACE}/Tasks?${new URLSearchParams(query)}`).body.tasks as Record<string, string>[];
  const found = by({ EvaluateTaskAttributes: `conversationSid == "${sid}"`, Ordering: 'DateCreated:desc' });
  expect(found).toMatchObject([{ assignment_status: 'pending', task_channel_unique_name: 'chat' }]);
  expect(by({ EvaluateTaskAttributes: 'handoverId == "h-1"' })).toHaveLength(2);
  expect(by({ EvaluateTaskAttributes: 'handoverId == "h-2"' })).toEqual([]);
  expect(by({ AssignmentStatus: 'assigned' })).toEqual([]);
  const path = `${WORKSPACE}/Tasks/${found[0]?.sid}`;
  expect(ask('POST', TASKROUTER, path, { Priority: '5', Attributes: '{"a":1}' }).body).toMatchObject({
    priority: 5,
    attributes: '{"a":1}',
  });
  ask('POST', TASKROUTER, path, { AssignmentStatus: 'canceled', Reason: 'by hand' });
  expect(ask('GET', TASKROUTER, path).body).toMatchObject({ assignment_status: 'canceled', reason: 'by hand' });
  expect(flex.conversations.find(String(sid))?.state).toBe('active');
});

test('the workspace and the service say where their events go', () => {
  const { ask } = account();
  const url = 'https://handover.example.com/events';
  expect(ask('GET', TASKROUTER, WORKSPACE).body.event_callback_url).toMatch(/\/desk-events$/);
  expect(ask('POST', TASKROUTER, WORKSPACE, { EventCallbackUrl: url }).body.event_callback_url).toBe(url);
  const hooks = `${SERVICE}/Configuration/Webhooks`;
  const form = { PostWebhookUrl: url, Filters: ['onMessageAdded'], Method: 'POST' };
  const atFirst = { post_webhook_url: expect.stringMatching(/\/desk-events$/), filters: expect.any(Array) };
  expect(ask('GET', CONVERSATIONS, hooks).body).toMatchObject(atFirst);
  expect(ask('GET', CONVERSATIONS, '/v1/Configuration/Webhooks').body).toMatchObject({ post_webhook_url: null });
  expect(ask('POST', CONVERSATIONS, hooks, form).body).toMatchObject({
    post_webhook_url: url,
    filters: ['onMessageAdded'],
  });
});

const missing = `CH${'f'.repeat(32)}`;
const form = (properties: object) => ({ Channel: JSON.stringify(properties) });

test.for([
  ['a name that is taken', `${SERVICE}/Conversations`, { UniqueName: 'h-1' }, 409, 50353],
  ['a conversation that begins closed', `${SERVICE}/Conversations`, { State: 'closed' }, 400, 50384],
  ['attributes that are no JSON', `${SERVICE}/Conversations`, { Attributes: '{' }, 400, 20001],
  ['attributes that are too long', `${SERVICE}/Conversations`, { Attributes: `"${'x'.repeat(16_384)}"` }, 400, 20001],
  ['a message that is too long', `${SERVICE}/Conversations/h-1/Messages`, { Body: 'x'.repeat(32_769) }, 400, 50504],
  ['somebody who is in already', `${SERVICE}/Conversations/h-1/Participants`, { Identity: 'a' }, 409, 50433],
  ['nobody', `${SERVICE}/Conversations/h-1/Participants`, {}, 400, 20001],
  ['a conversation that is not there', `${SERVICE}/Conversations/${missing}/Messages`, { Body: 'x' }, 404, 20404],
  ['another service', `/v1/Services/IS${'f'.repeat(32)}/Conversations`, {}, 404, 20404],
  ['a message after the end', `${SERVICE}/Conversations/closed/Messages`, { Body: 'x' }, 400, 50377],
  ['an end after the end', `${SERVICE}/Conversations/closed`, { State: 'closed' }, 400, 50377],
] as const)('%s is refused as Twilio refuses it', ([, path, sent, status, code]) => {
  const { conversation, post, ask } = account();
  conversation({ UniqueName: 'h-1' });
  ask('POST', CONVERSATIONS, `${SERVICE}/Conversations/h-1/Participants`, { Identity: 'a' });
  conversation({ UniqueName: 'closed' });
  ask('POST', CONVERSATIONS, `${SERVICE}/Conversations/closed`, { State: 'closed' });
  expect(post({ host: CONVERSATIONS, path, form: sent })).toMatchObject({ status, body: { code, status } });
});

test.for([
  ['no channel', {}, 400],
  ['a channel that is none', { Channel: '{' }, 400],
  ['a channel of an unknown type', form({ type: 'fax', initiated_by: 'api', properties: {} }), 400],
  [
    'a conversation that is not there',
    form({ type: 'web', initiated_by: 'api', properties: { media_channel_sid: missing } }),
    404,
  ],
] as const)('an interaction with %s is refused', ([, sent, status]) => {
  const { post } = account();
  expect(post({ host: FLEX_API, path: '/v1/Interactions', form: sent })).toMatchObject({ status });
});

test('a conversation is in one interaction at a time, and a closed one in none', () => {
  const { conversation, interaction, post, ask } = account();
  const { sid } = conversation({ UniqueName: 'h-1' });
  interaction(sid);
  const again = form({ type: 'web', initiated_by: 'api', properties: { media_channel_sid: sid } });
  expect(post({ host: FLEX_API, path: '/v1/Interactions', form: again }).status).toBe(409);
  const other = conversation({ UniqueName: 'h-2' });
  ask('POST', CONVERSATIONS, `${SERVICE}/Conversations/h-2`, { State: 'closed' });
  const late = form({ type: 'web', initiated_by: 'api', properties: { media_channel_sid: other.sid } });
  expect(post({ host: FLEX_API, path: '/v1/Interactions', form: late })).toMatchObject({ body: { code: 45354 } });
});

describe('the twin and the published specification agree', () => {
  /** What the specification says nothing of: what is there, what is in JSON. */
  const specAllows = new Set([20404, 50353, 50384, 50433, 50377]);
  const values: Readonly<Record<string, readonly string[]>> = {
    UniqueName: ['h-9'],
    State: ['active', 'asleep'],
    MessagingServiceSid: [`MG${'0'.repeat(32)}`, 'MG1'],
    DateCreated: ['2026-01-01T00:00:00Z', 'today'],
    'Timers.Inactive': ['PT1H'],
    Identity: ['visitor-1'],
    RoleSid: [`RL${'0'.repeat(32)}`, 'RL1'],
    LastReadMessageIndex: ['2', 'two'],
    Author: ['bot'],
    Body: ['Hello'],
    MediaSid: [`ME${'0'.repeat(32)}`, 'x'],
    Target: ['webhook', 'fax'],
    'Configuration.Method': ['post', 'POST', 'put'],
    'Configuration.Filters': ['onMessageAdded'],
    'Configuration.ReplayAfter': ['0', 'x'],
    Colour: ['blue'],
  };
  const targets = ['', '/h-1', '/h-1/Messages', '/h-1/Participants', '/h-1/Webhooks'];

  test.for(targets)('about what is posted to Conversations%s', (below) => {
    const { post, conversation } = account();
    conversation({ UniqueName: 'h-1' });
    const path = `${SERVICE}/Conversations${below}`;
    const parameters = fc
      .constantFrom(...Object.keys(values))
      .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(values[name] ?? ['']))));
    const base: Record<string, string> = below.endsWith('Participants')
      ? { 'MessagingBinding.Address': '+15005550006' }
      : {};
    fc.assert(
      fc.property(fc.array(parameters, { maxLength: 3 }), (extra) => {
        const sent = { ...base, ...Object.fromEntries(extra) };
        const { status, body } = post({ host: CONVERSATIONS, path, form: sent });
        const code = Object(body).code as number | undefined;
        const faults = openApiFaults({ method: 'POST', host: CONVERSATIONS, path, body: encoded(sent) });
        const refused = status >= 400 && !specAllows.has(code ?? 0) && code !== 50361;
        // What is refused for another reason says nothing.
        if (status >= 400 && !refused) return;
        expect([refused, sent, faults]).toEqual([faults.length > 0, sent, faults]);
      }),
      { numRuns: 60 },
    );
  });
});
