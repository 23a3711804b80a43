import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCall, SAME_WISH_MS } from '../../../shared/core/call/advance-call.ts';
import { learnedFrom } from '../../../shared/core/call/call-event.ts';
import { type CallChange, isOver, progressed } from '../../../shared/core/call/call-status.ts';
import { type CallRecord, callStatuses } from '../../../shared/core/table.ts';
import { memoryTable } from '../../support/memory-table.ts';

const callSid = 'CA00000000000000000000000000000001';

const record: CallRecord = {
  requestId: 'raaaaaaaaaaaaaaaa',
  subject: 'visitor:user-1',
  phone: '+15005550006',
  conversationId: undefined,
  topic: undefined,
  name: undefined,
  language: undefined,
  status: 'calling',
  reason: undefined,
  callSid: undefined,
  handoverId: undefined,
  dueAtMs: undefined,
  waitingSinceMs: undefined,
  createdAtMs: 1_000,
  updatedAtMs: 1_000,
  version: 1,
};

const learning = (changes: readonly CallChange[], from = record) =>
  changes.reduce((now, change, at) => progressed(now, change, 2_000 + at) ?? now, from);

const anyChange = fc.record(
  {
    status: fc.constantFrom(...callStatuses),
    reason: fc.constantFrom('busy' as const, 'nobody_answered' as const),
    callSid: fc.constant(callSid),
  },
  { requiredKeys: ['status'] },
);

describe('progressed', () => {
  it('goes on from calling to the end', () => {
    const statuses = ['customer_answered', 'agent_ringing', 'connected', 'ended'] as const;
    expect(learning(statuses.map((status) => ({ status })))).toMatchObject({ status: 'ended', version: 5 });
  });

  it('never goes back and keeps what is over, in every order of any changes', () => {
    const rank = ['scheduled', 'calling', 'customer_answered', 'agent_ringing', 'connected', 'ended'];
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 12 }), (changes) => {
        let now = record;
        for (const change of changes) {
          const next = progressed(now, change, 3_000);
          if (!next) continue;
          if (isOver(now.status)) expect(isOver(next.status) && now.reason === 'nobody_answered').toBe(true);
          expect(next.version).toBe(now.version + 1);
          if (now.callSid !== undefined) expect(next.callSid).toBe(now.callSid);
          if (rank.includes(now.status) && rank.includes(next.status))
            expect(rank.indexOf(next.status)).toBeGreaterThanOrEqual(rank.indexOf(now.status));
          now = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends the same whatever the order of callbacks is', () => {
    const callbacks: readonly CallChange[] = [
      { status: 'calling', callSid },
      { status: 'unknown' },
      { status: 'customer_answered', callSid },
      { status: 'agent_ringing' },
      { status: 'connected' },
      { status: 'ended', callSid },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...callbacks, ...callbacks], { minLength: 12 }), (order) => {
        expect(learning(order)).toMatchObject({ status: 'ended' });
      }),
    );
  });

  it('is unknown only as long as nobody has named the call', () => {
    expect(learning([{ status: 'unknown' }])).toMatchObject({ status: 'unknown' });
    expect(learning([{ status: 'calling', callSid }, { status: 'unknown' }])).toMatchObject({
      status: 'calling',
      callSid,
    });
    expect(learning([{ status: 'unknown' }, { status: 'calling' }])).toMatchObject({ status: 'unknown' });
    expect(learning([{ status: 'unknown' }, { status: 'calling', callSid }])).toMatchObject({
      status: 'calling',
      callSid,
    });
    expect(learning([{ status: 'unknown' }, { status: 'failed', reason: 'busy', callSid }])).toMatchObject({
      status: 'failed',
      callSid,
    });
  });

  it.each<[string, readonly CallChange[], Partial<CallRecord>]>([
    ['talk', [{ status: 'connected' }, { status: 'ended' }], { status: 'ended', reason: undefined }],
    ['machine', [{ status: 'failed', reason: 'answering_machine' }], { status: 'failed', reason: 'answering_machine' }],
    ['nobody', [{ status: 'failed', reason: 'nobody_answered' }], { status: 'failed', reason: 'nobody_answered' }],
    [
      'call-back',
      [
        { status: 'failed', reason: 'nobody_answered' },
        { status: 'ended', reason: 'call_back' },
      ],
      { status: 'ended', reason: 'call_back' },
    ],
    [
      'message',
      [{ status: 'failed', reason: 'nobody_answered' }, { status: 'voicemail' }, { status: 'voicemail' }],
      { status: 'voicemail', reason: undefined },
    ],
    ['customer who leaves', [], { status: 'ended', reason: 'customer_left' }],
  ])('the end of a call is the same in every order of what tells it: %s', (_, told, end) => {
    const always: readonly CallChange[] = [
      { status: 'calling', callSid },
      { status: 'calling', callSid },
      { status: 'customer_answered', callSid },
      { status: 'agent_ringing' },
      { status: 'ended', reason: 'customer_left', callSid },
    ];
    const all = [...always, ...told];
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }), (order) => {
        expect(learning(order)).toMatchObject(end);
      }),
      { numRuns: 500 },
    );
  });

  it('does not fail a call in which both have talked', () => {
    const connected = learning([{ status: 'connected' }]);
    expect(progressed(connected, { status: 'failed', reason: 'answering_machine' }, 9_000)).toBeUndefined();
  });

  it('does not count an agent as somebody who accepted and was gone before the two could talk', () => {
    const connected = learning([{ status: 'connected' }]);
    expect(progressed(connected, { status: 'failed', reason: 'nobody_answered' }, 9_000)).toMatchObject({
      status: 'failed',
      reason: 'nobody_answered',
    });
  });
});

