import { describe, expect, test } from 'vitest';
import { hears, phoneStage } from './phone-stage.ts';

const IN_LINE = [/next in line/, /^\(plays https:/] as const;
const ADA = 'Hello, this is Ada. I can see what you talked about.';
const ASSISTANT = [
  'Hello, this is the assistant. How can I help?',
  'One moment, I will connect you with a person.',
] as const;
const LONG = `<sip:queue@flex.twilio.com?User-to-User=${'a'.repeat(300)}>`;
const wantsPerson = { says: ['I want to talk to a person'] };

describe('the assistant', () => {
  const stage = phoneStage();

  /** A call in which an agent takes the task that comes of it; what the caller heard, and what the agent was told. */
  async function call(script = {}) {
    const callSid = await stage.callIn(script);
    const { sid, attributes } = await stage.taskOf(callSid);
    await expect.poll(async () => (await stage.leg(callSid)).heard.at(-1)?.text).toMatch(/plays/);
    await stage.accept(sid, { ends: 'hang-up' });
    const leg = await stage.over(callSid);
    expect(attributes.handoverId).toMatch(/^h/);
    await stage.nobodyWasLeftAlone();
    return { leg, attributes };
  }

  test.for([
    ['is busy', { answers: 'busy' }, 'assistant_busy'],
    ['fails', { answers: 'failed', sipResponseCode: 503 }, 'assistant_failed'],
    ['is a number that is not there', { answers: 'failed', sipResponseCode: 404 }, 'assistant_failed'],
    ['does not answer', { answers: 'no-answer' }, 'assistant_no_answer'],
  ] as const)('%s: the caller waits for a person, who knows why', async ([, script, handoverReason]) => {
    await stage.assistant(script);
    const { leg, attributes } = await call();
    hears(leg, ['(ringing)', ...IN_LINE, ADA]);
    expect(attributes).toMatchObject({ handoverReason });
  });

  test('hangs up to transfer: the caller waits for a person', async () => {
    await stage.assistant({ ends: 'bye', messageToAgent: 'Wants a refund' });
    const { leg, attributes } = await call(wantsPerson);
    hears(leg, ['(ringing)', ...ASSISTANT, ...IN_LINE, ADA]);
    expect(attributes).toMatchObject({ handoverReason: 'assistant_transfer', reason: 'Wants a refund' });
  });

  test('hangs up without a word: as after a goodbye, the setting says whether a person follows', async () => {
    await stage.assistant({ ends: 'drop' });
    const callSid = await stage.callIn(wantsPerson);
    hears(await stage.over(callSid), ['(ringing)', ASSISTANT[0]]);
    expect(await stage.tasks()).toEqual([]);
    await stage.nobodyWasLeftAlone();
  });

  test.for([
    ['without a key', { header: 'none' }],
    ['with a target that is cut off', { referTo: LONG, longRefer: 'cut' }],
    ['with a key that is none', { referTo: '<sip:queue@flex.twilio.com?User-to-User=undefined>' }],
  ] as const)('refers %s: the caller waits for a person, and nothing is made up', async ([, script]) => {
    await stage.assistant(script);
    const { leg, attributes } = await call(wantsPerson);
    hears(leg, ['(ringing)', ...ASSISTANT, ...IN_LINE, ADA]);
    expect(attributes).not.toHaveProperty('sessionHistoryKey');
    expect(JSON.stringify(attributes)).not.toContain('undefined');
    const said = stage.lines.map((line) => JSON.parse(line)).find((line) => line.function === 'refer-handler');
    expect(said).toMatchObject({ key: false });
    expect(JSON.stringify(stage.lines)).not.toContain('aaaaaaaa');
  });

  test('refers with a target that is longer than Twilio promises to take: the key is found, and the length is said', async () => {
    await stage.assistant({ encoding: 'hex', longRefer: 'whole' });
    const { attributes } = await call(wantsPerson);
    const [watson] = await stage.ask<{ sessionHistoryKey: string }[]>('GET', '/_stage/watson');
    expect(attributes.sessionHistoryKey).toBe(watson?.sessionHistoryKey);
    const said = stage.lines.map((line) => JSON.parse(line)).find((line) => line.function === 'refer-handler');
    expect(said).toMatchObject({ key: true, tooLong: true });
  });

  test('refers with a target that Twilio refuses: the assistant says so, and its hang-up leads to a person', async () => {
    await stage.assistant({ referTo: LONG, longRefer: 'refused', onFailure: 'bye' });
    const { leg, attributes } = await call(wantsPerson);
    hears(leg, [
      ...['(ringing)', ...ASSISTANT, 'The transfer did not work. Please try again later.'],
      ...[...IN_LINE, ADA],
    ]);
    expect(attributes).toMatchObject({ handoverReason: 'assistant_transfer' });
  });

  test('refers by the short id of the handover: the agent has it, and the key is not needed', async () => {
    await stage.assistant({ header: 'X-Handover-Id' });
    const { attributes } = await call(wantsPerson);
    const [watson] = await stage.ask<{ headers: Record<string, string>; referTo: string }[]>('GET', '/_stage/watson');
    expect(attributes.handoverId).toBe(watson?.headers['x-handover-id']);
    expect(watson?.referTo.length).toBeLessThan(100);
  });
});

describe('the assistant hangs up without a word, and a person is to follow', () => {
  const stage = phoneStage({ AFTER_ASSISTANT: 'person' });

  test('the caller waits for one', async () => {
    await stage.assistant({ ends: 'drop' });
    const callSid = await stage.callIn(wantsPerson);
    const { attributes, sid } = await stage.taskOf(callSid);
    expect(attributes).toMatchObject({ handoverReason: 'assistant_ended' });
    await stage.accept(sid, { ends: 'hang-up' });
    await stage.over(callSid);
    await stage.nobodyWasLeftAlone();
  });
});

const CUSTOMER = '+15005550006';
const FIRST = '+15005550008';
const SECOND = '+15005550009';
const GREETING = /asked for a call/;

describe('the customer whom we call', () => {
  const stage = phoneStage();

  test.for([
    ['is busy', { answers: 'busy' }, [], 'busy'],
    ['does not answer', { answers: 'no-answer' }, [], 'no_answer'],
    ['cannot be reached', { answers: 'failed' }, [], 'not_reached'],
  ] as const)('%s: nobody else is rung, and the page is told', async ([, script, heard, reason]) => {
    await stage.people({ [CUSTOMER]: script });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'failed', reason });
    hears(await stage.legTo(CUSTOMER), heard);
    expect(await stage.legs()).toHaveLength(1);
    await stage.nobodyWasLeftAlone();
  });

  test('is a machine: it is hung up on, and no agent talks to it', async () => {
    await stage.people({ [CUSTOMER]: { answers: 'machine' }, [FIRST]: { answers: 'no-answer' } });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'failed', reason: 'answering_machine' });
    const leg = await stage.over((await stage.legTo(CUSTOMER)).callSid);
    hears(leg, [GREETING]);
    expect(await stage.legs()).toHaveLength(1);
    await stage.nobodyWasLeftAlone();
  });

  test.for([['ringing'], ['whisper']] as const)(
    'hangs up while the agent is tried, at %s: the page is told',
    async ([at]) => {
      await stage.people({ [CUSTOMER]: { hangsUpAt: at } });
      const { status } = await stage.wish(CUSTOMER);
      await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended', reason: 'customer_left' });
      hears(await stage.legTo(CUSTOMER), [GREETING, '(ringing)']);
      const agent = await stage.over((await stage.legTo(FIRST)).callSid);
      expect(agent).toMatchObject({ status: at === 'ringing' ? 'canceled' : 'completed', heard: [] });
      await stage.nobodyWasLeftAlone();
    },
  );

  test('hangs up during the greeting: no agent is rung', async () => {
    await stage.people({ [CUSTOMER]: { hangsUpAt: 'announcement' } });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended', reason: 'customer_left' });
    expect(await stage.legs()).toHaveLength(1);
  });
});

