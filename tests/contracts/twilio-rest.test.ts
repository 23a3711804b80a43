import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CodeByText } from '../../shared/core/call/code-by-text.ts';
import { startDeadline } from '../../shared/core/deadline.ts';
import type { SendHttp } from '../../shared/core/http.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { type Conversations, conversationsBy } from '../../shared/twilio/conversations.ts';
import { hangUpBy } from '../../shared/twilio/hang-up.ts';
import { type Interactions, interactionsBy } from '../../shared/twilio/interactions.ts';
import { placeCallBy } from '../../shared/twilio/place-call.ts';
import { queueCallBackBy } from '../../shared/twilio/queue-call-back.ts';
import { twilioRest } from '../../shared/twilio/rest.ts';
import { sendTextBy } from '../../shared/twilio/send-text.ts';
import { readTaskQueue } from '../../shared/twilio/task-queue-statistics.ts';
import { findTasksBy } from '../../shared/twilio/tasks.ts';
import { codeByText } from '../../shared/twilio/verify.ts';
import { beginWebChat } from '../../shared/twilio/web-chats.ts';
import { testSettings } from '../support/calls.ts';
import { openApiFaults, type TwilioRequest } from '../support/twilio-openapi.ts';

const settings = {
  ...testSettings,
  TWILIO_API_BASE_URL: undefined,
  urls: { of: (name: string) => `https://handover.example.com/${name}` },
};

const answered = { sid: 'CA00000000000000000000000000000001', total_available_workers: 1 };

/** What a call to Twilio puts on the wire. */
async function sentBy(work: (send: SendHttp) => Promise<unknown>): Promise<TwilioRequest> {
  const sent: TwilioRequest[] = [];
  await work(async ({ method, url, body = '' }) => {
    const { host, pathname, search } = new URL(url);
    sent.push({ method, host, path: pathname + search, body });
    return { status: 201, headers: {}, body: JSON.stringify(answered) };
  });
  const [request] = sent;
  // Once more where the answer is not what was expected and repeating it is harmless.
  if (!request || sent.some((one) => JSON.stringify(one) !== JSON.stringify(request)))
    throw new Error('no one request');
  return request;
}

const handoverId = 'haaaaaaaaaaaaaaaa';
const WORKSPACE = 'WS00000000000000000000000000000001';

const deadline = () => startDeadline(systemClock, 6_000);

const placed = () =>
  sentBy((send) =>
    placeCallBy(settings, send)(
      {
        requestId: 'raaaaaaaaaaaaaaaa',
        phone: '+15005550006',
        handoverId,
        queue: 'claims & co',
        language: 'de',
        maxMinutes: 60,
      },
      deadline(),
    ),
  );

const chatBegun = () =>
  sentBy((send) =>
    beginWebChat(
      twilioRest(settings, send),
      { FLEX_ADDRESS_SID: 'IG00000000000000000000000000000001' },
      { identity: 'visitor-1', friendlyName: 'Ada', context: '{"topic":"invoice"}' },
      deadline(),
    ).catch(() => undefined),
  );

const hungUp = () => sentBy((send) => hangUpBy(settings, send)('CA00000000000000000000000000000001', deadline()));

const queueRead = () =>
  sentBy((send) =>
    readTaskQueue(twilioRest(settings, send), {
      workspaceSid: WORKSPACE,
      taskQueueSid: 'WQ00000000000000000000000000000001',
    })(deadline()),
  );

const texted = () =>
  sentBy((send) =>
    sendTextBy(settings, send)({ to: '+15005550008', from: '+15005550010', text: 'Ada is calling' }, deadline()),
  );