describe('learnedFrom', () => {
  const says = (CallStatus: string, status: CallRecord['status'] = 'calling') =>
    learnedFrom({ CallStatus, AnsweredBy: undefined }, callSid, { ...record, status });

  it('reads the words of Twilio', () => {
    expect(says('ringing')).toEqual({ status: 'calling', callSid });
    expect(says('in-progress')).toEqual({ status: 'customer_answered', callSid });
    expect(says('busy')).toEqual({ status: 'failed', reason: 'busy', callSid });
    expect(says('no-answer')).toEqual({ status: 'failed', reason: 'no_answer', callSid });
    expect(says('completed', 'connected')).toEqual({ status: 'ended', reason: 'customer_left', callSid });
    expect(says('completed', 'scheduled')).toBeUndefined();
    expect(['', 'constructor', 'new-word'].map((word) => says(word))).toEqual([undefined, undefined, undefined]);
  });

  it('takes a machine for a machine and what it cannot tell for a person', () => {
    const heard = (AnsweredBy: string) => learnedFrom({ CallStatus: undefined, AnsweredBy }, callSid, record);
    for (const machine of ['machine_start', 'machine_end_beep', 'fax'])
      expect(heard(machine)).toEqual({ status: 'failed', reason: 'answering_machine', callSid });
    for (const person of ['human', 'unknown', '']) expect(heard(person)).toBeUndefined();
  });

  it('does not listen to another call', () => {
    expect(learnedFrom({ CallStatus: 'busy', AnsweredBy: undefined }, 'CA2', { ...record, callSid })).toBeUndefined();
  });
});

describe('advanceCall', () => {
  it('loses nothing when many tell at once, and frees the number when the call is over', async () => {
    const { calls } = memoryTable();
    await calls.create(record);
    await calls.occupy(record.phone, record.requestId, 0, 1e9);
    const changes: CallChange[] = [
      { status: 'customer_answered' },
      { status: 'agent_ringing' },
      { status: 'failed', reason: 'nobody_answered' },
    ];
    await Promise.all(changes.map((change) => advanceCall(calls, record.requestId, change, 5_000)));
    expect(await calls.read(record.requestId)).toMatchObject({ status: 'failed', reason: 'nobody_answered' });
    expect(await calls.occupy(record.phone, 'other', 5_000 + SAME_WISH_MS - 1, 1e9)).toBe(record.requestId);
    expect(await calls.occupy(record.phone, 'other', 5_000 + SAME_WISH_MS, 1e9)).toBe('other');
  });

  it('knows no call that nobody asked for', async () => {
    const { calls } = memoryTable();
    expect(await advanceCall(calls, 'rbbbbbbbbbbbbbbbb', { status: 'ended' }, 1)).toBeUndefined();
    expect(await calls.read('rbbbbbbbbbbbbbbbb')).toBeUndefined();
  });
});
