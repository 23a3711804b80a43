import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '../../shared/core/deadline.ts';
import type { SendHttp } from '../../shared/core/http.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { hangUpBy } from '../../shared/twilio/hang-up.ts';
import { placeCallBy } from '../../shared/twilio/place-call.ts';
import { queueCallBackBy } from '../../shared/twilio/queue-call-back.ts';
import { twilioRest } from '../../shared/twilio/rest.ts';
import { sendTextBy } from '../../shared/twilio/send-text.ts';
import { readTaskQueue } from '../../shared/twilio/task-queue-statistics.ts';
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
  if (!request || sent.length > 1) throw new Error(`${sent.length} requests`);
  return request;
}

const handoverId = 'haaaaaaaaaaaaaaaa';

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
      workspaceSid: 'WS00000000000000000000000000000001',
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

const requests = [
  ['queueing a call-back', queued],
  ['sending a text', texted],
  ['placing a call', placed],
  ['hanging up', hungUp],
  ['beginning a web chat', chatBegun],
  ['reading a task queue', queueRead],
] as const;

/** Every place in the sources where something is asked of Twilio. */
function placesThatAsk(): readonly string[] {
  const shared = fileURLToPath(new URL('../../shared/', import.meta.url));
  const files = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => readFileSync(join(shared, file), 'utf8').match(/'[a-z-]+\.twilio\.com'/g) ?? []);
}

describe("Twilio's published OpenAPI", () => {
  it('is asked about every request that the sources can make', () => {
    expect(placesThatAsk().filter((host) => host !== "'webhooks.twilio.com'")).toHaveLength(requests.length);
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
