import { describe, expect, it } from 'vitest';
import deskEvents from '../../functions/desk-events.ts';
import { inboundOf, testSettings, twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startFunction } from '../support/start-function.ts';

const settings = {
  DESK: 'servicenow',
  SERVICENOW_URL: 'https://example.service-now.com',
  SERVICENOW_USER: 'handover.integration',
  SERVICENOW_PASSWORD: 'servicenow-password',
  SERVICENOW_WEBHOOK_TOKEN: 'new-token-0123456789 old-token-0123456789',
};

function started(env: Record<string, string | undefined> = {}) {
  const used: string[] = [];
  const table = failingAt(memoryTable(), Number.POSITIVE_INFINITY, 'before', used);
  const ports = { ...deskEvents.ports, table: () => table };
  return { ...startFunction({ ...deskEvents, ports }, { ...settings, ...env }), used };
}

const json = { 'content-type': 'application/json' };
const told = (body: string, token = 'new-token-0123456789', more: Readonly<Record<string, string>> = {}) =>
  inboundOf(body, { headers: { ...json, 'x-handover-token': token, ...more } });
const over = JSON.stringify({ clientSessionId: 'h7f2', completed: true, body: [] });

describe('what ServiceNow tells', () => {
  it.for(['new-token-0123456789', 'old-token-0123456789'])('is heard with the token %s', async (token) => {
    const { call } = started();
    expect((await call(told(over, token))).status).toBe(204);
  });

  it.for<readonly [string, ReturnType<typeof inboundOf>]>([
    ['no token', inboundOf(over, { headers: json })],
    ['an empty token', told(over, '')],
    ['another token', told(over, 'new-token-0123456788')],
    ['both tokens at once', told(over, settings.SERVICENOW_WEBHOOK_TOKEN)],
    ['the token in Authorization', told(over, '', { authorization: 'new-token-0123456789' })],
    ['the token in the body', inboundOf(JSON.stringify({ accessToken: 'new-token-0123456789' }), { headers: json })],
    ["a desk's key", told(over, testSettings.DESK_API_KEY)],
    ["Twilio's signature", twilioCall('desk-events', { EventType: 'onMessageAdded' })],
    [
      'the login of the instance',
      told(over, '', { authorization: `Basic ${btoa('handover.integration:servicenow-password')}` }),
    ],
  ])('is not heard with %s', async ([, inbound]) => {
    const { call, used } = started();
    expect((await call(inbound)).status).toBe(401);
    expect(used).toEqual([]);
  });

  it.for([
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '{"a":1,"a":2}',
    '{"handoverId":"h1","handoverId":"h2","completed":true}',
    '{"__proto__":{"completed":true},"clientSessionId":"h7f2"}',
    `${'['.repeat(100)}${']'.repeat(100)}`,
    JSON.stringify({ clientSessionId: 'h 7', completed: true }),
    JSON.stringify({ clientSessionId: 'h7f2', body: 'text' }),
    JSON.stringify({ clientSessionId: 'h7f2', body: [{ uiType: 'OutputText', value: { action: 5 } }] }),
    JSON.stringify({ incident: 'INC1', handoverId: 'h7f2', state: '6' }),
  ])('means nothing and is not asked for again: %#', async (body) => {
    const { call, lines, used } = started();
    expect(await call(told(body))).toEqual({ status: 204, headers: {}, body: '' });
    expect(used.filter((name) => !/handover|read/.test(name))).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('token-0123456789');
  });

  it('is not looked at when it is larger than anybody writes', async () => {
    const { call, used } = started();
    expect((await call(told(JSON.stringify({ clientSessionId: 'h7f2', pad: 'x'.repeat(1_100_000) })))).status).toBe(
      413,
    );
    expect(used).toEqual([]);
  });

  it('of a handover that nobody knows changes nothing', async () => {
    const { call, used } = started();
    const says = { uiType: 'OutputText', value: 'Hello', messageId: 'm-1' };
    expect((await call(told(JSON.stringify({ clientSessionId: 'h7f2', body: [says] })))).status).toBe(204);
    expect(used).toEqual(['transcripts.handover']);
  });

  it('needs a token of ours: without one nothing starts', async () => {
    const { call } = started({ SERVICENOW_WEBHOOK_TOKEN: '' });
    expect((await call(told(over, ''))).status).toBe(500);
  });
});
