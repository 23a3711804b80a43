import { describe, expect, test } from 'vitest';
import { handoverOfRequest } from '../../shared/core/call/call-handover.ts';
import type { StageEvent } from '../../stage/events.ts';
import { hears, phoneStage } from './phone-stage.ts';

const CUSTOMER = '+15005550006';
const FIRST = '+15005550008';
const SECOND = '+15005550009';
const PATIENCE = { timeout: 10_000 };
const agent = { presses: ['1'], says: ['Hello, I am Ada'], ends: 'hang-up' } as const;

const formOf = ({ body }: StageEvent) => Object.fromEntries(new URLSearchParams(body));

describe('row 19: a call is asked for', () => {
  const stage = phoneStage({ AGENT_NUMBERS: FIRST });
  const placed = async () =>
    (await stage.events()).filter(({ direction, url }) => direction === 'out' && url.endsWith('/Calls.json'));
  const ask = async (body: object, headers: Record<string, string>) => {
    const init = { method: 'POST', body: JSON.stringify(body) };
    const own = { 'content-type': 'application/json', ...headers };
    return (await stage.send('/click-to-call', { ...init, headers: own })).status;
  };
  const session = async (sub = 'visitor-1') => {
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub });
    return { authorization: `Bearer ${token}`, origin: stage.url };
  };

  test('it is placed from our number to the customer, bounded, with our own https addresses only', async () => {
    const { answer } = await stage.wish(CUSTOMER);
    expect(answer).toMatchObject({ httpStatus: 202, status: 'calling' });
    const [call, second] = await placed();
    expect(second).toBeUndefined();
    const form = call && formOf(call);
    expect(form).toMatchObject({ To: CUSTOMER, From: '+15005550010', MachineDetection: 'Enable', AsyncAmd: 'true' });
    expect(Number(form?.Timeout)).toBeLessThan(60);
    for (const name of ['Url', 'FallbackUrl', 'StatusCallback', 'AsyncAmdStatusCallback'])
      expect(form?.[name]).toMatch(new RegExp(`^${stage.url}/(call-leg|voice-fallback|call-events)`));
    expect(call?.body).not.toContain('5005550008');
  });

  test('strangers, other origins, other countries, no numbers and agents of one’s own choosing are refused', async () => {
    const visitor = await session();
    expect(await ask({ phone: CUSTOMER }, { origin: stage.url })).toBe(401);
    expect(await ask({ phone: CUSTOMER }, { ...visitor, authorization: 'Bearer x.y.z' })).toBe(401);
    expect(await ask({ phone: CUSTOMER }, { ...visitor, origin: 'https://evil.example' })).toBe(403);
    for (const phone of ['+19005551234', '+252615551234', '+881612345678'])
      expect(await ask({ phone }, visitor)).toBe(403);
    for (const body of [{ phone: '5551234' }, { phone: 'sip:a@b' }, {}, { phone: CUSTOMER, at: 'tomorrow' }])
      expect(await ask(body, visitor)).toBe(400);
    for (const name of ['agent', 'salesNumber', 'queue', 'from'])
      expect(await ask({ phone: CUSTOMER, [name]: '+19005551234' }, visitor)).toBe(400);
    expect(await placed()).toEqual([]);
  });

  test('the fourth call to one number in ten minutes is refused, whoever asks', async () => {
    await stage.people({ [CUSTOMER]: { answers: 'busy' } });
    const statuses: number[] = [];
    for (const sub of ['a', 'b', 'c', 'd']) {
      const visitor = await session(sub);
      await expect.poll(async () => ask({ phone: CUSTOMER }, visitor), PATIENCE).not.toBe(409);
      statuses.push((await placed()).length);
      await expect.poll(async () => (await stage.legs()).every(({ status }) => status === 'busy'), PATIENCE).toBe(true);
      await stage.ask('POST', '/_stage/clock', { advanceMs: 31_000 });
    }
    expect(statuses).toEqual([1, 2, 3, 3]);
  });
});

