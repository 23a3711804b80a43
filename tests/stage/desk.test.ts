import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { signatureFault } from '../../stage/twins/standard-webhooks.ts';
import { testSettings } from '../support/calls.ts';
import { stageOfFile } from './stage-of-file.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';
const NOW_SEC = 1_795_219_200;

describe('a signature', () => {
  const body =
    '{"type":"handover.message","timestamp":"2026-11-21T00:00:00Z","data":{"handoverId":"h7f2","text":"Grüße"}}';
  const headers = {
    'webhook-id': 'evt_h7f2_3',
    'webhook-timestamp': String(NOW_SEC),
    'webhook-signature': new Webhook(SECRET).sign('evt_h7f2_3', new Date(NOW_SEC * 1_000), body),
  };
  const fault = (more = {}, sent = body, nowSec = NOW_SEC) =>
    signatureFault({ headers: { ...headers, ...more }, body: sent }, SECRET, nowSec * 1_000);

  test('is genuine when it fits, alone or beside another', () => {
    expect(headers['webhook-signature']).toBe('v1,JhTa4GOuebTQ2+s7vhCzld6pa9zeFTyd6uul062mpn8=');
    expect(fault()).toBeUndefined();
    expect(fault({ 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` })).toBeUndefined();
    expect(fault({}, body, NOW_SEC + 300)).toBeUndefined();
  });

  test.for([
    ['another body', {}, `${body} `, NOW_SEC],
    ['another id', { 'webhook-id': 'evt_2' }, body, NOW_SEC],
    ['no id', { 'webhook-id': '' }, body, NOW_SEC],
    ['an id with a dot', { 'webhook-id': 'evt.2' }, body, NOW_SEC],
    ['another time', { 'webhook-timestamp': String(NOW_SEC + 1) }, body, NOW_SEC],
    ['a time that is no number', { 'webhook-timestamp': 'now' }, body, NOW_SEC],
    ['no signature', { 'webhook-signature': '' }, body, NOW_SEC],
    ['a delivery 6 minutes old', {}, body, NOW_SEC + 360],
    ['a delivery 6 minutes ahead', {}, body, NOW_SEC - 360],
  ] as const)('is refused with %s', ([, more, sent, nowSec]) => {
    expect(fault(more, sent, nowSec)).toEqual(expect.any(String));
  });
});

const stage = stageOfFile();

const ask = (question: object) =>
  stage.send('/pause-check', {
    method: 'POST',
    headers: { authorization: testSettings.BOT_ACCESS_TOKEN, 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });

const inbox = () => stage.ask<{ type: string; data: { text?: string } }[]>('GET', '/_stage/bot');

test('a handover of any bot lies on the desk with what the bot knows', async () => {
  const lines = [{ by: 'customer', text: 'My bike is broken' }];
  await ask({ conversationId: 'c-1', handover: { topic: 'claims', name: 'Ada', fields: { policy: '4711' }, lines } });
  expect(await stage.ask('GET', '/_stage/desk')).toMatchObject([
    { ticket: 'T-1001', conversationId: 'c-1', about: { topic: 'claims', name: 'Ada', fields: { policy: '4711' } } },
  ]);
});

test("the agent's words reach a bot of one's own, signed and once", async () => {
  await ask({ conversationId: 'c-1', handover: {} });
  const does = { conversationId: 'c-1', agent: 'Bo' };
  await stage.ask('POST', '/_stage/desk/say', { ...does, text: 'Hello' });
  await stage.ask('POST', '/_stage/desk/end', does);
  expect((await inbox()).map(({ type, data }) => [type, data.text])).toEqual([
    ['handover.message', 'Hello'],
    ['handover.ended', undefined],
  ]);
});

test('the bot of the stage asks in the plain form', async () => {
  await stage.ask('POST', '/_stage/bot/ask', { conversationId: 'c-2', handover: { reason: 'angry' } });
  const { status, answer } = await stage.ask<{ status: number; answer: string }>('POST', '/_stage/bot/ask', {
    conversationId: 'c-2',
    text: 'Hello?',
  });
  expect([status, JSON.parse(answer).paused]).toEqual([200, true]);
});

test('after the end the agent is told that nobody listens', async () => {
  await ask({ conversationId: 'c-1', handover: {} });
  await stage.ask('POST', '/_stage/desk/end', {});
  expect(await stage.ask('POST', '/_stage/desk/say', { text: 'Still there?' })).toMatchObject({ status: 409 });
});

test('a desk without a ticket has nothing to do', async () => {
  expect((await stage.send('/_stage/desk/say', { method: 'POST', body: '{"text":"Hi"}' })).status).toBe(404);
});
