import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import agentView from '../../functions/agent-view.ts';
import botEvents from '../../functions/bot-events.ts';
import callLeg from '../../functions/call-leg.ts';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import cdr from '../fixtures/watson/cdr.json' with { type: 'json' };
import phone from '../fixtures/watson/phone-turns.json' with { type: 'json' };
import { inboundOf, sessionToken, testSettings, twilioCall } from '../support/calls.ts';
import { answered, type ChatFunctions, startChatFunctions } from '../support/chat-functions.ts';
import { onlyVerb, readTwiml } from '../support/read-twiml.ts';
import { type StartedFunction, startFunction } from '../support/start-function.ts';

const AccountSid = testSettings.TWILIO_ACCOUNT_SID;
const bot = { authorization: testSettings.BOT_ACCESS_TOKEN };
const phones = { AGENT_NUMBERS: '+15005550008 +15005550009', DESK: 'phone' };

let chat: ChatFunctions;
let byWorkflow: StartedFunction;
let byPhone: StartedFunction;
let told: StartedFunction;
let view: StartedFunction;
beforeAll(async () => {
  chat = await startChatFunctions({ STUDIO_WEBHOOK_URL: '' });
  byWorkflow = startFunction(callLeg, { ...chat.env, DESK: 'flex', FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}` });
  byPhone = startFunction(callLeg, { ...chat.env, ...phones });
  told = startFunction(botEvents, chat.env);
  view = startFunction(agentView, chat.env);
});
afterAll(() => chat.close());

const sid = () => `CA${randomBytes(16).toString('hex')}`;

/** A call of somebody else each time: its SIDs, its handover, and the fixtures as it would bring them. */
function newCall() {
  const CallSid = sid();
  const legSid = sid();
  const handoverId = handoverOfCall({ AccountSid, CallSid }) ?? '';
  const own = (body: unknown) =>
    JSON.parse(
      JSON.stringify(body)
        .replaceAll('7874ec3a-1330-4180-afe1-46bfb220af5b', `s-${handoverId}`)
        .replaceAll('habcdefghijklmnop', handoverId)
        .replaceAll('CA00000000000000000000000000000002', legSid),
    );
  const step = (fn: StartedFunction, query: string, fields: Record<string, string> = {}) =>
    fn.call(twilioCall('call-leg', { AccountSid, CallSid, CallStatus: 'in-progress', ...fields }, query));
  return { CallSid, legSid, handoverId, own, step };
}

const tell = async (body: unknown) => expect((await answered(told, body, bot)).status).toBe(204);

async function seen(query: string, sub = 'agent-7') {
  const jwt = sessionToken({ sub, role: 'agent', iat: Math.floor(Date.now() / 1_000) });
  const headers = { accept: 'application/json', authorization: `Bearer ${jwt}` };
  const { status, body } = await view.call(inboundOf('', { method: 'GET', query, headers }));
  return { status, body: JSON.parse(body) };
}

describe('row 18: what the assistant says when it asks for a person', () => {
  test.for([
    ['the webhook after a message', phone.processed[3]],
    ['the log', phone.logged[3]],
  ] as const)('by %s becomes task attributes, and the first thing that the agent reads', async ([, body]) => {
    const { handoverId, own, step } = newCall();
    await tell(own(body));
    const task = onlyVerb(await step(byWorkflow, 'step=person'));
    expect(task.name).toBe('Enqueue');
    const { handoverUrl, ...attributes } = JSON.parse(task.verbs[0]?.text ?? '');
    expect(attributes).toMatchObject({
      handoverId,
      topic: 'Broken goods',
      reason: "The caller's lamp arrived broken",
      sessionHistoryKey: expect.stringMatching(/^dev::latest::893499::/),
    });
    const page = await view.call(
      inboundOf('', { method: 'GET', query: new URL(handoverUrl).search.slice(1), headers: { accept: 'text/html' } }),
    );
    expect(page.status).toBe(200);
    expect(page.body).toContain('The caller&#39;s lamp arrived broken');
    expect(page.body.indexOf('lamp arrived broken')).toBeLessThan(page.body.indexOf('One moment, I will connect you'));
  });

  test('is heard by an agent who picks up a phone', async () => {
    const { handoverId, own, step } = newCall();
    await tell(own(phone.processed[3]));
    const whisper = await step(byPhone, `step=whisper&handover=${handoverId}&agent=0`);
    expect(whisper.body).toContain('lamp arrived broken');
    expect(whisper.body).toContain('Broken goods');
  });

  test('or does not say is in no attribute, neither as undefined nor empty', async () => {
    const { handoverId, own, step } = newCall();
    const bare = own(phone.processed[3]);
    bare.payload.output.generic = [{ response_type: 'connect_to_agent' }];
    bare.payload.context.skills = {};
    await tell(bare);
    const task = onlyVerb(await step(byWorkflow, 'step=person')).verbs[0]?.text ?? '';
    expect(task).not.toMatch(/undefined|null|""|\[object/);
    expect(Object.keys(JSON.parse(task)).sort()).toEqual(['handoverId', 'handoverUrl', 'type']);
    expect((await seen(`handoverId=${handoverId}`)).body).toMatchObject({ reason: null, fields: {} });
  });
});

describe('the page of a call that came in', () => {
  test('shows what was said to the assistant, whose leg tells another SID than the caller’s', async () => {
    const { handoverId, legSid, own, step } = newCall();
    const withoutHeader = (body: unknown) =>
      JSON.parse(JSON.stringify(own(body)).replace(/"X-Handover-Id":"\w+",/, ''));
    for (const body of [...phone.logged, cdr.request]) await tell(withoutHeader(body));
    await step(byWorkflow, 'step=assistant-ended', { DialCallStatus: 'busy', DialCallSid: legSid });
    const { body } = await seen(`handoverId=${handoverId}`);
    const texts = body.lines.map(({ by, text }: { by: string; text: string }) => [by, text]);
    expect(texts.slice(0, -1)).toEqual(phone.transcript);
    expect(body).toMatchObject({
      reason: "The caller's lamp arrived broken",
      outcome: 'assistant_hangup',
      state: 'open',
    });
  });

  test('leads to a person who was asked for under the SID of the assistant’s leg alone, before the assistant hung up', async () => {
    const { legSid, own, step } = newCall();
    await tell(JSON.parse(JSON.stringify(own(phone.processed[3])).replace(/"X-Handover-Id":"\w+",/, '')));
    const bye = { DialCallStatus: 'completed', DialBridged: 'true' };
    const ended = await step(byWorkflow, 'step=assistant-ended', { ...bye, DialCallSid: legSid });
    expect(onlyVerb(ended).text).toContain('reason=assistant_transfer');
    expect(onlyVerb(await step(byWorkflow, 'step=assistant-ended', { ...bye, DialCallSid: sid() })).name).toBe(
      'Hangup',
    );
  });

  test('is of the agent who pressed the key, and says that they talk and have talked', async () => {
    const { handoverId, step } = newCall();
    const query = `handoverId=${handoverId}`;
    await step(byPhone, 'step=person');
    expect((await seen(query)).body.state).toBe('open');
    const agents = [
      ['+15005550008', 200],
      ['+15005550009', 403],
    ] as const;
    expect(readTwiml(await step(byPhone, `step=accept&handover=${handoverId}&agent=0`, { Digits: '1' }))).toEqual([]);
    for (const [sub, status] of agents) expect((await seen(query, sub)).status).toBe(status);
    expect((await seen(query, '+15005550008')).body.state).toBe('connected');
    const ended = { DialCallStatus: 'completed', DialBridged: 'true', DialCallSid: sid() };
    await step(byPhone, `step=agent-ended&handover=${handoverId}&agent=0`, ended);
    expect((await seen(query, '+15005550008')).body).toMatchObject({ state: 'ended', outcome: 'talked' });
    const listed = (await seen('', '+15005550008')).body.handovers.map((one: { handoverId: string }) => one.handoverId);
    expect(listed).not.toContain(handoverId);
  });

  test('is on the list until the line has led to a person', async () => {
    const { handoverId, step } = newCall();
    const ids = async () =>
      (await seen('')).body.handovers.map((one: { handoverId: string; kind: string }) => [one.handoverId, one.kind]);
    await step(byWorkflow, 'step=person');
    expect(await ids()).toContainEqual([handoverId, 'call']);
    await step(byWorkflow, `step=queue-ended&handover=${handoverId}`, { QueueResult: 'bridged' });
    expect(await ids()).not.toContainEqual([handoverId, 'call']);
  });
});
