import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import { type AssistantApi, assistantApi, type MessageInput } from '../../shared/bots/watson/voice/assistant-api.ts';
import { inputOf } from '../../shared/bots/watson/voice/message-input.ts';
import { watsonVoiceSettings } from '../../shared/bots/watson/voice/settings.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { stageClock } from '../../stage/clock.ts';
import { eventLog } from '../../stage/events.ts';
import { type FaultMode, plannedFaults } from '../../stage/faults.ts';
import { openWatsonTwin } from '../../stage/twins/watson/twin.ts';
import { watsonTypeFaults } from '../support/watson-types.ts';

const USER = 'haaaaaaaaaaaaaaaa';
const ids = { assistantId: 'assistant-1', environmentId: 'env-1' };
const env: Record<string, string> = {
  WATSON_API_KEY: 'watson-api-key: 0123456789äbcdef',
  WATSON_ENVIRONMENT_ID: ids.environmentId,
  WATSON_ASSISTANT_ID: ids.assistantId,
};

/** What of the vendor's own client is used here. */
interface Sdk {
  createSession(params: object): Promise<{ readonly result: { readonly session_id: string } }>;
  message(params: object): Promise<{ readonly result: Readonly<Record<string, unknown>> }>;
  deleteSession(params: object): Promise<unknown>;
}

const log = eventLog(() => ({}));
const faults = plannedFaults();
const clock = stageClock();
const parts = { log, faults, clock, env: () => env, serves: () => false, sendWebhook: async () => undefined };
let twin: Awaited<ReturnType<typeof openWatsonTwin>>;
let sdk: Sdk;
let own: AssistantApi;
beforeAll(async () => {
  twin = await openWatsonTwin(parts);
  env.WATSON_URL = `${twin.listener.url}/instances/i-1`;
  own = assistantApi(watsonVoiceSettings.read(env, []), sendHttp);
  const load = createRequire(join(root, 'platforms/package.json'));
  const AssistantV2 = load('ibm-watson/assistant/v2');
  const { BasicAuthenticator } = load('ibm-watson/auth');
  sdk = new AssistantV2({
    version: '2024-08-25',
    serviceUrl: env.WATSON_URL,
    authenticator: new BasicAuthenticator({ username: 'apikey', password: env.WATSON_API_KEY }),
    proxy: false,
  });
});
afterAll(() => twin.listener.close());
beforeEach(() => {
  twin.reset();
  faults.reset();
  log.clear();
});

const deadline = () => startDeadline(systemClock, 3_000);
const headers = { 'X-Watson-Metadata': `customer_id=${USER}` };
const context = { global: { system: { user_id: USER } }, integrations: { voice_telephony: {} } };

const inputs: readonly MessageInput[] = [
  inputOf({ is: 'start' }),
  inputOf({ is: 'words', text: 'my order, ä & "ö"', confidence: 1 }),
  inputOf({ is: 'keys', keys: '4711#' }),
  inputOf({ is: 'choice', title: 'Cancel', value: '{"text":"cancel","suggestion_id":"s","intents":[{"intent":"x"}]}' }),
  inputOf({ is: 'words', text: 'send me the link', confidence: 1 }),
  inputOf({ is: 'words', text: 'my invoice', confidence: 1 }),
  inputOf({ is: 'words', text: 'an agent', confidence: 1 }),
  inputOf({ is: 'words', text: 'goodbye', confidence: 1 }),
];

/** What went over the wire, with the session under one name. */
const requests = (session: string) =>
  log.all().map(({ method, url, headers, body }) => ({
    method,
    url: url.replace(session, 'SESSION'),
    body: body === '' ? undefined : JSON.parse(body),
    authorization: headers.authorization,
    accept: headers.accept,
    type: headers['content-type'],
    label: headers['x-watson-metadata'],
  }));

async function withSdk() {
  const { session_id: sessionId } = (await sdk.createSession(ids)).result;
  const results: Readonly<Record<string, unknown>>[] = [];
  for (const input of inputs)
    results.push((await sdk.message({ ...ids, sessionId, input, context, userId: USER, headers })).result);
  await sdk.deleteSession({ ...ids, sessionId });
  return { sessionId, results };
}

async function withOwn() {
  const sessionId = await own.open(deadline());
  const answers: unknown[] = [];
  for (const input of inputs) answers.push(await own.say(sessionId, { input, userId: USER }, deadline()));
  await own.close(sessionId, deadline());
  return { sessionId, answers };
}

