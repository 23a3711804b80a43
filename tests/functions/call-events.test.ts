import { describe, expect, it } from 'vitest';
import callEvents from '../../functions/call-events.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { CallRecord, Table } from '../../shared/core/table.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { fakeTwilio } from '../support/fake-twilio.ts';
import { wrapTable } from '../support/jittery-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startFunction } from '../support/start-function.ts';

const request = 'raaaaaaaaaaaaaaaa';
const callSid = 'CA00000000000000000000000000000001';

const record: CallRecord = {
  requestId: request,
  subject: 'visitor:user-1',
  phone: '+15005550006',
  conversationId: undefined,
  topic: undefined,
  name: undefined,
  language: undefined,
  status: 'unknown',
  reason: undefined,
  callSid: undefined,
  handoverId: undefined,
  dueAtMs: undefined,
  waitingSinceMs: undefined,
  createdAtMs: 1,
  updatedAtMs: 1,
  version: 1,
};

async function scene(changed: Partial<CallRecord> = {}, over: (table: Table) => Table = (table) => table) {
  const twilio = await fakeTwilio();
  const table = memoryTable();
  await table.calls.create({ ...record, ...changed });
  const { call, lines } = startFunction(
    { ...callEvents, ports: { ...callEvents.ports, table: () => over(table) } },
    { TWILIO_API_BASE_URL: twilio.url },
  );
  return {
    twilio,
    table,
    call,
    lines,
    tell: async (fields: Record<string, string>, query = `requestId=${request}`) =>
      (await call(twilioCall('call-events', { CallSid: callSid, ...fields }, query))).status,
    read: async () => table.calls.read(request),
  };
}

describe('call-events', () => {
  it('settles a call of unknown outcome and follows it to the end, in any order and more than once', async () => {
    const { tell, read } = await scene();
    expect(await tell({ CallStatus: 'in-progress', SequenceNumber: '2' })).toBe(204);
    expect(await read()).toMatchObject({ status: 'customer_answered', callSid });
    await tell({ CallStatus: 'ringing', SequenceNumber: '1' });
    expect(await read()).toMatchObject({ status: 'customer_answered' });
    await tell({ CallStatus: 'completed', SequenceNumber: '3' });
    await tell({ CallStatus: 'busy', SequenceNumber: '4' });
    expect(await read()).toMatchObject({ status: 'ended', reason: 'customer_left' });
  });

  it('creates nothing for a call that nobody knows', async () => {
    const used: string[] = [];
    const { tell, table } = await scene({}, (memory) => failingAt(memory, Number.POSITIVE_INFINITY, 'before', used));
    expect(await tell({ CallStatus: 'completed' }, 'requestId=rbbbbbbbbbbbbbbbb')).toBe(204);
    expect(used).toEqual(['calls.read']);
    expect(await tell({ CallStatus: 'completed', CallSid: 'CA99999999999999999999999999999999' }, '')).toBe(204);
    expect(await tell({ CallStatus: 'completed', CallSid: '../Accounts' }, '')).toBe(204);
    await table.progress.begin('CA99999999999999999999999999999999', 1);
    expect(await table.progress.advance('CA99999999999999999999999999999999', 'ringing', 0, 1)).toBe(true);
  });

  it('notes the statuses of a known call by their sequence, and nothing after the end', async () => {
    const { tell, table } = await scene();
    await table.progress.begin(callSid, 1);
    await tell({ CallStatus: 'completed', SequenceNumber: '3' }, '');
    await tell({ CallStatus: 'ringing', SequenceNumber: '1' }, '');
    expect(await table.progress.advance(callSid, 'in-progress', 9, 1)).toBe(false);
  });

  it('does not take the word of another call for this one', async () => {
    const { tell, read } = await scene({ status: 'calling', callSid: 'CA00000000000000000000000000000002' });
    await tell({ CallStatus: 'busy' });
    expect(await read()).toMatchObject({ status: 'calling' });
  });

  it('takes no call by a name that Twilio does not give', async () => {
    const { tell, read } = await scene();
    expect(await tell({ CallStatus: 'in-progress', CallSid: '../Accounts' })).toBe(204);
    expect(await read()).toMatchObject({ status: 'unknown', callSid: undefined });
  });

  it('hangs up on an answering machine and says so', async () => {
    const { tell, read, twilio } = await scene({ status: 'agent_ringing', callSid });
    twilio.next('reset');
    expect(await tell({ AnsweredBy: 'machine_start', MachineDetectionDuration: '3000' })).toBe(204);
    expect(await read()).toMatchObject({ status: 'failed', reason: 'answering_machine' });
    expect(twilio.requests.map(({ path, body }) => [path, body])).toEqual(
      [1, 2].map(() => [
        `/2010-04-01/Accounts/${testSettings.TWILIO_ACCOUNT_SID}/Calls/${callSid}.json`,
        'Status=completed',
      ]),
    );
  });

  it('hangs up on no other call than the one of the request', async () => {
    const { tell, twilio } = await scene({ status: 'failed', reason: 'answering_machine', callSid });
    expect(await tell({ AnsweredBy: 'machine_start', CallSid: 'CA00000000000000000000000000000002' })).toBe(204);
    expect(twilio.requests).toEqual([]);
  });

  it('lets people talk, also those whom it cannot tell from a machine', async () => {
    const { tell, read, twilio } = await scene({ status: 'customer_answered', callSid });
    await tell({ AnsweredBy: 'human' });
    await tell({ AnsweredBy: 'unknown' });
    expect(await read()).toMatchObject({ status: 'customer_answered' });
    const talking = await scene({ status: 'connected', callSid });
    await talking.tell({ AnsweredBy: 'machine_start' });
    expect(await talking.read()).toMatchObject({ status: 'connected' });
    expect([...twilio.requests, ...talking.twilio.requests]).toEqual([]);
  });

  it('takes what Twilio tells now and does not hold the end of a call against a machine', async () => {
    const { tell, twilio } = await scene({ status: 'failed', reason: 'answering_machine', callSid });
    expect(await tell({ CallStatus: 'completed', AnsweredBy: 'machine_start' })).toBe(204);
    expect(twilio.requests).toEqual([]);
  });

  it('takes what it is told when the table is away, and its log line says that it was not noted', async () => {
    const { tell, lines } = await scene({}, (memory) =>
      wrapTable(memory, () => Promise.reject(new Problem('state_unavailable', { reason: 'table slow' }))),
    );
    expect(await tell({ CallStatus: 'completed' })).toBe(204);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'warn', code: 'state_unavailable', status: 204 });
  });

  it('refuses strangers, and fields that stand twice', async () => {
    const { call, lines } = await scene();
    const genuine = twilioCall('call-events', { CallSid: callSid, CallStatus: 'busy' }, `requestId=${request}`);
    expect((await call({ ...genuine, headers: {} })).status).toBe(403);
    expect((await call({ ...genuine, query: 'requestId=rbbbbbbbbbbbbbbbb' })).status).toBe(403);
    expect((await call({ ...genuine, method: 'DELETE' })).status).toBe(405);
    const twice = new TextEncoder().encode(`CallSid=CA1&CallSid=${callSid}`);
    expect((await call({ ...genuine, body: twice, trust: 'twilio-gateway' })).status).toBe(400);
    expect(lines.join()).not.toMatch(/CA0000|raaaa/);
  });
});