describe('the first agent', () => {
  const stage = phoneStage({ AGENT_NUMBERS: `${FIRST} ${SECOND}` });
  const misses = [
    ['is busy', { answers: 'busy' }],
    ['does not answer', { answers: 'no-answer' }],
    ['is a machine', { answers: 'machine' }],
    ['declines by another key', { presses: ['2'] }],
    ['presses nothing', { presses: [''] }],
    ['hangs up during the whisper', { hangsUpAt: 'announcement' }],
    ['hangs up when asked for the key', { hangsUpAt: 'prompt' }],
    ['hangs up right after accepting', { presses: ['1'], hangsUpAt: 'key' }],
  ] as const;

  test.for(misses)('%s: the second takes the call', async ([, first]) => {
    await stage.people({ [FIRST]: first, [SECOND]: { presses: ['1'], says: ['Hello, I am Bo'], ends: 'hang-up' } });
    const { status } = await stage.wish(CUSTOMER);
    await expect.poll(async () => (await stage.legTo(SECOND)).status, { timeout: 10_000 }).toBe('completed');
    await expect.poll(status, { timeout: 10_000 }).toEqual(expect.objectContaining({ status: 'ended' }));
    expect(await status()).not.toHaveProperty('reason');
    hears(await stage.over((await stage.legTo(CUSTOMER)).callSid), [
      ...[GREETING, '(ringing)', /still trying/, '(ringing)', 'Hello, I am Bo'],
    ]);
    await stage.nobodyWasLeftAlone();
  });

  test.for(misses)('%s, and so it is with the second: the customer hears what there is instead', async ([, script]) => {
    await stage.people({ [FIRST]: script, [SECOND]: script, [CUSTOMER]: {} });
    const { status } = await stage.wish(CUSTOMER);
    const leg = await stage.over((await stage.legTo(CUSTOMER)).callSid);
    hears(leg, [GREETING, '(ringing)', /still trying/, '(ringing)', /press 1.*press 2/, /nobody can take your call/]);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ reason: 'nobody_answered' });
    await stage.nobodyWasLeftAlone();
  });
});