describe('row 20: what the legs are told', () => {
  const stage = phoneStage({ AGENT_NUMBERS: FIRST, BUSINESS_NAME: 'Müller & Söhne' });
  async function step(query: string): Promise<string> {
    const path = `/call-leg?${query}`;
    const params = { CallSid: `CA${'1'.repeat(32)}`, AccountSid: 'AC00000000000000000000000000000001' };
    const { signature } = await stage.ask<{ signature: string }>('POST', '/_stage/sign', { url: path, params });
    const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
    return (await stage.send(path, { method: 'POST', headers, body: new URLSearchParams(params) })).text();
  }

  test('every text has its voice and language, every dial its caller id, its limits and what follows', async () => {
    const request = 'requestId=raaaaaaaaaaaaaaaa&handover=haaaaaaaaaaaaaaaa';
    const greeting = await step(`step=customer&${request}&language=de`);
    expect(greeting).toContain('<Say language="de-DE" voice="Polly.Vicki">Guten Tag, hier ist Müller &amp; Söhne.');
    const dial = await step(`step=agent&${request}&language=de`);
    const next = (name: string) => `${stage.url}/call-leg?step=${name}&amp;requestId=raaaaaaaaaaaaaaaa`;
    expect(dial).toContain('<Dial callerId="+15005550010" timeout="20" timeLimit="3600" action="');
    expect(dial).toContain(`action="${next('agent-ended')}`);
    expect(dial).toContain(`<Number url="${next('whisper')}`);
    const texts = [greeting, await step(`step=whisper&${request}`), await step(`step=nobody&${request}`)];
    for (const say of texts.join('').match(/<Say[^>]*>/g) ?? []) expect(say).toMatch(/language="[^"]+" voice="[^"]+"/);
  });
});

describe('row 21: an agent hears who and why, and accepts or is passed over', () => {
  const stage = phoneStage({ AGENT_NUMBERS: `${FIRST} ${SECOND}`, AGENT_TEXTS: 'on' });
  const wish = { topic: 'my parcel', name: 'Grace', conversationId: 'chat-7' };

  async function chat(): Promise<void> {
    const handover = { reason: 'The order was not found', fields: { orderNumber: '4711' } };
    await stage.ask('POST', '/_stage/bot/ask', { conversationId: 'chat-7', text: 'It is broken', handover });
  }

  test('the key 1 connects; the text message has the link to what was said', async () => {
    await chat();
    await stage.people({ [FIRST]: agent });
    const { answer, status } = await stage.wish(CUSTOMER, wish);
    await expect.poll(status, PATIENCE).toMatchObject({ status: 'ended' });
    expect(await status()).not.toHaveProperty('reason');
    const whisper = (await stage.legTo(FIRST)).heard[0]?.text ?? '';
    for (const part of [
      'Grace',
      'my parcel',
      'The order was not found',
      'order number: 4711',
      'It is broken',
      'press 1',
    ])
      expect(whisper).toContain(part);
    expect(whisper.length).toBeLessThan(440);
    const texts = await stage.ask<{ to: string; body: string }[]>('GET', '/_stage/texts');
    expect(texts).toEqual([expect.objectContaining({ to: FIRST, body: expect.stringContaining('Grace') })]);
    const link = new URL(texts[0]?.body.split(': ').at(-1) ?? '');
    expect(link.searchParams.get('handoverId')).toBe(handoverOfRequest(answer.requestId ?? ''));
    await stage.nobodyWasLeftAlone();
  });

  test.for([['2'], ['']] as const)('the key "%s" connects nobody: the next is rung', async ([key]) => {
    await stage.people({ [FIRST]: { presses: [key] }, [SECOND]: agent });
    const { status } = await stage.wish(CUSTOMER, wish);
    await expect.poll(status, PATIENCE).toMatchObject({ status: 'ended' });
    hears(await stage.over((await stage.legTo(CUSTOMER)).callSid), [
      ...[/You asked for a call about my parcel/, '(ringing)', /still trying/, '(ringing)', 'Hello, I am Ada'],
    ]);
    await stage.nobodyWasLeftAlone();
  });

  test('when nobody accepts the caller leaves a message, which is in the transcript with its words', async () => {
    const nobody = { answers: 'no-answer' } as const;
    await stage.people({
      [FIRST]: nobody,
      [SECOND]: nobody,
      [CUSTOMER]: { presses: ['2'], speaks: ['Please call me tomorrow, in the morning would be best.'] },
    });
    const { status } = await stage.wish(CUSTOMER, wish);
    await expect.poll(status, PATIENCE).toMatchObject({ status: 'voicemail' });
    const leg = await stage.over((await stage.legTo(CUSTOMER)).callSid);
    expect(leg.heard.map(({ text }) => text).join()).toMatch(/press 2.*two minutes long.*we have your message/);
    await expect
      .poll(
        async () => (await stage.events()).filter(({ url }) => url.includes('about=transcription')).length,
        PATIENCE,
      )
      .toBe(1);
    await stage.nobodyWasLeftAlone();
    expect(stage.lines.join()).not.toMatch(/Recordings|RE[0-9a-f]{32}|tomorrow/);
    expect((await stage.events()).filter(({ url }) => url.includes('/Recordings/'))).toEqual([]);
  });
});

