import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkChatWebhook } from '../../scripts/doctor/chat-webhook.ts';
import type { Env } from '../../shared/core/settings.ts';
import { FLEX, type RestServer, type Sent, startRestApi } from '../stage/rest-api.ts';
import { testSettings } from '../support/calls.ts';
import { type Recorded, startRecordingServer } from '../support/recording-server.ts';
import { openApiFaults } from '../support/twilio-openapi.ts';

const HOST = 'conversations.twilio.com';
const SERVICE = `/v1/Services/${FLEX.FLEX_CONVERSATIONS_SERVICE_SID}/Configuration/Webhooks`;
const OURS = `${testSettings.PUBLIC_BASE_URL}/desk-events`;

/** As Twilio shows that nobody is called. */
const none = { pre_webhook_url: null, post_webhook_url: null, filters: null, method: null };

let twilio: RestServer;
beforeEach(async () => {
  twilio = await startRestApi();
});
afterEach(() => twilio.close());

const settings = (url: string): Env => ({ ...testSettings, ...FLEX, TWILIO_API_BASE_URL: url });

/** What is said where the service was set up like this. */
async function faultsWith(form: Sent['form'], env: Env = {}) {
  if (form) twilio.post({ host: HOST, path: SERVICE, form });
  const check = await checkChatWebhook({ ...settings(twilio.url), ...env });
  return check?.faults;
}

/** What is said where Twilio answers something else. */
async function faultsFrom(answer: (request: Recorded) => readonly [number, unknown], env: Env = {}) {
  const server = await startRecordingServer(answer);
  try {
    const check = await checkChatWebhook({ ...settings(server.url), ...env });
    return { faults: check?.faults, requests: server.requests };
  } finally {
    await server.close();
  }
}

test('a service whose events come to us is well', async () => {
  expect(await faultsWith(undefined)).toEqual([]);
  expect(await faultsWith({ PostWebhookUrl: `${OURS}#rc=2` })).toEqual([]);
});

test('where nobody is told it says where to set it, to what, and what happens until then', async () => {
  expect((await faultsFrom(() => [200, none])).faults).toEqual([
    expect.stringMatching(
      /^nobody is called: set .*Console > Conversations > Services > Webhooks.* to \{PUBLIC_BASE_URL\}\/desk-events; .*ends after PAUSE_MINUTES/,
    ),
  ]);
});

test.for(['https://crm.example.com/hook?key=secret', `${testSettings.PUBLIC_BASE_URL}/flex-token`])(
  'that %s is told is a fault, and the address is not said',
  async (url) => {
    const faults = await faultsWith({ PostWebhookUrl: url });
    expect(faults).toEqual([expect.stringMatching(/^another address is called: set /)]);
    expect(String(faults)).not.toContain('example.com');
  },
);

test('events that are not told are named, and a method that nobody answers', async () => {
  expect(await faultsWith({ Filters: ['onMessageAdded', 'onUserAdded'], Method: 'GET' })).toEqual([
    'it is not told of onParticipantRemoved, onConversationStateUpdated: choose these events as well',
    'it is called by GET: set its method to POST',
  ]);
});

test('an address of its own in FUNCTION_URLS is the one that must be called', async () => {
  const FUNCTION_URLS = '{"desk-events":"https://desk.example.com/events"}';
  expect(await faultsWith(undefined, { FUNCTION_URLS })).toHaveLength(1);
  expect(await faultsWith({ PostWebhookUrl: 'https://desk.example.com/events' }, { FUNCTION_URLS })).toEqual([]);
});

test('where only the platform knows the address, any desk-events is taken for ours', async () => {
  expect(await faultsWith(undefined, { PUBLIC_BASE_URL: '' })).toEqual([]);
  expect(await faultsWith({ PostWebhookUrl: 'https://crm.example.com' }, { PUBLIC_BASE_URL: '' })).toHaveLength(1);
});

test.for(['genesys', 'servicenow'])(
  'with DESK=%s the webhook must call another desk-events than ours',
  async (DESK) => {
    expect(await faultsWith({ PostWebhookUrl: OURS }, { DESK })).toEqual([
      expect.stringMatching(/^with this DESK .*to that of a desk-events that is deployed without DESK;/),
    ]);
    expect(await faultsWith({ PostWebhookUrl: 'https://chats.example.com/desk-events' }, { DESK })).toEqual([]);
    expect((await faultsFrom(() => [200, none], { DESK })).faults).toHaveLength(1);
  },
);

test('a service without a webhook has that of the account', async () => {
  const events = ['onMessageAdded', 'onParticipantRemoved', 'onConversationStateUpdated'];
  const ofAccount = { ...none, post_webhook_url: OURS, filters: events, method: 'POST' };
  const { faults, requests } = await faultsFrom(({ path }) => [200, path.includes('IS') ? none : ofAccount]);
  expect(faults).toEqual([]);
  const sent = requests.map(({ method, path, body, headers }) => ({
    ...{ method, path, body },
    host: String(headers['x-twilio-host']),
  }));
  expect(sent.map(({ path }) => path)).toEqual([SERVICE, '/v1/Configuration/Webhooks']);
  expect(sent.flatMap(openApiFaults)).toEqual([]);
  // A service with any webhook of its own is told nothing by the account's.
  const own = { ...none, pre_webhook_url: 'https://crm.example.com/hook' };
  expect((await faultsFrom(({ path }) => [200, path.includes('IS') ? own : ofAccount])).faults).toHaveLength(1);
});

test('a key that is refused, a service that is not there and a Twilio that is away are told apart', async () => {
  expect((await faultsFrom(() => [401, { code: 20003 }])).faults).toEqual([
    'Twilio refuses to tell (401): look at TWILIO_API_KEY and TWILIO_API_SECRET',
  ]);
  expect((await faultsFrom(() => [404, { code: 20404 }])).faults).toEqual([
    'the account has no service FLEX_CONVERSATIONS_SERVICE_SID',
  ]);
  expect((await faultsFrom(() => [503, {}])).faults).toEqual(['Twilio cannot be asked']);
});

test('where no web chats are set up nothing is asked', async () => {
  expect(await faultsWith(undefined, { FLEX_CONVERSATIONS_SERVICE_SID: '' })).toBeUndefined();
  expect(twilio.requests).toEqual([]);
});
