import { describe, expect, it } from 'vitest';
import callLeg from '../../functions/call-leg.ts';
import { callBackOf } from '../../shared/core/call/call-back.ts';
import { spelled } from '../../shared/core/call/own-parameter.ts';
import type { CallRecord, Table } from '../../shared/core/table.ts';
import { twilioCall } from '../support/calls.ts';
import { failingAt } from '../support/failing-table.ts';
import { memoryTable } from '../support/memory-table.ts';
import { onlyVerb, readTwiml, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

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
  waitingSinceMs: undefined,
  createdAtMs: 1,
  updatedAtMs: 1,
  version: 1,
};

async function scene(
  env: Record<string, string | undefined> = {},
  changed: Partial<CallRecord> = {},
  over?: (table: Table) => Table,
  clock = steadyClock,
) {
  const table = memoryTable();
  await table.calls.create({ ...record, ...changed });
  const used = over?.(table) ?? table;
  const { call, lines } = startFunction({ ...callLeg, ports: { table: () => used } }, env, clock);
  return {
    lines,
    call,
    table,
    step: (query: string, fields: Record<string, string> = {}) =>
      call(twilioCall('call-leg', { CallSid, CallStatus: 'in-progress', ...fields }, query)),
    status: async () => {
      const now = await table.calls.read(request);
      return [now?.status, now?.reason];
    },
  };
}

