import { describe, expect, test } from 'vitest';
import { openStage } from '../../stage/stage.ts';
import { stageOfFile } from './stage-of-file.ts';

const stage = stageOfFile();

interface Call {
  readonly callSid: string;
  readonly status: string;
  readonly to: string;
  readonly party: string;
  readonly heard: readonly { by: string; text: string }[];
  readonly alerts: readonly object[];
  readonly flow: readonly string[];
}

interface Task {
  readonly state: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const calls = () => stage.ask<Call[]>('GET', '/_stage/calls');
const tasks = async () => (await stage.ask<{ tasks: Task[] }>('GET', '/_stage/flex')).tasks;
const begin = (input = {}) => stage.ask<{ callSid: string }>('POST', '/_stage/call-in', input);
const call = async (callSid: string) => (await calls()).find((one) => one.callSid === callSid);
const heardBy = async (callSid: string) => (await call(callSid))?.heard.map(({ text }) => text) ?? [];

const wantsPerson = { says: ['I want to talk to a person'] };

describe('the assistant hands over', () => {
  test.for([
    ['User-to-User', 'ascii'],
    ['User-to-User', 'hex'],
    ['User-to-User', 'plain'],
    ['X-Watson-Assistant-Session-History-Key', undefined],
  ] as const)('by %s, encoded as %s: the agent has the key and the handover', async ([header, encoding]) => {
    await stage.ask('POST', '/_stage/watson/script', { header, ...(encoding && { encoding }) });
    await begin(wantsPerson);
    await expect.poll(tasks).toHaveLength(1);
    const [watson] = await stage.ask<{ sessionHistoryKey: string; headers: Record<string, string> }[]>(
      'GET',
      '/_stage/watson',
    );
    expect((await tasks())[0]?.attributes).toMatchObject({
      sessionHistoryKey: watson?.sessionHistoryKey,
      handoverId: watson?.headers['x-handover-id'],
    });
  });

  test('without a key: the agent has the handover, and nothing is made up', async () => {
    await stage.ask('POST', '/_stage/watson/script', { header: 'none' });
    await begin(wantsPerson);
    await expect.poll(tasks).toHaveLength(1);
    const [task] = await tasks();
    expect(task?.attributes.handoverId).toMatch(/^h/);
    expect(task?.attributes).not.toHaveProperty('sessionHistoryKey');
    expect(JSON.stringify(task)).not.toContain('undefined');
  });

  test('the events of the call carry its handover and its conversation', async () => {
    const { callSid } = await begin(wantsPerson);
    await expect.poll(tasks).toHaveLength(1);
    const [task] = await tasks();
    const refer = (await stage.events()).find(({ url }) => url.endsWith('/refer-handler'));
    expect(refer).toMatchObject({ vendor: 'twilio', direction: 'in', status: 200, conversationId: callSid });
    await stage.ask('POST', '/_stage/flex/accept', { ends: 'hang-up' });
    await expect.poll(async () => (await call(callSid))?.status).toBe('completed');
    expect(task?.state).toBe('pending');
    expect((await tasks())[0]?.state).toBe('completed');
  });
});

describe('the assistant is not there', () => {
  test.for([
    ['busy', 'assistant_busy'],
    ['no-answer', 'assistant_no_answer'],
    ['failed', 'assistant_failed'],
  ] as const)('%s: the caller gets to a person who knows why', async ([answers, handoverReason]) => {
    await stage.ask('POST', '/_stage/watson/script', { answers });
    await begin();
    await expect.poll(tasks).toHaveLength(1);
    expect((await tasks())[0]?.attributes).toMatchObject({ handoverReason });
  });

  test.for([
    ['hang', 'assistant_no_answer'],
    ['503', 'assistant_failed'],
    ['429', 'assistant_busy'],
  ] as const)('a fault of Watson, %s, is a leg that is not answered', async ([mode, handoverReason]) => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'watson', mode });
    await begin();
    await expect.poll(tasks).toHaveLength(1);
    expect((await tasks())[0]?.attributes).toMatchObject({ handoverReason });
  });

  test('an assistant that says goodbye ends the call', async () => {
    const { callSid } = await begin({ says: ['That is all, goodbye'] });
    await expect.poll(async () => (await call(callSid))?.status).toBe('completed');
    expect(await tasks()).toEqual([]);
  });
});

describe('our own fault', () => {
  test('a throw inside receive-call still leads the caller to a person', async () => {
    await stage.ask('POST', '/_stage/faults', { vendor: 'internal', mode: 'throw' });
    const { callSid } = await begin();
    await expect.poll(tasks).toHaveLength(1);
    expect((await tasks())[0]?.attributes).toMatchObject({ handoverError: 'unavailable' });
    expect((await call(callSid))?.alerts).toEqual([]);
  });
});

describe('a call that was asked for', () => {
  async function wish() {
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'visitor-1' });
    const headers = { authorization: `Bearer ${token}`, origin: stage.url, 'content-type': 'application/json' };
    const send = async (body: object) =>
      (await stage.send('/click-to-call', { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<{
        requestId: string;
        status: string;
      }>;
    const { requestId } = await send({ phone: '+15005550006', topic: 'claims', name: 'Grace' });
    return { status: async () => (await send({ requestId })).status };
  }

  test('customer and agent talk when the agent has accepted', async () => {
    const { status } = await wish();
    await expect.poll(status, { timeout: 10_000 }).toBe('connected');
    const agent = (await calls()).find(({ to }) => to === '+15005550008');
    expect(agent?.heard.map(({ text }) => text).join(' ')).toMatch(/Grace|claims/);
    expect((await calls()).flatMap(({ alerts }) => alerts)).toEqual([]);
  });

  test('a phone that nobody answers is said', async () => {
    await stage.ask('POST', '/_stage/people', { '+15005550006': { answers: 'no-answer' } });
    const { status } = await wish();
    await expect.poll(status, { timeout: 10_000 }).toBe('failed');
  });

  test('people in a call can be told what to say, and to hang up', async () => {
    const { status } = await wish();
    await expect.poll(status, { timeout: 10_000 }).toBe('connected');
    const customer = (await calls()).find(({ to }) => to === '+15005550006');
    const agent = (await calls()).find(({ to }) => to === '+15005550008');
    await stage.ask('POST', '/_stage/calls/say', { callSid: customer?.callSid, text: 'Thank you' });
    await expect.poll(() => heardBy(agent?.callSid ?? '')).toContain('Thank you');
    await stage.ask('POST', '/_stage/calls/hang-up', { callSid: customer?.callSid });
    await expect.poll(status, { timeout: 10_000 }).toBe('ended');
  });
});

test('the phone rings at the public address, whatever it is, and never leaves this machine', async () => {
  const other = await openStage({ given: { PUBLIC_BASE_URL: 'https://a.example/voice' }, port: 0, write: () => {} });
  const ask = async (method: string, path: string, body?: string) => {
    const answer = await fetch(other.url + path, { method, ...(body && { body }) });
    return answer.json();
  };
  await ask('POST', '/_stage/call-in', '{}');
  await expect.poll(() => ask('GET', '/_stage/watson')).toHaveLength(1);
  const events = (await ask('GET', '/_stage/events')) as { url: string; status: number }[];
  await other.close();
  expect(events[0]).toMatchObject({ url: 'https://a.example/voice/receive-call', status: 200 });
});
