import { expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk } from '../../shared/core/handover/desk.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { serviceNowDesk, serviceNowDeskSettings } from '../../shared/desks/servicenow/index.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { deskContract, sampleHandover, sampleLine, sampleRef } from '../contracts/desk.ts';
import { testSettings } from '../support/calls.ts';
import { startStandIn } from '../support/stand-in.ts';

const given = {
  ...testSettings,
  SERVICENOW_USER: 'handover.integration',
  SERVICENOW_PASSWORD: 'servicenow-password',
  SERVICENOW_TOKEN: 'servicenow-token',
};
const login = Buffer.from(`${given.SERVICENOW_USER}:${given.SERVICENOW_PASSWORD}`).toString('base64');

function deskAt(url: string, more: Readonly<Record<string, string>> = {}): Desk {
  const faults: string[] = [];
  const settings = serviceNowDeskSettings.read({ ...given, SERVICENOW_URL: url, ...more }, faults);
  expect(faults).toEqual([]);
  return serviceNowDesk({ settings, send: sendHttp });
}

deskContract({
  name: 'servicenow, by its live agents',
  opens: { status: 'success' },
  // ServiceNow names no ticket when it is asked: the handover is the one that it sends back.
  ticket: sampleHandover.handoverId,
  names: ({ handoverId, conversationId }) => [handoverId, conversationId],
  secrets: [given.SERVICENOW_PASSWORD, given.SERVICENOW_TOKEN, login],
  make: deskAt,
});

async function sent(does: (desk: Desk, deadline: OwnedDeadline) => Promise<unknown>, more = {}) {
  const standIn = await startStandIn({ status: 'success' });
  const deadline = startDeadline(systemClock, 3_500);
  try {
    await does(deskAt(standIn.url, more), deadline);
    return { request: standIn.seen[0], body: standIn.bodies()[0] ?? {} };
  } finally {
    deadline.close();
    await standIn.close();
  }
}

const lines: readonly Line[] = [
  { by: 'bot', text: 'Hello', atMs: 1767225890000, id: 'b-1' },
  { by: 'customer', text: 'My bike is broken', atMs: 1767225895000, id: 'c-1' },
  { by: 'bot', text: 'I do not know', atMs: 1767225896000, id: 'b-2' },
];

test('a conversation goes straight to people, with what was said, and is named so that it comes back', async () => {
  const { request, body } = await sent((desk, deadline) => desk.open(sampleHandover, lines, deadline));
  expect(request).toMatchObject({
    method: 'POST',
    path: '/events/api/sn_va_as_service/bot/integration',
    headers: { authorization: `Basic ${login}`, token: given.SERVICENOW_TOKEN, 'content-type': 'application/json' },
  });
  expect(body).toMatchObject({
    action: 'START_CONVERSATION',
    clientSessionId: sampleHandover.handoverId,
    userId: sampleHandover.conversationId,
    botToBot: true,
    message: { text: 'My bike is broken', typed: true, clientMessageId: 'c-1' },
    clientVariables: { handoverId: sampleHandover.handoverId, conversationId: sampleHandover.conversationId },
    contextVariables: {
      live_agent_only: 'true',
      topic: 'billing',
      language: 'de',
      requester_session_language: 'de',
      short_description: 'billing',
    },
  });
  const history = body.history as { value: string; isBotMessage: boolean; timestamp: string; displayName: string }[];
  expect(history.map(({ value }) => value)).toEqual(['Hello', 'I do not know', expect.stringContaining('plan: gold')]);
  expect(history[0]).toEqual({
    isBotMessage: true,
    value: 'Hello',
    displayName: 'Bot',
    type: 'text',
    timestamp: '1767225890000',
  });
});

