import { describe, expect, it } from 'vitest';
import callLeg from '../../functions/call-leg.ts';
import type { CallRecord, Table } from '../../shared/core/table.ts';
import { twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { onlyVerb, readTwiml, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';

const request = 'raaaaaaaaaaaaaaaa';
const handover = 'hbbbbbbbbbbbbbbbb';
const CallSid = 'CA00000000000000000000000000000001';

const record: CallRecord = {
  requestId: request,
  subject: 'visitor:user-1',
  phone: '+15005550006',
  conversationId: undefined,
  topic: 'my invoice',
  name: 'Ada </Say><Dial>+1900',
  language: 'de-DE',
  status: 'calling',
  reason: undefined,
  callSid: CallSid,
  handoverId: undefined,
  dueAtMs: undefined,
  createdAtMs: 1,
  updatedAtMs: 1,
  version: 1,
};

async function scene(
  env: Record<string, string | undefined> = {},
  changed: Partial<CallRecord> = {},
  over?: (table: Table) => Table,
) {
  const table = memoryTable();
  await table.calls.create({ ...record, ...changed });
  const used = over?.(table) ?? table;
  const { call, lines } = startFunction({ ...callLeg, ports: { table: () => used } }, env);
  return {
    lines,
    call,
    step: (query: string, fields: Record<string, string> = {}) =>
      call(twilioCall('call-leg', { CallSid, CallStatus: 'in-progress', ...fields }, query)),
    status: async () => {
      const now = await table.calls.read(request);
      return [now?.status, now?.reason];
    },
  };
}

const names = (verbs: ReturnType<typeof readTwiml>) => verbs.map(({ name }) => name);

describe('call-leg, when the assistant is done', () => {
  const ended = `step=assistant-ended&handover=${handover}`;

  it.each([
    [{ DialCallStatus: 'busy' }, 'assistant_busy'],
    [{ DialCallStatus: 'no-answer' }, 'assistant_no_answer'],
    [{ DialCallStatus: 'failed' }, 'assistant_failed'],
    [{ DialCallStatus: 'canceled' }, 'assistant_failed'],
    [{ DialCallStatus: 'constructor' }, 'assistant_failed'],
    [{}, 'assistant_failed'],
    [{ DialCallStatus: 'completed', DialBridged: 'false' }, 'assistant_failed'],
    [{ DialCallStatus: 'completed' }, 'assistant_ended'],
    [{ DialCallStatus: 'completed', DialBridged: 'true' }, 'assistant_ended'],
    [{ DialCallStatus: 'answered' }, 'assistant_ended'],
  ])('returns to the flow after %o and says why: %s', async (fields, HandoverReason) => {
    const { step } = await scene();
    expect(redirectQuery(await step(ended, fields))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverReason,
    });
  });

  it('goes to the phones of the desk without a flow, and after a whole call only when AFTER_ASSISTANT says so', async () => {
    const toDesk = `https://handover.example.com/call-leg?step=agent&handover=${handover}`;
    const hangup = await scene({ STUDIO_WEBHOOK_URL: undefined });
    expect(onlyVerb(await hangup.step(ended, { DialCallStatus: 'busy' })).text).toBe(toDesk);
    expect(onlyVerb(await hangup.step(ended, { DialCallStatus: 'completed' })).name).toBe('Hangup');
    const person = await scene({ STUDIO_WEBHOOK_URL: undefined, AFTER_ASSISTANT: 'person' });
    expect(onlyVerb(await person.step(ended, { DialCallStatus: 'completed' })).text).toBe(toDesk);
  });

  it('sends a caller whose step it does not know to a person', async () => {
    const { step } = await scene();
    for (const query of ['', 'step=unknown', 'step=agent&step=agent'])
      expect(redirectQuery(await step(query))).toEqual({ FlowEvent: 'return', HandoverError: 'unavailable' });
  });
});

describe('call-leg, when a customer whom we called answers', () => {
  it('says who calls in their language and then rings the desk', async () => {
    const { step, status } = await scene({ BUSINESS_NAME: 'Müller & Söhne' });
    const [greeting, redirect] = readTwiml(await step(`step=customer&requestId=${request}&language=de`));
    expect(greeting?.text).toContain('hier ist Müller & Söhne');
    expect(greeting?.text).toContain('es geht um my invoice');
    expect(greeting?.attributes).toEqual({ language: 'de-DE', voice: 'Polly.Vicki' });
    expect(redirect?.text).toBe(
      `https://handover.example.com/call-leg?step=agent&requestId=${request}&agent=0&language=de`,
    );
    expect(await status()).toEqual(['customer_answered', undefined]);
  });

  it('rings one agent after the other until one is connected, then says that nobody is there', async () => {
    const { step, status } = await scene({ AGENT_NUMBERS: '+15005550008 +15005550009' });
    const first = onlyVerb(await step(`step=agent&requestId=${request}`));
    expect(first.attributes).toEqual({
      callerId: '+15005550010',
      timeout: '20',
      timeLimit: '3600',
      action: `https://handover.example.com/call-leg?step=agent-ended&requestId=${request}&agent=0&language=en`,
    });
    expect(first.verbs).toEqual([
      {
        name: 'Number',
        attributes: {
          url: `https://handover.example.com/call-leg?step=whisper&requestId=${request}&agent=0&language=en`,
        },
        text: '+15005550008',
        verbs: [],
      },
    ]);
    expect(await status()).toEqual(['agent_ringing', undefined]);
    const turnedDown = { DialCallStatus: 'completed', DialBridged: 'false' };
    const [still, second] = readTwiml(await step(`step=agent-ended&requestId=${request}&agent=0`, turnedDown));
    expect(still?.text).toContain('still trying');
    expect(second?.verbs[0]?.text).toBe('+15005550009');
    expect(second?.attributes.action).toContain('agent=1');
    const nobody = readTwiml(
      await step(`step=agent-ended&requestId=${request}&agent=1`, { DialCallStatus: 'no-answer' }),
    );
    expect(names(nobody)).toEqual(['Say', 'Hangup']);
    expect(nobody[0]?.text).toContain('nobody can take your call');
    expect(await status()).toEqual(['failed', 'nobody_answered']);
  });

  it('tells the agent who waits and why, and lets them in by the key 1 only', async () => {
    const { step, status } = await scene({}, { status: 'agent_ringing' });
    const [gather, hangup] = readTwiml(await step(`step=whisper&requestId=${request}&agent=1&language=de`));
    expect(gather?.attributes).toEqual({
      action: `https://handover.example.com/call-leg?step=accept&requestId=${request}&agent=1&language=de`,
      numDigits: '1',
      timeout: '10',
    });
    expect(gather?.verbs[0]?.text).toBe(
      'Ada Say Dial 1900 möchte mit Ihnen sprechen, es geht um my invoice. Um den Anruf anzunehmen, drücken Sie die 1.',
    );
    expect(hangup?.name).toBe('Hangup');
    for (const Digits of ['2', '11', '', 'ה'])
      expect(onlyVerb(await step(`step=accept&requestId=${request}`, { Digits })).name).toBe('Hangup');
    expect(await status()).toEqual(['agent_ringing', undefined]);
    expect(readTwiml(await step(`step=accept&requestId=${request}`, { Digits: '1' }))).toEqual([]);
    expect(await status()).toEqual(['connected', undefined]);
    const over = await step(`step=agent-ended&requestId=${request}`, {
      DialCallStatus: 'completed',
      DialBridged: 'true',
    });
    expect(onlyVerb(over).name).toBe('Hangup');
    expect(await status()).toEqual(['ended', undefined]);
  });

  it('does not connect an agent with a customer who is gone', async () => {
    const { step } = await scene({}, { status: 'failed', reason: 'answering_machine' });
    const verbs = readTwiml(await step(`step=whisper&requestId=${request}`));
    expect(names(verbs)).toEqual(['Say', 'Hangup']);
    expect(verbs[0]?.text).toContain('no longer on the line');
  });

  it('rings nobody else when the customer has hung up', async () => {
    const { step, status } = await scene({ AGENT_NUMBERS: '+15005550008 +15005550009' }, { status: 'agent_ringing' });
    const gone = { CallStatus: 'completed', DialCallStatus: 'no-answer' };
    expect(onlyVerb(await step(`step=agent-ended&requestId=${request}&agent=0`, gone)).name).toBe('Hangup');
    expect(await status()).toEqual(['agent_ringing', undefined]);
  });
});

describe('call-leg, when the table is slow or away', () => {
  const never = <T extends object>(part: T): T => new Proxy(part, { get: () => () => new Promise(() => {}) });
  const hung = (table: Table): Table => ({ ...table, calls: never(table.calls) });
  const away = (table: Table): Table => ({
    ...table,
    calls: new Proxy(table.calls, { get: () => async () => Promise.reject(new Error('away')) }),
  });

  it.each([
    ['hung', hung],
    ['away', away],
  ])('gives every leg the same answers as ever, in time: %s', async (_, over) => {
    const slow = await scene({}, {}, over);
    const quick = await scene({}, { name: undefined, topic: undefined });
    const steps: [string, Record<string, string>][] = [
      [`step=customer&requestId=${request}`, {}],
      [`step=agent&requestId=${request}`, {}],
      [`step=whisper&requestId=${request}`, {}],
      [`step=accept&requestId=${request}`, { Digits: '1' }],
      [`step=agent-ended&requestId=${request}`, { DialCallStatus: 'no-answer' }],
    ];
    const began = performance.now();
    await Promise.all(
      steps.map(async ([query, fields]) => {
        const expected = await quick.step(query, fields);
        expect((await slow.step(query, fields)).body).toBe(expected.body);
      }),
    );
    expect(performance.now() - began).toBeLessThan(2_400);
  });

  it('asks no table for a call that came in', async () => {
    const used: string[] = [];
    const { step } = await scene({}, {}, (table) => failingAt(table, Number.POSITIVE_INFINITY, 'before', used));
    expect(onlyVerb(await step(`step=agent&handover=${handover}`)).verbs[0]?.text).toBe('+15005550008');
    expect(used).toEqual([]);
  });
});

describe('call-leg, when it fails itself', () => {
  const broken = async (query: string, env: Record<string, string | undefined> = {}) => {
    const { call } = startFunction(
      {
        ...callLeg,
        answer: () => {
          throw new Error('broken');
        },
      },
      { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9', ...env },
    );
    return call(twilioCall('call-leg', {}, query));
  };

  it('still takes a caller to a person, and only hangs up on an agent', async () => {
    expect(redirectQuery(await broken(`step=assistant-ended&handover=${handover}`))).toEqual({
      FlowEvent: 'return',
      HandoverId: handover,
      HandoverError: 'unavailable',
    });
    expect(names(readTwiml(await broken(`step=customer&requestId=${request}`)))).toEqual(['Say', 'Dial']);
    expect(names(readTwiml(await broken('step=agent', { STUDIO_WEBHOOK_URL: undefined })))).toEqual(['Say', 'Dial']);
    expect(names(readTwiml(await broken(`step=whisper&requestId=${request}`)))).toEqual(['Hangup']);
  });

  it('tells a stranger nothing', async () => {
    const { call } = await scene();
    expect((await call({ ...twilioCall('call-leg', {}, 'step=agent'), query: 'step=accept' })).status).toBe(403);
  });
});
