import { expect, test } from 'vitest';
import type { Line } from '../../shared/core/handover/line.ts';
import { phoneStage } from './phone-stage.ts';

const stage = phoneStage();
const SCRIPT = '<script>alert(1)</script>';
const PATIENCE = { timeout: 10_000 };

interface Seen {
  readonly state: string;
  readonly reason: string | null;
  readonly outcome?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly lines: readonly Line[];
}

/** A caller who tells the assistant something and then wants a person, until they stand in line for one. */
async function handedOver(assistant: Parameters<typeof stage.assistant>[0] = {}) {
  await stage.assistant(assistant);
  const callSid = await stage.callIn({ says: [`My lamp is broken ${SCRIPT}`, 'I want to talk to a person'] });
  const task = await stage.taskOf(callSid);
  const url = new URL(task.attributes.handoverUrl ?? '');
  const open = (accept: string, query = url.search) => stage.send(`${url.pathname}${query}`, { headers: { accept } });
  const view = async (): Promise<Seen> => JSON.parse(await (await open('application/json')).text());
  return { callSid, task, url, open, view };
}

const said = ({ lines }: Seen) => lines.map(({ by, text }) => `${by}: ${text}`);

const conversation = [
  'bot: Hello, this is the assistant. How can I help?',
  `customer: My lamp is broken ${SCRIPT}`,
  'bot: I have noted that. Is there anything else?',
  'customer: I want to talk to a person',
  'system: The bot asks for a person',
  'system: The call with the assistant has ended: assistant_transfer',
];

/** What the assistant told, as it was sent. */
const webhooks = async () =>
  (await stage.events()).filter(({ vendor, url }) => vendor === 'watson' && url.endsWith('/bot-events'));

const tell = (body: string, { authorization }: Readonly<Record<string, string>> = {}) =>
  stage.send('/bot-events', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body,
  });

test('row 27: what was said to the assistant is on the agent’s screen once, whatever is told again in whatever order', async () => {
  const { callSid, task, view } = await handedOver();
  await expect.poll(async () => said(await view()), PATIENCE).toEqual(conversation);
  await stage.accept(task.sid, { ends: 'hang-up' });
  await stage.over(callSid);
  const sent = await webhooks();
  expect(new Set(sent.map(({ body }) => JSON.parse(body).event.name)).size).toBe(3);
  // The last first, and of all turns first what has no times.
  const isTimed = ({ body }: { readonly body: string }) => Number(JSON.parse(body).event.name !== 'message_processed');
  const again = [...sent].reverse().sort((a, b) => isTimed(a) - isTimed(b));
  for (const { body } of again) expect((await tell(body)).status).toBe(401);
  for (const { headers, body } of again) expect((await tell(body, headers)).status).toBe(204);
  expect(said(await view())).toEqual(conversation);
  expect(await view()).toMatchObject({ state: 'ended', outcome: 'talked' });

  // And where nothing was told before.
  await stage.ask('POST', '/_stage/reset');
  for (const { headers, body } of [...again, ...again]) await tell(body, headers);
  const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'agent-7', role: 'agent' });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  const anew = await stage.send(`/agent-view?handoverId=${task.attributes.handoverId}`, { headers });
  expect(said(JSON.parse(await anew.text()))).toEqual(conversation);
});

test('row 10: the link in the task opens the handover for a while, shows words as words, and stands in no log', async () => {
  const { url, open, view } = await handedOver({ messageToAgent: `wants a new lamp ${SCRIPT}` });
  await expect.poll(async () => said(await view()), PATIENCE).toHaveLength(conversation.length);
  const page = await open('text/html');
  const text = await page.text();
  expect(page.status).toBe(200);
  expect(text).toContain('My lamp is broken &lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toContain(SCRIPT);
  for (const changed of [
    url.search.slice(0, -2),
    url.search.replace(/handoverId=\w+/, 'handoverId=haaaaaaaaaaaaaaaa'),
    '',
  ])
    expect((await open('text/html', changed)).status).toBe(401);
  await stage.ask('POST', '/_stage/clock', { advanceMs: 15 * 60_000 });
  const late = await open('text/html');
  expect([late.status, await late.text()]).toEqual([401, expect.stringContaining('This link has expired')]);
  const log = stage.lines.join('\n');
  for (const secret of [url.searchParams.get('link') ?? '-', 'dev::latest', 'lamp', '+15005550001'])
    expect(log, secret).not.toContain(secret);
});

test('row 18: what the assistant tells the person becomes attributes of the task, and the first thing that is read', async () => {
  const told = { messageToAgent: 'wants a new lamp "now"', variables: { order: '4711' } };
  const { task, view, open } = await handedOver(told);
  expect(task.attributes).toMatchObject({
    reason: told.messageToAgent,
    sessionHistoryKey: expect.stringMatching(/^dev::latest::/),
    handoverId: expect.stringMatching(/^h[a-z2-7]{16}$/),
  });
  expect(await view()).toMatchObject({ reason: told.messageToAgent, fields: told.variables });
  const page = await (await open('text/html')).text();
  expect(page.indexOf('wants a new lamp')).toBeLessThan(page.indexOf('My lamp is broken'));
});

test('row 18: what it does not tell is in no attribute', async () => {
  const { task, view } = await handedOver();
  expect(task.attributes).not.toHaveProperty('reason');
  expect(task.attributes).not.toHaveProperty('topic');
  expect(JSON.stringify(task.attributes)).not.toMatch(/undefined|null|\[object/);
  expect((await view()).reason).toBeNull();
});