describe('Twilio', () => {
  const stage = phoneStage();
  const fault = (mode: string | readonly string[]) => stage.ask('POST', '/_stage/faults', { vendor: 'twilio', mode });
  const agent = { presses: ['1'], says: ['Hello, I am Ada'], ends: 'hang-up' } as const;

  test('is busy once: the call is placed all the same', async () => {
    await stage.people({ [FIRST]: agent });
    await fault(['429', 'ok']);
    const { answer, status } = await stage.wish(CUSTOMER);
    expect(answer.httpStatus).toBe(202);
    await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended' });
    hears(await stage.legTo(CUSTOMER), [GREETING, '(ringing)', 'Hello, I am Ada']);
    await stage.nobodyWasLeftAlone();
  });

  test('is busy for long: nobody is called, and the page may ask again', async () => {
    await fault('429');
    const { answer } = await stage.wish(CUSTOMER);
    expect(answer).toMatchObject({ httpStatus: 503, error: { code: 'telephony_unavailable' } });
    expect(await stage.legs()).toEqual([]);
  });

  test.for([['500'], ['503'], ['hang']] as const)(
    'fails with %s: whether there is a call is unknown, and that there was none is known in two minutes',
    async ([mode]) => {
      await fault(mode);
      const { answer, status } = await stage.wish(CUSTOMER);
      expect(answer).toMatchObject({ httpStatus: 504, error: { code: 'call_state_unknown' } });
      expect(await status()).toMatchObject({ status: 'unknown' });
      expect(await stage.legs()).toEqual([]);
      await stage.ask('POST', '/_stage/clock', { advanceMs: 121_000 });
      expect(await status()).toMatchObject({ status: 'failed', reason: 'no_outcome' });
    },
  );

  test.for([['reset-after-send'], ['truncated-201']] as const)(
    'places the call but its answer is lost by %s: the customer is called once and talks to the agent',
    async ([mode]) => {
      await stage.people({ [FIRST]: agent });
      await fault([mode]);
      const { answer, status } = await stage.wish(CUSTOMER);
      expect(answer).toMatchObject({ httpStatus: 504, error: { code: 'call_state_unknown' } });
      await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'ended' });
      expect(await status()).not.toHaveProperty('reason');
      hears(await stage.legTo(CUSTOMER), [GREETING, '(ringing)', 'Hello, I am Ada']);
      expect((await stage.legs()).map(({ to }) => to)).toEqual([CUSTOMER, FIRST]);
      await stage.nobodyWasLeftAlone();
    },
  );

  test.for([['500'], ['hang'], ['reset-after-send'], ['truncated-201']] as const)(
    'cannot be told to hang up on a machine, by %s: no agent talks to it all the same',
    async ([mode]) => {
      await stage.people({ [CUSTOMER]: { answers: 'machine' }, [FIRST]: agent });
      await fault(['ok', mode, mode, mode]);
      const { status } = await stage.wish(CUSTOMER);
      await expect.poll(status, { timeout: 10_000 }).toMatchObject({ status: 'failed', reason: 'answering_machine' });
      const leg = await stage.over((await stage.legTo(CUSTOMER)).callSid);
      expect(leg.heard.filter(({ by }) => by !== 'line')).toEqual([]);
      await stage.nobodyWasLeftAlone();
    },
  );
});

describe('the responses that the repository ships for Watson', () => {
  const stage = phoneStage();

  test.for([
    ['refer', { handoverReason: undefined }],
    ['refer-with-key', { handoverReason: undefined }],
    ['hang-up', { handoverReason: 'assistant_transfer' }],
  ] as const)(
    '%s: the caller waits for a person, who knows whose call it is',
    async ([response, { handoverReason }]) => {
      await stage.assistant({ response });
      const callSid = await stage.callIn(wantsPerson);
      const { attributes, sid } = await stage.taskOf(callSid);
      const [watson] = await stage.ask<{ headers: Record<string, string>; sessionHistoryKey: string }[]>(
        'GET',
        '/_stage/watson',
      );
      expect(attributes).toMatchObject({
        handoverId: watson?.headers['x-handover-id'],
        reason: 'The caller asked for a person.',
      });
      expect(attributes.handoverReason).toBe(handoverReason);
      expect(attributes.sessionHistoryKey).toBe(response === 'refer-with-key' ? watson?.sessionHistoryKey : undefined);
      await stage.accept(sid, { ends: 'hang-up' });
      hears(await stage.over(callSid), ['(ringing)', ASSISTANT[0], /connect you with a person/, ...IN_LINE, ADA]);
      await stage.nobodyWasLeftAlone();
    },
  );
});
