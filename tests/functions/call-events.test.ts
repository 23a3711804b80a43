import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import callEvents from '../../functions/call-events.ts';
import { advanceCall } from '../../shared/core/call/advance-call.ts';
import { isSigned } from '../../shared/core/callers/agent-link.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { CallRecord, Table } from '../../shared/core/table.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { failingAt, unevenTable } from '../support/failing-table.ts';
import { fakeTwilio } from '../support/fake-twilio.ts';
import { wrapTable } from '../support/jittery-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { startStandIn } from '../support/stand-in.ts';
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

async function scene(
  changed: Partial<CallRecord> = {},
  over: (table: Table) => Table = (table) => table,
  env: Record<string, string | undefined> = {},
  clock = systemClock,
) {
  const twilio = await fakeTwilio();
  const table = memoryTable();
  await table.calls.create({ ...record, ...changed });
  const { call, lines } = startFunction(
    { ...callEvents, ports: { ...callEvents.ports, table: () => over(table) } },
    { TWILIO_API_BASE_URL: twilio.url, ...env },
    clock,
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

const handover = 'hbbbbbbbbbbbbbbbb';
const recordingSid = `RE${'1'.repeat(32)}`;
const url = 'https://api.twilio.com/canary-recording';

describe('call-events, of a message', () => {
  const about = (subject: string) => `about=${subject}&requestId=${request}&handover=${handover}&agent=0&language=en`;
  const recorded = {
    RecordingSid: recordingSid,
    RecordingStatus: 'completed',
    RecordingDuration: '12',
    RecordingUrl: url,
    RecordingSource: 'RecordVerb',
  };
  const written = {
    RecordingSid: recordingSid,
    TranscriptionStatus: 'completed',
    TranscriptionText: 'Please call me back.',
    TranscriptionUrl: url,
    RecordingUrl: url,
  };

  it.each([
    [
      'first',
      [
        ['message', recorded],
        ['transcription', written],
      ],
    ],
    [
      'last',
      [
        ['transcription', written],
        ['message', recorded],
      ],
    ],
    [
      'more than once',
      [
        ['message', recorded],
        ['transcription', written],
        ['message', recorded],
        ['transcription', written],
      ],
    ],
  ] as const)('keeps it as fact, lines and status; what was said comes %s', async (_, told) => {
    const { tell, table, read, twilio, lines } = await scene({
      status: 'agent_ringing',
      callSid,
      handoverId: handover,
      conversationId: 'chat-1',
    });
    for (const [subject, fields] of told) expect(await tell(fields, about(subject))).toBe(204);
    expect(await read()).toMatchObject({ status: 'voicemail', reason: undefined });
    expect((await table.contexts.read(handover))?.facts).toEqual({
      voicemail: { recordingSid, seconds: 12, text: 'Please call me back.' },
    });
    const said = await table.transcripts.lines('chat-1', 10);
    expect(new Set(said.map(({ by, text }) => `${by}: ${text}`))).toEqual(
      new Set(['system: The customer left a message of 12 s', 'customer: Please call me back.']),
    );
    expect(said).toHaveLength(2);
    expect(twilio.requests).toEqual([]);
    expect(lines.join()).not.toMatch(/canary|RE1111|Please|CA0000/);
  });

  it('loses none of two that are told at the same instant', async () => {
    const { tell, table } = await scene({ status: 'agent_ringing', callSid, handoverId: handover }, unevenTable);
    await Promise.all([tell(recorded, about('message')), tell(written, about('transcription'))]);
    expect((await table.contexts.read(handover))?.facts.voicemail).toEqual({
      recordingSid,
      seconds: 12,
      text: 'Please call me back.',
    });
  });

  it('keeps that of a caller who called us under the handover alone', async () => {
    const { tell, table } = await scene();
    await tell(recorded, `about=message&handover=${handover}&agent=0&language=en`);
    expect((await table.contexts.read(handover))?.facts.voicemail).toEqual({ recordingSid, seconds: 12 });
    expect(await table.transcripts.lines(handover, 10)).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string?]>([
    ['that is empty', { ...recorded, RecordingDuration: '0' }],
    ['without a length', { ...recorded, RecordingDuration: '-1' }],
    ['that is absent', { ...recorded, RecordingStatus: 'absent' }],
    ['of a status that nobody knows', { ...recorded, RecordingStatus: 'constructor' }],
    ['with a malformed name', { ...recorded, RecordingSid: '../Accounts' }],
    ['without a name', { RecordingStatus: 'completed', RecordingDuration: '12' }],
    ['whose words are missing', { ...written, TranscriptionStatus: 'failed' }, 'transcription'],
    ['whose words are blank', { ...written, TranscriptionText: ' ' }, 'transcription'],
    ['of another call', { ...recorded, CallSid: 'CA00000000000000000000000000000002' }],
    ['about something that nobody knows', recorded, 'constructor'],
    ['about a recorded talk', { ...recorded, RecordingSource: 'DialVerb' }, 'recording'],
  ])('takes one %s and changes nothing', async (_, fields, subject = 'message') => {
    const uses: string[] = [];
    const { tell } = await scene({ status: 'agent_ringing', callSid, handoverId: handover }, (table) =>
      failingAt(table, Number.POSITIVE_INFINITY, 'before', uses),
    );
    expect(await tell(fields, about(subject))).toBe(204);
    expect(uses.filter((use) => !use.endsWith('.read'))).toEqual([]);
  });

  it('changes nothing of a call in which both have talked, or that nobody knows', async () => {
    const { tell, read, table } = await scene({ status: 'ended', callSid, handoverId: handover });
    await tell(recorded, about('message'));
    expect(await read()).toMatchObject({ status: 'ended', reason: undefined });
    await tell(recorded, `about=message&requestId=rbbbbbbbbbbbbbbbb&handover=haaaaaaaaaaaaaaaa&agent=0&language=en`);
    expect(await table.contexts.read('haaaaaaaaaaaaaaaa')).toBeUndefined();
  });
});

describe('row 22: a real sequence of callbacks', () => {
  const of = (CallStatus: string, SequenceNumber: string) => ({
    CallStatus,
    SequenceNumber,
    CallbackSource: 'call-progress-events',
  });
  const answered = [of('initiated', '0'), of('ringing', '1'), of('in-progress', '2')];
  const query = `requestId=${request}`;
  const message = `about=message&requestId=${request}&handover=${handover}&agent=0&language=en`;
  const recorded = { RecordingSid: recordingSid, RecordingStatus: 'completed', RecordingDuration: '12' };
  const sequences: [string, (readonly [Record<string, string>, string])[], object][] = [
    [
      'busy',
      [
        [of('initiated', '0'), query],
        [of('ringing', '1'), query],
        [of('busy', '2'), query],
      ],
      { status: 'failed', reason: 'busy' },
    ],
    [
      'no answer',
      [
        [of('initiated', '0'), query],
        [of('ringing', '1'), query],
        [of('no-answer', '2'), query],
      ],
      { status: 'failed', reason: 'no_answer' },
    ],
    [
      'machine',
      [
        ...answered.map((one) => [one, query] as const),
        [{ AnsweredBy: 'machine_start' }, query],
        [of('completed', '3'), query],
      ],
      { status: 'failed', reason: 'answering_machine' },
    ],
    [
      'person who leaves',
      [
        ...answered.map((one) => [one, query] as const),
        [{ AnsweredBy: 'human' }, query],
        [of('completed', '3'), query],
      ],
      { status: 'ended', reason: 'customer_left' },
    ],
    [
      'message',
      [...answered.map((one) => [one, query] as const), [recorded, message], [of('completed', '3'), query]],
      { status: 'voicemail', reason: undefined },
    ],
  ];

  it.each(sequences)('makes the same record in every order: %s', async (_, told, end) => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length }), async (order) => {
        const { tell, read } = await scene({ status: 'calling', callSid: undefined });
        for (const [fields, about] of order) expect(await tell(fields, about)).toBe(204);
        expect(await read()).toMatchObject({ ...end, callSid });
      }),
      { numRuns: 40 },
    );
  });
});