describe('row 22: machines and legs that fail', () => {
  const stage = phoneStage({ AGENT_NUMBERS: FIRST });
  const pushed = async () => {
    const events = (await stage.events()).filter(({ vendor, direction }) => vendor === 'bot' && direction === 'out');
    return events.map(({ body }) => JSON.parse(body)).filter(({ type }) => type === 'handover.call');
  };

  test.for([
    ['a busy line', { answers: 'busy' }, 'busy'],
    ['nobody', { answers: 'no-answer' }, 'no_answer'],
    ['a machine', { answers: 'machine' }, 'answering_machine'],
    ['a number that is not there', { answers: 'failed' }, 'not_reached'],
  ] as const)('%s: the record says so, and the bot is told once', async ([, script, reason]) => {
    await stage.people({ [CUSTOMER]: script, [FIRST]: { answers: 'no-answer' } });
    const { status, answer } = await stage.wish(CUSTOMER, { conversationId: 'chat-7' });
    await expect.poll(status, PATIENCE).toMatchObject({ status: 'failed', reason });
    await expect.poll(async () => (await pushed()).length, PATIENCE).toBe(1);
    expect((await pushed())[0].data).toEqual({
      conversationId: 'chat-7',
      handoverId: handoverOfRequest(answer.requestId ?? ''),
      requestId: answer.requestId,
      status: 'failed',
      reason,
    });
    await stage.ask('POST', '/_stage/clock', { advanceMs: 3_700_000 });
    expect(await pushed()).toHaveLength(1);
  });
});

describe('row 23: one wish, one call', () => {
  const stage = phoneStage({ AGENT_NUMBERS: FIRST });

  test('two requests with one key at once place one call and have one answer', async () => {
    const { token } = await stage.ask<{ token: string }>('POST', '/_stage/session', { sub: 'visitor-1' });
    const common = { authorization: `Bearer ${token}`, origin: stage.url, 'content-type': 'application/json' };
    const ask = async (attempt: string) => {
      const headers = { ...common, 'idempotency-key': 'one-wish', 'x-attempt': attempt };
      const answer = await stage.send('/click-to-call', {
        method: 'POST',
        headers,
        body: JSON.stringify({ phone: CUSTOMER }),
      });
      return { status: answer.status, ...JSON.parse(await answer.text()) };
    };
    const both = await Promise.all([ask('1'), ask('2')]);
    const taken = both.filter(({ status }) => status === 'calling');
    expect(taken.length).toBeGreaterThan(0);
    const later = await ask('3');
    for (const one of taken) expect(one.requestId).toBe(later.requestId);
    const placed = (await stage.events()).filter(
      ({ url, direction }) => direction === 'out' && url.endsWith('/Calls.json'),
    );
    expect(placed).toHaveLength(1);
  });
});