const names = (verbs: ReturnType<typeof readTwiml>) => verbs.map(({ name }) => name);

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

  it('gets them into line where people have no phones', async () => {
    const { step } = await scene({ DESK: 'flex', FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}` });
    const [, redirect] = readTwiml(await step(`step=customer&requestId=${request}&handover=${handover}`));
    const { searchParams } = new URL(redirect?.text ?? '');
    expect(searchParams.get('step')).toBe('person');
    const enqueue = onlyVerb(await step(searchParams.toString()));
    expect(enqueue.name).toBe('Enqueue');
    expect(JSON.parse(enqueue.verbs[0]?.text ?? '')).toMatchObject({ handoverId: handover, topic: 'my invoice' });
  });

  it('rings one agent after the other until one is connected, then offers what there is without them', async () => {
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
    expect(names(nobody)).toEqual(['Gather', 'Say', 'Hangup']);
    expect(nobody[0]?.verbs[0]?.text).toMatch(/nobody can take your call.*press 1.*press 2/);
    expect(nobody[1]?.text).toContain('nobody can take your call');
    expect(await status()).toEqual(['failed', 'nobody_answered']);
  });

  it('rings the team that its own URL names, of the settings, and everybody for a team that there is not', async () => {
    const { step } = await scene({ AGENT_QUEUES: '{"claims & co":["+15005550011","+15005550012"]}' });
    const first = onlyVerb(await step(`step=agent&requestId=${request}&queue=Y2xhaW1zICYgY28`));
    expect(first.verbs[0]?.text).toBe('+15005550011');
    expect(first.attributes.action).toContain('&queue=Y2xhaW1zICYgY28&');
    const [, second] = readTwiml(
      await step(`step=agent-ended&requestId=${request}&queue=Y2xhaW1zICYgY28&agent=0`, { DialCallStatus: 'busy' }),
    );
    expect(second?.verbs[0]?.text).toBe('+15005550012');
    for (const queue of ['+19005551234', 'constructor', ''])
      expect(onlyVerb(await step(`step=agent&requestId=${request}&queue=${spelled(queue)}`)).verbs[0]?.text).toBe(
        '+15005550008',
      );
  });

  it('records nobody unless CALL_RECORDING is on, and then tells both', async () => {
    const unrecorded = await scene();
    expect((await unrecorded.step(`step=agent&requestId=${request}`)).body).not.toMatch(/record/i);
    expect((await unrecorded.step(`step=whisper&requestId=${request}`)).body).not.toMatch(/record/i);
    const { step } = await scene({ CALL_RECORDING: 'on' });
    const [told, dial] = readTwiml(await step(`step=agent&requestId=${request}&handover=${handover}`));
    expect(told?.text).toBe('This call will be recorded.');
    expect(dial?.attributes).toMatchObject({
      record: 'record-from-answer-dual',
      recordingStatusCallback: `https://handover.example.com/call-events?about=recording&requestId=${request}&handover=${handover}&agent=0&language=en`,
    });
    const [gather] = readTwiml(await step(`step=whisper&requestId=${request}`));
    expect(gather?.verbs[0]?.text).toMatch(/The call will be recorded\. To take the call, press 1\.$/);
  });

  it('tells call-events that a phone is answered only where a text may follow', async () => {
    const numberOf = async (env: Record<string, string | undefined>, query = `&handover=${handover}`) =>
      onlyVerb(await (await scene(env)).step(`step=agent&requestId=${request}&agent=0${query}`)).verbs[0]?.attributes;
    expect(await numberOf({ AGENT_TEXTS: 'on' })).toMatchObject({
      statusCallback: `https://handover.example.com/call-events?about=agent&requestId=${request}&handover=${handover}&agent=0&language=en`,
      statusCallbackEvent: 'answered',
    });
    expect(await numberOf({})).not.toHaveProperty('statusCallback');
    expect(await numberOf({ AGENT_TEXTS: 'on', SESSION_SECRET: undefined })).not.toHaveProperty('statusCallback');
    expect(await numberOf({ AGENT_TEXTS: 'on' }, '')).not.toHaveProperty('statusCallback');
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

  it('row 21: tells the agent who waits and why from the conversation, as much as half a minute holds', async () => {
    const { step, table } = await scene({}, { handoverId: handover });
    await table.contexts.tell(handover, 'wish', { name: 'Ada Lovelace', topic: 'a broken parcel' }, 1);
    await table.contexts.tell(
      handover,
      'bot',
      { reason: 'The bot did not find the order', fields: { orderNumber: '4711', city: 'Köln', secret: '<>' } },
      1,
    );
    await table.contexts.link(handover, 'chat-1', 1);
    const say = async (by: 'customer' | 'bot', text: string, atMs: number) =>
      table.transcripts.add('chat-1', { by, text, atMs, id: `line-${atMs}` });
    await say('customer', 'Hello', 1);
    await say('customer', `It came broken! ${'And there is more to it. '.repeat(40)}`, 2);
    await say('bot', 'One moment', 3);
    const whisper = async () => {
      const [gather] = readTwiml(await step(`step=whisper&requestId=${request}&handover=${handover}`));
      return gather?.verbs[0]?.text ?? '';
    };
    const said = await whisper();
    expect(said).toMatch(
      /^Ada Lovelace would like to talk to you about a broken parcel\. The reason: The bot did not find the order\. Known so far: order number: 4711, city: Köln\. Their last words: It came broken And there .*\. To take the call, press 1\.$/,
    );
    expect(said.length).toBeLessThan(400 + 30);
    await say('customer', 'Please hurry', 4);
    expect(await whisper()).toContain('Their last words: Please hurry.');
  });

  it.for([
    ['en', 'The reason: The bot did not understand the caller.'],
    ['de', 'Der Grund: Der Bot hat den Anrufer nicht verstanden.'],
  ])('tells the agent a reason of ours in words, in %s', async ([language, sentence]) => {
    const { step, table } = await scene({});
    const handover = 'h-reason';
    await table.contexts.tell(handover, 'bot', { reason: 'not_understood' }, 1);
    const [gather] = readTwiml(
      await step(`step=whisper&requestId=${request}&handover=${handover}&language=${language}`),
    );
    expect(gather?.verbs[0]?.text).toContain(sentence);
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

describe('call-leg, when nobody is there', () => {
  const nowMs = Date.parse('2026-01-05T12:00:00Z');
  const clock = { ...steadyClock, nowMs: () => nowMs };
  const dueIn = async (table: Table) => table.due.until(nowMs + 7 * 86_400_000, 10);
  const wanted = `step=choice&requestId=${request}&handover=${handover}`;
  const inbound = `step=choice&handover=${handover}`;

  it('calls back whom we called, on their number, as the same handover, when they press 1', async () => {
    const conversationId = 'chat-1';
    const { step, table, status } = await scene({}, { handoverId: handover, conversationId }, undefined, clock);
    const promised = readTwiml(await step(wanted, { Digits: '1' }));
    expect(names(promised)).toEqual(['Say', 'Hangup']);
    expect(promised[0]?.text).toContain('We will call you back');
    expect(await status()).toEqual(['ended', 'call_back']);
    const [due] = await dueIn(table);
    expect(due).toEqual({ requestId: callBackOf(CallSid), atMs: nowMs + 15 * 60_000 });
    expect(await table.calls.read(due?.requestId ?? '')).toMatchObject({
      subject: 'visitor:user-1',
      phone: '+15005550006',
      status: 'scheduled',
      conversationId,
      handoverId: handover,
      topic: 'my invoice',
      language: 'de-DE',
      waitingSinceMs: undefined,
    });
  });

  it('promises it once however often the key is told', async () => {
    const { step, table } = await scene({ CALL_LIMITS: '{"perNumber":1}' }, {}, undefined, clock);
    const first = await step(wanted, { Digits: '1' });
    expect((await step(wanted, { Digits: '1' })).body).toBe(first.body);
    expect(await dueIn(table)).toHaveLength(1);
  });

  it('calls a caller back only on a number that may be called', async () => {
    const { step, table } = await scene({ VOICEMAIL: 'off' }, {}, undefined, clock);
    const nobody = `step=nobody&handover=${handover}`;
    for (const From of ['+19005551234', '+442071838750', '+266696687', 'sip:a@b', '', '+1500']) {
      expect(names(readTwiml(await step(nobody, { From }))), From).toEqual(['Say', 'Hangup']);
      expect(readTwiml(await step(inbound, { From, Digits: '1' }))[0]?.text).toContain('cannot call this number back');
    }
    expect(await dueIn(table)).toEqual([]);
    expect(names(readTwiml(await step(nobody, { From: '+15005550006' })))).toEqual(['Gather', 'Say', 'Hangup']);
    await step(inbound, { From: '+15005550006', Digits: '1' });
    expect(await table.calls.read(callBackOf(CallSid))).toMatchObject({
      phone: '+15005550006',
      subject: 'caller:+15005550006',
      handoverId: handover,
      status: 'scheduled',
    });
  });

  it('promises nothing that cannot be written down, is more than CALL_LIMITS allow or would never come', async () => {
    const cannot = async (env: Record<string, string>, over?: (table: Table) => Table) => {
      const { step, table, status } = await scene(env, {}, over, clock);
      const verbs = readTwiml(await step(wanted, { Digits: '1' }));
      expect(names(verbs)).toEqual(['Say', 'Say', 'Record', 'Say', 'Hangup']);
      expect(verbs[0]?.text).toContain('cannot call this number back');
      expect(await dueIn(table)).toEqual([]);
      expect((await status())[1]).toBeUndefined();
    };
    await cannot({ CALL_LIMITS: '{"perNumber":0}' });
    await cannot({ CALL_LIMITS: '{"perDay":0}' });
    await cannot({ BUSINESS_HOURS: '{"timeZone":"Europe/Berlin","weekly":{}}' });
    await cannot({}, (table) => failingAt(table, 0, 'before'));
  });

  it('calls back when somebody is there', async () => {
    const { step, table } = await scene(
      { BUSINESS_HOURS: '{"timeZone":"Europe/Berlin","weekly":{"tue":["09:00-12:00"]}}' },
      {},
      undefined,
      clock,
    );
    await step(wanted, { Digits: '1' });
    expect((await dueIn(table))[0]?.atMs).toBe(Date.parse('2026-01-06T08:00:00Z'));
  });

  it('keeps the place of somebody who waited in the queue of the desk', async () => {
    const { step, table } = await scene(
      { DESK: 'flex', FLEX_WORKFLOW_SID: `WW${'1'.repeat(32)}` },
      {},
      undefined,
      clock,
    );
    const sinceMs = nowMs - 90_000;
    const offered = readTwiml(
      await step(`step=nobody&handover=${handover}&since=${sinceMs}`, { From: '+15005550006' }),
    );
    const { searchParams } = new URL(offered[0]?.attributes.action ?? '');
    expect(searchParams.get('since')).toBe(String(sinceMs));
    await step(`${searchParams}`, { From: '+15005550006', Digits: '1' });
    expect(await table.calls.read(callBackOf(CallSid))).toMatchObject({ waitingSinceMs: sinceMs, dueAtMs: nowMs });
  });

  it('records a message of two minutes that ends by key, silence or hanging up', async () => {
    const { step, status } = await scene({}, { handoverId: handover });
    const verbs = readTwiml(await step(wanted, { Digits: '2' }));
    expect(names(verbs)).toEqual(['Say', 'Record', 'Say', 'Hangup']);
    const about = (subject: string) =>
      `https://handover.example.com/call-events?about=${subject}&requestId=${request}&handover=${handover}&agent=0&language=en`;
    expect(verbs[1]?.attributes).toEqual({
      action: `https://handover.example.com/call-leg?step=message&requestId=${request}&handover=${handover}&agent=0&language=en`,
      maxLength: '120',
      timeout: '5',
      finishOnKey: '#',
      playBeep: 'true',
      recordingStatusCallback: about('message'),
      transcribe: 'true',
      transcribeCallback: about('transcription'),
    });
    expect(verbs[2]?.text).toContain('did not hear');
    const german = readTwiml(await step(`${wanted}&language=de`, { Digits: '2' }));
    expect(german[1]?.attributes).not.toHaveProperty('transcribe');
    expect(await status()).toEqual(['calling', undefined]);
    const taken = readTwiml(await step(`step=message&requestId=${request}`, { RecordingUrl: 'https://x.example/RE1' }));
    expect(names(taken)).toEqual(['Say', 'Hangup']);
    expect(await status()).toEqual(['voicemail', undefined]);
  });

  it('asks again after another key, and offers no message where none are taken', async () => {
    const { step } = await scene();
    const again = readTwiml(await step(wanted, { Digits: '7' }));
    expect(again[0]?.verbs[0]?.text).toMatch(/press 1.*press 2/);
    const off = await scene({ VOICEMAIL: 'off' });
    for (const Digits of ['2', '3', '']) {
      const [gather] = readTwiml(await off.step(wanted, { Digits }));
      expect(gather?.verbs[0]?.text).not.toContain('press 2');
    }
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
    const took = stopwatch();
    await Promise.all(
      steps.map(async ([query, fields]) => {
        const expected = await quick.step(query, fields);
        expect((await slow.step(query, fields)).body).toBe(expected.body);
      }),
    );
    expect(took()).toBeLessThan(2_400);
  });

  it('shares 900 ms among all that one answer wants of it', async () => {
    const wholly = (table: Table) => ({ ...hung(table), contexts: never(table.contexts) });
    const { step } = await scene({}, {}, wholly);
    const took = stopwatch();
    const verbs = readTwiml(await step(`step=choice&handover=${handover}`, { From: '+15005550006', Digits: '1' }));
    expect(took()).toBeLessThan(1_500);
    expect(names(verbs)).toEqual(['Say', 'Say', 'Record', 'Say', 'Hangup']);
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