describe('call-events, of the phone of an agent', () => {
  const about = `about=agent&requestId=${request}&handover=${handover}&agent=1&language=de`;
  const legSid = 'CA00000000000000000000000000000009';
  const answered = { CallSid: legSid, ParentCallSid: callSid, CallStatus: 'in-progress', To: '+19005551234' };
  const env = { AGENT_TEXTS: 'on', AGENT_NUMBERS: '+15005550008 +15005550009' };
  const known: Partial<CallRecord> = {
    status: 'agent_ringing',
    callSid,
    handoverId: handover,
    name: 'Ada',
    topic: 'Rechnung',
  };
  const keep = (table: Table) => table;

  it('sends the agent the link to the conversation, once, to the number of the settings', async () => {
    const { tell, twilio, read, lines } = await scene(known, keep, env);
    for (const _ of [1, 2]) expect(await tell(answered, about)).toBe(204);
    expect(twilio.requests.map(({ path }) => path)).toEqual([
      `/2010-04-01/Accounts/${testSettings.TWILIO_ACCOUNT_SID}/Messages.json`,
    ]);
    const form = Object.fromEntries(new URLSearchParams(twilio.requests[0]?.body));
    expect(form).toEqual({
      To: '+15005550009',
      From: '+15005550010',
      Body: expect.stringContaining('Ada ruft Sie an, es geht um Rechnung: https://'),
    });
    const link = new URL(form.Body?.split(': ').at(-1) ?? '');
    expect(link.pathname).toBe('/agent-view');
    expect(
      isSigned('link', link.searchParams.get('link') ?? '', handover, [testSettings.SESSION_SECRET], Date.now()),
    ).toBe(true);
    expect(await read()).toMatchObject({ status: 'agent_ringing', callSid });
    expect(lines.join()).not.toMatch(/Ada|5005550009|agent-view|CA0000/);
  });

  it('does not send it twice when nobody knows whether it was sent', async () => {
    const { tell, twilio } = await scene(known, keep, env);
    twilio.next('placed, then reset');
    for (const _ of [1, 2]) expect(await tell(answered, about)).toBe(204);
    expect(twilio.requests).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string, Partial<CallRecord>, Record<string, string | undefined>]>([
    ['unless it is wanted', answered, about, known, { ...env, AGENT_TEXTS: undefined }],
    ['without a secret to sign with', answered, about, known, { ...env, SESSION_SECRET: undefined }],
    ['to a phone that is not ours', answered, about.replace('agent=1', 'agent=2'), known, env],
    ['to a phone that is done', { ...answered, CallStatus: 'completed' }, about, known, env],
    ['about a customer who is gone', answered, about, { ...known, status: 'ended' }, env],
    ['about nobody', answered, 'about=agent&agent=1&language=de', known, env],
  ])('sends nothing %s', async (_, fields, query, changed, settings) => {
    const { tell, twilio, read } = await scene(changed, keep, settings);
    expect(await tell(fields, query)).toBe(204);
    expect(twilio.requests).toEqual([]);
    expect(await read()).toMatchObject({ callSid });
  });
});

describe('call-events, of a call in a conversation', () => {
  const conversation = { conversationId: 'chat-1', handoverId: handover, callSid };
  const told = async (
    changed: Partial<CallRecord>,
    fields: readonly Record<string, string>[],
    clock: typeof systemClock = systemClock,
  ) => {
    const standIn = await startStandIn();
    onTestFinished(() => standIn.close());
    const made = await scene(
      { ...conversation, ...changed },
      (table) => table,
      {
        BOT_PUSH_URL: standIn.url,
        BOT_PUSH_SECRET: `whsec_${btoa('x'.repeat(32))}`,
      },
      clock,
    );
    for (const one of fields) await made.tell(one);
    return { ...made, bodies: standIn.bodies, standIn };
  };
  const ended = { CallStatus: 'completed', SequenceNumber: '3' };

  it('tells the bot how it ended, once, when the line is free again', async () => {
    const { bodies, tell, table } = await told({ status: 'connected' }, [{ CallStatus: 'ringing' }]);
    expect(bodies()).toEqual([]);
    for (const _ of [1, 2, 3]) await tell(ended);
    expect(bodies()).toEqual([
      expect.objectContaining({
        type: 'handover.call',
        data: { conversationId: 'chat-1', handoverId: handover, requestId: request, status: 'ended' },
      }),
    ]);
    expect((await table.transcripts.lines('chat-1', 5)).map(({ text }) => text)).toEqual(['The call is over: ended']);
  });

  it.each([
    [{ status: 'calling' as const }, [{ CallStatus: 'busy' }], { status: 'failed', reason: 'busy' }],
    [
      { status: 'customer_answered' as const },
      [{ AnsweredBy: 'machine_start' }, ended],
      { status: 'failed', reason: 'answering_machine' },
    ],
    [{ status: 'agent_ringing' as const }, [ended], { status: 'ended', reason: 'customer_left' }],
    [
      { status: 'failed' as const, reason: 'nobody_answered' },
      [ended],
      { status: 'failed', reason: 'nobody_answered' },
    ],
  ])('tells it why: %o, %o', async (changed, fields, end) => {
    const { bodies } = await told(changed, fields);
    expect(bodies()).toEqual([expect.objectContaining({ data: expect.objectContaining(end) })]);
  });

  it('waits a moment until it is known whether a message was left', async () => {
    let leave = async () => {};
    // The message is told in the very last moment.
    const after: typeof systemClock.after = (delayMs, then) =>
      delayMs === 1_500 ? systemClock.after(0, () => void leave().then(then)) : systemClock.after(delayMs, then);
    const failed = { status: 'failed', reason: 'nobody_answered' } as const;
    const { bodies, tell, table } = await told(failed, [], { ...systemClock, after });
    leave = async () => void (await advanceCall(table.calls, request, { status: 'voicemail' }, 1));
    await tell(ended);
    expect(bodies()).toEqual([expect.objectContaining({ data: expect.objectContaining({ status: 'voicemail' }) })]);
  });

  it('tells nothing of a call that was wished for outside a conversation, nor to a bot without an address', async () => {
    const { bodies, lines } = await told({ status: 'connected', conversationId: undefined }, [ended]);
    expect(bodies()).toEqual([]);
    expect(lines.at(-1)).not.toContain('told');
    const { tell, table } = await scene({ ...conversation, status: 'connected' });
    expect(await tell(ended)).toBe(204);
    expect(await table.outbox.waiting('chat-1', 'bot')).toEqual([]);
  });

  it('leaves it waiting when the bot cannot be reached', async () => {
    const { standIn, tell, table } = await told({ status: 'connected' }, []);
    standIn.behave(503);
    expect(await tell(ended)).toBe(204);
    expect(await table.outbox.waiting('chat-1', 'bot')).toHaveLength(1);
  });
});