test('the same conversation by the vendor’s client is the same requests, and the same answers', async () => {
  const theirs = await withSdk();
  const theirRequests = requests(theirs.sessionId);
  log.clear();
  const ours = await withOwn();
  expect(requests(ours.sessionId)).toEqual(theirRequests);
  expect(theirRequests).toHaveLength(2 + inputs.length);
  const generics = theirs.results.map(({ output }) => Object(output).generic);
  expect(ours.answers.map((answer) => Object(answer).generic)).toEqual(generics);
  expect(twin.requests['GET /_stage/watson/sessions']?.(undefined as never)).toEqual([]);
});

describe('what the vendor’s client takes for a fault', () => {
  async function both(use: (client: 'sdk' | 'own') => Promise<unknown>) {
    const failure = (error: unknown) => error as { readonly status?: number; readonly kind?: string };
    const theirs = await use('sdk').then(() => undefined, failure);
    const ours = await use('own').then((answer) => ({ kind: String(answer) }), failure);
    return [theirs?.status, ours.kind];
  }
  const says = (sessionId: string) =>
    both((client) => {
      const input = inputOf({ is: 'words', text: 'hello', confidence: 1 });
      if (client === 'own') return own.say(sessionId, { input, userId: USER }, deadline());
      return sdk.message({ ...ids, sessionId, input });
    });
  const opens = () => both((client) => (client === 'own' ? own.open(deadline()) : sdk.createSession(ids)));

  test('is one here: an unknown session, one that was deleted, one in which nothing was said for long', async () => {
    expect(await says('none')).toEqual([404, 'undefined']);
    const sessionId = await own.open(deadline());
    await own.close(sessionId, deadline());
    expect(await says(sessionId)).toEqual([404, 'undefined']);
    const old = await own.open(deadline());
    clock.moveBy(6 * 60_000);
    expect(await says(old)).toEqual([404, 'undefined']);
  });

  test.for([
    ['429', 429, 'unreachable'],
    ['500', 500, 'unknown'],
    ['503', 503, 'unreachable'],
  ] as const)('is one here: %s', async ([mode, status, kind]) => {
    const sessionId = await own.open(deadline());
    faults.plan('watson', mode as FaultMode);
    expect(await says(sessionId)).toEqual([status, kind]);
    expect(await opens()).toEqual([status, 'unreachable']);
  });

  test('is one here: a wrong key, a wrong environment', async () => {
    const { WATSON_API_KEY: key = '', WATSON_ENVIRONMENT_ID: environment = '' } = env;
    env.WATSON_API_KEY = 'another';
    expect(await opens()).toEqual([401, 'refused']);
    Object.assign(env, { WATSON_API_KEY: key, WATSON_ENVIRONMENT_ID: 'env-2' });
    expect(await opens()).toEqual([404, 'refused']);
    env.WATSON_ENVIRONMENT_ID = environment;
  });
});

/** The type by which the vendor's package describes a response. */
const typeOf = (item: { readonly response_type: string }) =>
  `RuntimeResponseGenericRuntimeResponseType${item.response_type.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase())}`;

describe('the types of ibm-watson', () => {
  const typeFaults = watsonTypeFaults('v2');

  test('take what we send and what the twin answers', async () => {
    const { results } = await withSdk();
    const items = results.flatMap(({ output }) => Object(output).generic);
    const values = [
      ...log
        .all()
        .filter(({ url }) => url.includes('/message'))
        .map(({ body }) => {
          const { input, context: sent, user_id: userId } = JSON.parse(body);
          return ['MessageParams', { ...ids, sessionId: 's', input, context: sent, userId }] as const;
        }),
      ...results.map((result) => ['StatefulMessageResponse', result] as const),
      ...items.map((item) => [typeOf(item), item] as const),
    ];
    expect(new Set(items.map(typeOf)).size).toBeGreaterThan(5);
    expect(await typeFaults(values)).toEqual([]);
  });

  test('refuse a field of another name', async () => {
    const faulty = await typeFaults([
      ['MessageParams', { ...ids, sessionId: 's', input: { messageType: 'text' } }],
      ['SessionResponse', { sessionId: 's' }],
      [typeOf({ response_type: 'pause' }), { response_type: 'pause', pause: 1 }],
    ]);
    expect(faulty).toHaveLength(3);
  });
});
