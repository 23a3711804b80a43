import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import receiveCall from '../../functions/receive-call.ts';
import referHandler from '../../functions/refer-handler.ts';
import { testSettings, twilioCall } from '../support/calls.ts';
import { onlyVerb, redirectQuery } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';

const sids = {
  AccountSid: 'AC00000000000000000000000000000001',
  CallSid: 'CA00000000000000000000000000000001',
};

const refer = (ReferTransferTarget: string) => twilioCall('refer-handler', { ...sids, ReferTransferTarget });

describe('refer-handler', () => {
  it('returns the call to the flow with the key and the handover', async () => {
    const { call } = startFunction(referHandler);
    const reply = await call(refer('<sip:q@h?User-to-User=dev%3A%3Alatest%3Bencoding%3Dascii>'));
    expect(onlyVerb(reply).attributes).toEqual({ method: 'POST' });
    expect(onlyVerb(reply).text.startsWith(`${testSettings.STUDIO_WEBHOOK_URL}?FlowEvent=return&`)).toBe(true);
    expect(redirectQuery(reply)).toEqual({
      FlowEvent: 'return',
      SessionHistoryKey: 'dev::latest',
      HandoverId: expect.stringMatching(/^h[a-z2-7]{16}$/),
    });
  });

  it('names the handover that the assistant was given for the same call', async () => {
    const incoming = twilioCall('receive-call', { ...sids, Called: '+15005550006' });
    const sip = onlyVerb(await startFunction(receiveCall).call(incoming)).verbs[0]?.text ?? '';
    const given = /X-Handover-Id=(\w+)$/.exec(sip)?.[1];
    const { call } = startFunction(referHandler);
    expect(redirectQuery(await call(refer('<sip:q@h>'))).HandoverId).toBe(given);
    expect(redirectQuery(await call(refer('<sip:q@h?X-Handover-Id=hother>'))).HandoverId).toBe('hother');
  });

  it('never dials the target, and never says undefined', async () => {
    const { call } = startFunction(referHandler);
    const reply = await call(refer('<sip:+19005551234@evil.example.com>'));
    expect(reply.body).not.toMatch(/1900|evil|<Dial|undefined|SessionHistoryKey/);
    const without = await call(twilioCall('refer-handler', {}));
    expect(redirectQuery(without)).toEqual({ FlowEvent: 'return' });
  });

  it('answers 10,000 random targets with one redirect that carries nothing but what a flow may read', async () => {
    const { call } = startFunction(referHandler);
    const piece = fc.constantFrom(
      '<',
      '>',
      '?',
      '&',
      '=',
      '%',
      '%3B',
      ';',
      'encoding=hex',
      '"',
      '\\',
      'User-to-User',
      'X-Handover-Id',
      'sip:',
      'a',
      '\0',
    );
    const target = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
      fc.string().map((value) => `<sip:q@h?User-to-User=${value}>`),
    );
    await fc.assert(
      fc.asyncProperty(target, async (text) => {
        const {
          FlowEvent,
          SessionHistoryKey = 'k',
          HandoverId = 'h',
          ...others
        } = redirectQuery(await call(refer(text)));
        expect(FlowEvent).toBe('return');
        expect(SessionHistoryKey).toMatch(/^[A-Za-z0-9:_-]{1,512}$/);
        expect(HandoverId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(others).toEqual({});
      }),
      { numRuns: 10_000 },
    );
  });

  it('sends a call without a flow to the phones of the desk', async () => {
    const { call } = startFunction(referHandler, { STUDIO_WEBHOOK_URL: undefined });
    expect(onlyVerb(await call(refer('<sip:q@h?User-to-User=k>'))).text).toMatch(
      /^https:\/\/handover\.example\.com\/call-leg\?step=agent&handover=h[a-z2-7]{16}$/,
    );
  });

  it('logs that there was a key and that the target was too long, and neither of them', async () => {
    const { call, lines } = startFunction(referHandler);
    await call(refer(`<sip:q@h?User-to-User=${'secret-key-'.repeat(30)}>`));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ key: true, tooLong: true });
    expect(lines[0]).not.toContain('secret-key');
  });
});