describe('a call-back', () => {
  const stage = phoneStage({ AGENT_NUMBERS: FIRST });

  test('that is asked for by key is placed a quarter of an hour later, and an agent takes it', async () => {
    await stage.people({ [FIRST]: { answers: 'no-answer' }, [CUSTOMER]: { presses: ['1'] } });
    const { status } = await stage.wish(CUSTOMER, { topic: 'my parcel' });
    await expect.poll(status, PATIENCE).toMatchObject({ status: 'ended', reason: 'call_back' });
    const { callBack } = (await status()) as { callBack?: string };
    await stage.over((await stage.legTo(CUSTOMER)).callSid);
    await stage.people({ [FIRST]: agent });
    await stage.ask('POST', '/_stage/clock', { advanceMs: 14 * 60_000 });
    expect((await stage.legs()).filter(({ to }) => to === CUSTOMER)).toHaveLength(1);
    await stage.ask('POST', '/_stage/clock', { advanceMs: 2 * 60_000 });
    await expect.poll(async () => (await stage.legs()).filter(({ to }) => to === CUSTOMER).length, PATIENCE).toBe(2);
    await expect.poll(async () => (await stage.legTo(FIRST)).status, PATIENCE).toBe('completed');
    expect((await stage.legTo(CUSTOMER)).heard.at(-1)?.text).toBe('Hello, I am Ada');
    expect(callBack).toMatch(/^r[a-z2-7]{16}$/);
    await stage.nobodyWasLeftAlone();
  });

  test('at a time is placed then, and not when it was cancelled', async () => {
    const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
    const at = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
    const first = await stage.wish(CUSTOMER, { at: at(30) });
    expect(first.answer).toMatchObject({ httpStatus: 202, status: 'scheduled', at: at(30) });
    const second = await stage.wish(SECOND, { at: at(30) });
    const cancel = await stage.wish(SECOND, {
      at: undefined,
      phone: undefined,
      requestId: second.answer.requestId,
      cancel: true,
    });
    expect(cancel.answer).toMatchObject({ httpStatus: 200, status: 'failed', reason: 'canceled' });
    await stage.ask('POST', '/_stage/clock', { advanceMs: 31 * 60_000 });
    await expect.poll(async () => (await stage.legs()).map(({ to }) => to), PATIENCE).toContain(CUSTOMER);
    expect((await stage.legs()).filter(({ direction, to }) => direction === 'outbound-api' && to === SECOND)).toEqual(
      [],
    );
  });
});

describe('a queued call-back at a Flex desk', () => {
  const stage = phoneStage({ DESK: 'flex', STUDIO_WEBHOOK_URL: 'none', WATSON_SIP_HOST: 'none', QUEUE_MINUTES: '5' });

  test('keeps its place: a task that began to wait when the caller did', async () => {
    const { nowMs } = await stage.ask<{ nowMs: number }>('GET', '/_stage/clock');
    await stage.people({ [CUSTOMER]: { presses: ['1'] } });
    const { answer } = await stage.wish(CUSTOMER);
    expect(answer.httpStatus).toBe(202);
    const leg = await stage.legTo(CUSTOMER);
    await stage.taskOf(leg.callSid);
    await stage.ask('POST', '/_stage/clock', { advanceMs: 11 * 60_000 });
    await stage.over(leg.callSid);
    await stage.ask('POST', '/_stage/sweep');
    const tasks = (await stage.tasks()) as unknown as {
      attributes: Record<string, string>;
      virtualStartTimeMs: number;
      state: string;
    }[];
    const kept = tasks.filter(({ attributes }) => attributes.handoverReason === 'call_back');
    expect(kept).toHaveLength(1);
    expect(kept[0]?.attributes).toMatchObject({ customerAddress: CUSTOMER, type: 'callback' });
    expect(Math.abs((kept[0]?.virtualStartTimeMs ?? 0) - nowMs)).toBeLessThan(60_000);
    expect((await stage.legs()).filter(({ to }) => to === CUSTOMER)).toHaveLength(1);
  });
});
