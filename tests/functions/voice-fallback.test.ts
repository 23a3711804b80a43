import { describe, expect, it } from 'vitest';
import voiceFallback from '../../functions/voice-fallback.ts';
import type { Env } from '../../shared/core/settings.ts';
import { twilioCall } from '../support/calls.ts';
import { readTwiml } from '../support/read-twiml.ts';
import { startFunction } from '../support/start-function.ts';

const heard = async (env: Env, fields: Record<string, string> = {}, query = '') =>
  readTwiml(await startFunction(voiceFallback, env).call(twilioCall('voice-fallback', fields, query)));

const names = (verbs: Awaited<ReturnType<typeof heard>>) => verbs.map(({ name }) => name);

describe('voice-fallback', () => {
  it('rings the phones of the desk one after the other', async () => {
    const [say, dial] = await heard({ AGENT_NUMBERS: '+15005550008 +15005550009' });
    expect(say?.text).toContain('One moment');
    expect(dial?.attributes).toEqual({
      sequential: 'true',
      callerId: '+15005550010',
      timeout: '20',
      timeLimit: '3600',
      action: 'https://handover.example.com/voice-fallback?after=agents',
    });
    expect(dial?.verbs.map(({ text }) => text)).toEqual(['+15005550008', '+15005550009']);
  });

  it.each([
    ['{"maxMinutes":5}', '300'],
    ['{"maxMinutes":0}', '3600'],
    ['{', '3600'],
  ])('lets nobody talk longer than CALL_LIMITS says, if it says it well: %s', async (CALL_LIMITS, timeLimit) => {
    const [, dial] = await heard({ CALL_LIMITS });
    expect(dial?.attributes).toMatchObject({ timeLimit });
  });

  it('says that nobody is there when nobody answered, and nothing when somebody did', async () => {
    const nobody = await heard({}, { DialCallStatus: 'no-answer' }, 'after=agents');
    expect(names(nobody)).toEqual(['Say', 'Hangup']);
    expect(nobody[0]?.text).toContain('nobody can take your call');
    expect(names(await heard({}, { DialCallStatus: 'completed', DialBridged: 'true' }, 'after=agents'))).toEqual([
      'Hangup',
    ]);
    expect(names(await heard({}, { DialCallStatus: 'completed', DialBridged: 'false' }, 'after=agents'))).toEqual([
      'Say',
      'Hangup',
    ]);
  });

  it("rings the desk also when the request that failed was about another dial's end", async () => {
    expect(names(await heard({}, { DialCallStatus: 'completed', ErrorCode: '11200' }))).toEqual(['Say', 'Dial']);
  });

  it.each([
    [{ AGENT_NUMBERS: 'x +15005550008 +1' }, ['Say', 'Dial']],
    [{ AGENT_NUMBERS: 'nobody' }, ['Say', 'Hangup']],
    [{ AGENT_NUMBERS: undefined }, ['Say', 'Hangup']],
    [{ TWILIO_PHONE_NUMBER: 'x', SPEECH_LANGUAGE: 'tlh', CALL_LIMITS: '{' }, ['Say', 'Dial']],
    [{ WATSON_SIP_HOST: ';', STUDIO_WEBHOOK_URL: 'x', HANDOVER_TABLE: undefined }, ['Say', 'Dial']],
  ] as const)('does what it can with %o', async (env, expected) => {
    expect(names(await heard(env))).toEqual(expected);
  });

  it('speaks the language of the setting', async () => {
    const [say] = await heard({ SPEECH_LANGUAGE: 'de', AGENT_NUMBERS: undefined });
    expect(say?.attributes).toEqual({ language: 'de-DE', voice: 'Polly.Vicki' });
    expect(say?.text).toContain('niemand');
  });

  it('answers a verified request whatever its body is', async () => {
    const { call } = startFunction(voiceFallback);
    const body = new TextEncoder().encode('{"a":');
    const headers = { 'content-type': 'application/json' };
    const reply = await call({ ...twilioCall('voice-fallback', {}), body, headers, trust: 'twilio-gateway' });
    expect(names(readTwiml(reply))).toEqual(['Say', 'Dial']);
    expect((await call({ ...twilioCall('voice-fallback', {}), headers: {} })).status).toBe(403);
  });
});
