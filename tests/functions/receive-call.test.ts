import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import receiveCall from '../../functions/receive-call.ts';
import { parseForm } from '../../shared/core/body.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import type { Inbound } from '../../shared/core/inbound.ts';
import { inboundOf, testSettings, twilioCall } from '../support/calls.ts';
import { onlyVerb, readTwiml, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';

const incoming = {
  AccountSid: 'AC00000000000000000000000000000001',
  CallSid: 'CA00000000000000000000000000000001',
  CallStatus: 'ringing',
  From: '+15005550001',
  Called: '+15005550006',
  To: '+15005550006',
};

/** A body of any type as Twilio signs it. */
function signedCall(type: string, text: string): Inbound {
  const body = new TextEncoder().encode(text);
  const isForm = type !== 'application/json';
  const query = isForm ? '' : `bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  const url = `https://handover.example.com/receive-call${isForm ? '' : `?${query}`}`;
  const signature = twilioSignature(testSettings.TWILIO_AUTH_TOKEN, url, isForm ? parseForm(body) : new Map());
  return inboundOf(body, { query, headers: { 'content-type': type, 'x-twilio-signature': signature } });
}

describe('receive-call', () => {
  it('row 1: dials the assistant so that the call can be transferred and never gets lost', async () => {
    const { call } = startFunction(receiveCall);
    const dial = onlyVerb(await call(twilioCall('receive-call', incoming)));
    expect(dial.name).toBe('Dial');
    expect(dial.attributes).toEqual({
      answerOnBridge: 'true',
      referUrl: 'https://handover.example.com/refer-handler',
      action: expect.stringMatching(
        /^https:\/\/handover\.example\.com\/call-leg\?step=assistant-ended&handover=h[a-z2-7]{16}$/,
      ),
      timeout: '20',
      timeLimit: '3600',
    });
    const handoverId = new URL(dial.attributes.action ?? '').searchParams.get('handover');
    expect(dial.verbs).toEqual([
      {
        name: 'Sip',
        attributes: {},
        text: `sip:+15005550006@sip.example.com;secure=true?X-Handover-Id=${handoverId}`,
        verbs: [],
      },
    ]);
  });

  it('gives the same bytes for the same call and another handover for another call', async () => {
    const answers = await Promise.all(
      [incoming, incoming, { ...incoming, CallSid: 'CA00000000000000000000000000000002' }].map((form) =>
        startFunction(receiveCall).call(twilioCall('receive-call', form)),
      ),
    );
    expect(answers[1]?.body).toBe(answers[0]?.body);
    expect(answers[2]?.body).not.toBe(answers[0]?.body);
  });

  it('asks the assistant that belongs to the called number', async () => {
    const WATSON_SIP_HOSTS = JSON.stringify({ '+15005550007': 'other.example.com' });
    const { call } = startFunction(receiveCall, { WATSON_SIP_HOSTS });
    const sip = async (number: string) =>
      onlyVerb(await call(twilioCall('receive-call', { ...incoming, Called: number }))).verbs[0]?.text;
    expect(await sip('+15005550007')).toContain('@other.example.com;');
    expect(await sip('+15005550006')).toContain('@sip.example.com;');
    const only = startFunction(receiveCall, { WATSON_SIP_HOSTS, WATSON_SIP_HOST: undefined });
    expect(redirectQuery(await only.call(twilioCall('receive-call', incoming)))).toEqual({
      FlowEvent: 'return',
      HandoverError: 'bad_called',
    });
  });

  it('row 2: takes To when Called is missing, and uses neither when Called is there and unusable', async () => {
    const { call } = startFunction(receiveCall);
    const { Called: _, ...withoutCalled } = incoming;
    expect((await call(twilioCall('receive-call', withoutCalled))).body).toContain('sip:+15005550006@');
    const hostile = await call(twilioCall('receive-call', { ...incoming, Called: 'client:bob' }));
    expect(redirectQuery(hostile)).toEqual({ FlowEvent: 'return', HandoverError: 'bad_called' });
  });

  it('sends the caller back to the flow when the number stands twice, without choosing one', async () => {
    const { call } = startFunction(receiveCall);
    for (const [type, text] of [
      ['application/x-www-form-urlencoded', 'Called=%2B15005550009&Called=%2B15005550006&To=%2B15005550006'],
      ['application/json', '{"Called":"+15005550009","Called":"+15005550006","To":"+15005550006"}'],
      ['application/json', '{"Called":'],
      ['application/json', '["+15005550006"]'],
    ] as const) {
      expect(redirectQuery(await call(signedCall(type, text)))).toEqual({
        FlowEvent: 'return',
        HandoverError: 'bad_called',
      });
    }
  });

  it('row 2: answers whatever a verified form holds with TwiML that dials E.164 or nothing', async () => {
    const { call } = startFunction(receiveCall);
    const called = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\+?[0-9]{1,17}$/),
      fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 })).map(([a, b]) => `${a}+15005550006${b}`),
    );
    await fc.assert(
      fc.asyncProperty(called, fc.string(), async (Called, CallSid) => {
        const verb = onlyVerb(await call(twilioCall('receive-call', { Called, CallSid })));
        if (/^\+[1-9][0-9]{6,14}$/.test(Called)) {
          expect(verb.verbs[0]?.text).toBe(`sip:${Called}@sip.example.com;secure=true`);
        } else {
          expect(verb.text).toBe(`${testSettings.STUDIO_WEBHOOK_URL}?FlowEvent=return&HandoverError=bad_called`);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives a number without a flow no way back to one', async () => {
    const { call } = startFunction(receiveCall, { STUDIO_WEBHOOK_URL: undefined });
    expect((await call(twilioCall('receive-call', incoming))).body).toContain('<Sip>');
    const lost = await call(twilioCall('receive-call', { ...incoming, Called: 'x' }));
    expect(onlyVerb(lost).text).toBe('https://handover.example.com/call-leg?step=person&error=bad_called');
  });

  it('keeps a number that has no flow, beside others that have, out of it', async () => {
    const { call } = startFunction(receiveCall);
    const dial = onlyVerb(await call(twilioCall('receive-call', incoming, 'flow=off')));
    expect(dial.attributes.referUrl).toBe('https://handover.example.com/refer-handler?flow=off');
    expect(dial.attributes.action).toMatch(/step=assistant-ended&handover=h[a-z2-7]{16}&flow=off$/);
    const lost = await call(twilioCall('receive-call', { ...incoming, Called: 'x' }, 'flow=off'));
    expect(onlyVerb(lost).text).toMatch(/call-leg\?step=person&error=bad_called&flow=off$/);
  });

  it('tells a stranger nothing and a wrong method nothing', async () => {
    const { call } = startFunction(receiveCall);
    const unsigned = await call({ ...twilioCall('receive-call', incoming), headers: {} });
    expect([unsigned.status, JSON.parse(unsigned.body).error.code]).toEqual([403, 'invalid_signature']);
    expect((await call({ ...twilioCall('receive-call', incoming), method: 'GET' })).status).toBe(405);
  });

  it('does not start with a flow or an assistant somewhere else', async () => {
    for (const env of [
      { STUDIO_WEBHOOK_URL: 'https://webhooks.twilio.com.evil.example/v1', STAGE: 'production' },
      { STUDIO_WEBHOOK_URL: 'http://webhooks.twilio.com/v1', STAGE: 'production' },
      { STUDIO_WEBHOOK_URL: 'https://webhooks.twilio.com:8443/v1', STAGE: 'production' },
      { STUDIO_WEBHOOK_URL: 'https://user@webhooks.twilio.com/v1' },
      { STUDIO_WEBHOOK_URL: 'https://webhooks.twilio.com/v1?FlowEvent=x' },
      { STUDIO_WEBHOOK_URL: 'javascript:alert(1)' },
      { WATSON_SIP_HOST: 'sip.example.com;x=y' },
      { WATSON_SIP_HOST: undefined },
      { WATSON_SIP_HOSTS: '{"+1500":"h"}' },
      { CALL_LIMITS: '{"maxMinutes":1000}' },
    ]) {
      const { call, lines } = startFunction(receiveCall, env);
      expect((await call(twilioCall('receive-call', incoming))).status).toBe(500);
      expect(lines[0]).toContain('receive-call cannot start');
    }
  });

  it('takes a flow on any host on the stage only', async () => {
    const STUDIO_WEBHOOK_URL = 'http://localhost:3000/twins/studio';
    const { call } = startFunction(receiveCall, { STUDIO_WEBHOOK_URL });
    expect(readTwiml(await call(twilioCall('receive-call', { ...incoming, Called: '', To: '' })))[0]?.text).toContain(
      STUDIO_WEBHOOK_URL,
    );
  });
});