test('the agent finds a signed link to the whole conversation, the same however often it is opened', async () => {
  const open = () => sent((desk, deadline) => desk.open(sampleHandover, lines, deadline));
  const [first, second] = [await open(), await open()];
  const link = (first.body.contextVariables as Record<string, string>).handover_url;
  expect(link).toMatch(/^https:\/\/handover\.example\.com\/agent-view\?handoverId=haaaaaaaaaaaaaaaa&link=[\w.-]+$/);
  expect(second.body).toEqual(first.body);
  const { body } = await sent((desk, deadline) => desk.open(sampleHandover, lines, deadline), { SESSION_SECRET: '' });
  expect(body.contextVariables).not.toHaveProperty('handover_url');
});

test.for([
  ['{"Billing":"Accounts","*":"Front desk"}', 'Accounts'],
  ['{"claims":"Claims","*":"Front desk"}', 'Front desk'],
  ['{"claims":"Claims"}', undefined],
] as const)('of the queues %s the one for the topic is named: %s', async ([DESK_QUEUES, queue]) => {
  const open = (desk: Desk, deadline: OwnedDeadline) => desk.open(sampleHandover, lines, deadline);
  const { contextVariables = {} } = (await sent(open, { DESK_QUEUES })).body;
  expect(contextVariables).toEqual(
    queue === undefined
      ? expect.not.objectContaining({ queue: expect.anything() })
      : expect.objectContaining({ queue, mandatory_skills: queue }),
  );
});

test('a customer who said nothing yet still says why', async () => {
  const handover = { ...sampleHandover, reason: 'wants\na person' };
  const { body } = await sent((desk, deadline) => desk.open(handover, [], deadline));
  expect(body.message).toMatchObject({ text: 'billing: wants a person' });
});

test('a long history keeps its end, and what is asked for', async () => {
  const long = Array.from({ length: 400 }, (_, n) => ({
    ...sampleLine,
    id: `c-${n}`,
    text: `${n} ${'ü'.repeat(1_000)}`,
  }));
  const { body } = await sent((desk, deadline) => desk.open(sampleHandover, long, deadline));
  expect(JSON.stringify(body).length).toBeLessThan(130_000);
  expect(body.message).toMatchObject({ clientMessageId: 'c-399' });
  const history = body.history as { value: string }[];
  expect(history.at(-2)?.value).toMatch(/^398 /);
});

test('the end of a conversation says nothing, as ServiceNow wants it', async () => {
  const { body } = await sent((desk, deadline) =>
    desk.tell(sampleRef, { kind: 'ended', reason: 'customer' }, 'h-ended', deadline),
  );
  expect(body).toMatchObject({ action: 'END_CONVERSATION', message: { text: '' } });
});

test('without the table the user alone names the conversation', async () => {
  const { body } = await sent((desk, deadline) =>
    desk.tell(
      { handoverId: '', conversationId: 'bot-1:user-1', ticket: '' },
      { kind: 'said', line: sampleLine },
      'c-1',
      deadline,
    ),
  );
  expect(body).not.toHaveProperty('clientSessionId');
  expect(body).toMatchObject({ userId: 'bot-1:user-1', message: { text: 'Grüße' } });
});

test('no token is sent where none is asked for', async () => {
  const { request } = await sent((desk, deadline) => desk.tell(sampleRef, { kind: 'typing' }, 'e-1', deadline), {
    SERVICENOW_TOKEN: '',
  });
  expect(request?.headers).not.toHaveProperty('token');
});

test('a failure that comes with a status of 200 is a refusal', async () => {
  const standIn = await startStandIn({ status: 'failure', error: { message: 'no', detail: 'no' } });
  const deadline = startDeadline(systemClock, 3_500);
  const opening = deskAt(standIn.url).open(sampleHandover, lines, deadline);
  await expect(opening).rejects.toMatchObject({ kind: 'refused' });
  deadline.close();
  await standIn.close();
});

test('a user name that would end in the middle of the login is no setting', () => {
  const faults: string[] = [];
  serviceNowDeskSettings.read(
    { ...given, SERVICENOW_URL: 'https://example.service-now.com', SERVICENOW_USER: 'a:b' },
    faults,
  );
  expect(faults.join()).toMatch(/SERVICENOW_USER is malformed/);
});