const queued = () =>
  sentBy(async (send) => {
    const flex = {
      FLEX_WORKSPACE_SID: `WS${'1'.repeat(32)}`,
      FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}`,
      FLEX_TASK_CHANNEL: 'voice',
    };
    const attributes = { handoverId: 'haaaaaaaaaaaaaaaa', name: 'Ada "</Task>', topic: undefined };
    await queueCallBackBy({ ...settings, ...flex }, send)?.({ attributes, sinceMs: 1_767_225_600_000 }, deadline());
  });

const SID = (kind: string) => `${kind}${'1'.repeat(32)}`;
const CONVERSATION = SID('CH');

const conversationsDo = (work: (conversations: Conversations) => Promise<unknown>) => () =>
  sentBy((send) => work(conversationsBy(twilioRest(settings, send), SID('IS'))));

const interactionsDo = (work: (interactions: Interactions) => Promise<unknown>) => () =>
  sentBy((send) => work(interactionsBy(twilioRest(settings, send))));

const tasksFound = () =>
  sentBy((send) => findTasksBy(twilioRest(settings, send), WORKSPACE)('handoverId', handoverId, deadline()));

const codesDo = (work: (codes: CodeByText) => Promise<unknown>) => () =>
  sentBy(async (send) => {
    const codes = codeByText({ verify: { ...settings, VERIFY_SERVICE_SID: SID('VA') } }, send, 'de-DE');
    await (codes && work(codes));
  });

const routing = {
  workspaceSid: WORKSPACE,
  workflowSid: SID('WW'),
  queueSid: SID('WQ'),
  taskChannel: 'chat',
  attributes: { handoverId },
};
const message = { author: 'bot', body: 'Hello', attributes: { handoverId } };
const url = 'https://handover.example.com/desk-events?handoverId=haaaaaaaaaaaaaaaa';

const requests = [
  ['making a conversation', conversationsDo((own) => own.create(handoverId, { handoverId }, deadline()))],
  ['finding a conversation by its name', conversationsDo((own) => own.read(handoverId, deadline()))],
  ['closing a conversation', conversationsDo((own) => own.close(CONVERSATION, deadline()))],
  ['putting somebody in', conversationsDo((own) => own.join(CONVERSATION, 'visitor-1', {}, deadline()))],
  ['hearing of a conversation', conversationsDo((own) => own.listen(CONVERSATION, url, deadline()))],
  ['hearing of it elsewhere', conversationsDo((own) => own.move(CONVERSATION, SID('WH'), url, deadline()))],
  ['looking who hears of it', conversationsDo((own) => own.webhooks(CONVERSATION, deadline()))],
  ['adding a message', conversationsDo((own) => own.add(CONVERSATION, message, deadline()))],
  ['reading the newest messages', conversationsDo((own) => own.newest(CONVERSATION, deadline()))],
  ['bringing a conversation to agents', interactionsDo((own) => own.create(CONVERSATION, routing, deadline()))],
  ['looking at an interaction', interactionsDo((own) => own.channels(SID('KD'), deadline()))],
  ['closing an interaction', interactionsDo((own) => own.close(SID('KD'), SID('UO'), deadline()))],
  ['finding tasks', tasksFound],
  ['queueing a call-back', queued],
  ['sending a text', texted],
  ['placing a call', placed],
  ['hanging up', hungUp],
  ['beginning a web chat', chatBegun],
  ['reading a task queue', queueRead],
  ['sending a code', codesDo((codes) => codes.send('+15005550006', deadline()))],
  ['checking a code', codesDo((codes) => codes.check('+15005550006', '123456', deadline()))],
] as const;

const ASKS = /\b(?:rest|twilio)\.(?:create|update|read)\(/g;

/** Every place in the sources where something is asked of Twilio. */
function placesThatAsk(): readonly string[] {
  const shared = fileURLToPath(new URL('../../shared/', import.meta.url));
  const files = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => readFileSync(join(shared, file), 'utf8').match(ASKS) ?? []);
}

describe("Twilio's published OpenAPI", () => {
  it('is asked about every request that the sources can make', () => {
    expect(placesThatAsk()).toHaveLength(requests.length);
  });

  it.each(requests)('takes the request for %s', async (_, request) => {
    expect(openApiFaults(await request())).toEqual([]);
  });

  it('refuses what Twilio would refuse', async () => {
    const request = await placed();
    const changed = (change: (form: URLSearchParams) => void) => {
      const form = new URLSearchParams(request.body);
      change(form);
      return openApiFaults({ ...request, body: form.toString() });
    };
    expect(changed((form) => form.delete('To'))).toHaveLength(1);
    expect(changed((form) => form.append('Urll', 'x'))).toHaveLength(1);
    expect(changed((form) => form.set('Timeout', 'soon'))).toHaveLength(1);
    expect(changed((form) => form.set('Url', 'call-leg'))).toHaveLength(1);
    expect(changed((form) => form.delete('Url'))).toEqual(['one of url, twiml, application_sid is missing']);
    expect(openApiFaults({ ...request, method: 'DELETE' })).toHaveLength(1);
    expect(openApiFaults({ ...request, path: request.path.replace('AC', 'XX') })).toHaveLength(1);
    expect(openApiFaults({ ...(await hungUp()), body: 'Status=live' })).toHaveLength(1);
    const read = await queueRead();
    expect(openApiFaults({ ...read, path: `${read.path}?TaskChannel=chat` })).toEqual([]);
    expect(openApiFaults({ ...read, path: `${read.path}?TaskChannels=chat` })).toHaveLength(1);
  });
});

describe('a placed call', () => {
  it('leads back to our own URLs only, and is bounded', async () => {
    const form = Object.fromEntries(new URLSearchParams((await placed()).body));
    expect(form).toEqual({
      To: '+15005550006',
      From: '+15005550010',
      Url: 'https://handover.example.com/call-leg?step=customer&requestId=raaaaaaaaaaaaaaaa&handover=haaaaaaaaaaaaaaaa&queue=Y2xhaW1zICYgY28&agent=0&language=de',
      FallbackUrl: 'https://handover.example.com/voice-fallback',
      StatusCallback: 'https://handover.example.com/call-events?requestId=raaaaaaaaaaaaaaaa',
      StatusCallbackEvent: 'completed',
      Timeout: '25',
      TimeLimit: '3600',
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: 'https://handover.example.com/call-events?requestId=raaaaaaaaaaaaaaaa',
    });
  });
});

describe('a queued call-back', () => {
  it('keeps its place in line, with attributes that no value can break', async () => {
    const { path, body } = await queued();
    expect(path).toBe(`/v1/Workspaces/WS${'1'.repeat(32)}/Tasks`);
    const form = Object.fromEntries(new URLSearchParams(body));
    expect(form).toMatchObject({ VirtualStartTime: '2026-01-01T00:00:00.000Z', TaskChannel: 'voice' });
    expect(JSON.parse(form.Attributes ?? '')).toEqual({ handoverId: 'haaaaaaaaaaaaaaaa', name: 'Ada "</Task>' });
  });

  it('needs a workspace and a workflow', () => {
    const none = {
      FLEX_WORKSPACE_SID: undefined,
      FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}`,
      FLEX_TASK_CHANNEL: undefined,
    };
    expect(
      queueCallBackBy({ ...settings, ...none }, async () => ({ status: 500, headers: {}, body: '' })),
    ).toBeUndefined();
  });
});
