import { describe, expect, test } from 'vitest';
import { stopwatch } from '../support/steady-clock.ts';
import { watsonJwt } from '../support/watson-jwt.ts';
import { stageOfFile } from './stage-of-file.ts';

const secret = 'watson-webhook-secret-0123456789abcdef';
const stage = stageOfFile({ WATSON_WEBHOOK_SECRET: secret });

/** What an assistant's dialog webhook gets, and how long it takes. Watson waits 8 s. */
async function ask(name: string, parameters: object) {
  const took = stopwatch();
  const answer = await stage.send(`/${name}`, {
    method: 'POST',
    headers: { authorization: watsonJwt(secret), 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  });
  const type = answer.headers.get('content-type');
  const result = JSON.parse(await answer.text());
  return { status: answer.status, type, ms: took(), result };
}

const fault = (vendor: string, mode: string) => stage.ask('POST', '/_stage/faults', { vendor, mode });

const startCall = { request: 'start_call', phone: '+15005550006' };

describe('row 26: a dialog webhook', () => {
  test('row 26: JSON in, JSON out, and the customer is called', async () => {
    expect(await ask('click-to-call', startCall)).toMatchObject({
      status: 200,
      type: 'application/json; charset=utf-8',
      result: { result: 'success', status: 'calling', code: null, message: expect.any(String) },
    });
    const calls = await stage.ask<{ to: string }[]>('GET', '/_stage/calls');
    expect(calls.map(({ to }) => to)).toContain(startCall.phone);
  });

  test.for([
    ['twilio', 'hang', 'call_state_unknown'],
    ['twilio', '500', 'call_state_unknown'],
    ['twilio', '503', 'call_state_unknown'],
    ['twilio', 'reset-after-send', 'call_state_unknown'],
    ['twilio', 'truncated-201', 'call_state_unknown'],
    ['dynamodb', 'hang', 'state_unavailable'],
    ['dynamodb', '500', 'state_unavailable'],
    ['internal', 'throw', 'internal'],
  ] as const)(
    'row 26: %s, %s: an error object before Watson stops waiting, never a 5xx',
    async ([vendor, mode, code]) => {
      await fault(vendor, mode);
      const { status, ms, result } = await ask('click-to-call', startCall);
      expect(ms).toBeLessThan(8_000);
      expect([status, result.result]).toEqual([200, 'error']);
      expect(result.code).toBe(code);
      expect(result.message).toMatch(/^(I do not know|Something went wrong on our side, and I cannot say)/);
    },
  );

  test('row 26: a call that may or may not have been placed is asked about, and its end is told', async () => {
    await fault('twilio', 'reset-after-send');
    const { result } = await ask('click-to-call', startCall);
    expect(result).toMatchObject({ code: 'call_state_unknown', status: 'unknown' });
    await fault('twilio', 'ok');
    await expect
      .poll(
        async () => (await ask('click-to-call', { request: 'call_status', requestId: result.requestId })).result.status,
      )
      .not.toBe('unknown');
  });

  test.for(['hang', '500'])(
    'row 26: a person is asked for and the table is away (%s): the bot goes on',
    async (mode) => {
      await fault('dynamodb', mode);
      const asked = { request: 'start_handover', conversationId: 'session-1' };
      const { status, ms, result } = await ask('pause-check', asked);
      expect(ms).toBeLessThan(4_000);
      expect(status).toBe(200);
      expect(result).toMatchObject({ result: 'error', paused: false, message: expect.any(String) });
    },
  );

  test('row 26: a person takes the conversation', async () => {
    const asked = { request: 'start_handover', conversationId: 'session-1', topic: 'claims', plate: 'AB 123' };
    expect(await ask('pause-check', asked)).toMatchObject({
      status: 200,
      result: { result: 'success', paused: true, status: 'human' },
    });
    const [ticket] = await stage.ask<object[]>('GET', '/_stage/desk');
    expect(JSON.stringify(ticket)).toContain('AB 123');
  });
});
