import { describe, expect, test } from 'vitest';
import type { HangUpPoint } from '../../stage/twins/twilio/voice/party.ts';
import { voiceLine, words } from './voice-line.ts';

const answers = {
  '/start': '<Say>One moment</Say><Dial action="/after"><Number url="/whisper">+15005550008</Number></Dial>',
  '/whisper': '<Gather action="/accept"><Say>A customer. Press 1</Say></Gather><Hangup/>',
  '/accept': '<Say>Connected</Say>',
  '/after': '<Say>Nobody took it</Say><Record action="/kept"/>',
  '/kept': '<Say>Thank you</Say>',
};

/** A call in which the agent, the caller, or both hang up somewhere. */
async function call({ caller, agent }: { caller?: HangUpPoint; agent?: HangUpPoint }) {
  const line = voiceLine(answers);
  line.script('+15005550008', { name: 'agent', presses: ['1'], ends: 'hang-up', ...(agent && { hangsUpAt: agent }) });
  const leg = await line.call({ speaks: ['Call me back, please'], ...(caller && { hangsUpAt: caller }) });
  const [, child] = line.engine.legs;
  const asked = (path: string) => line.asked.find((one) => one.path === path)?.fields;
  return { line, leg, child, asked };
}

describe('the caller hangs up', () => {
  test('while something is said to them: nobody is rung', async () => {
    const { leg, child } = await call({ caller: 'announcement' });
    expect([leg.status, words(leg.heard), child]).toEqual(['completed', ['line: One moment'], undefined]);
  });

  test('while the phone of the agent rings: it stops ringing, and the action is told', async () => {
    const { leg, child, asked } = await call({ caller: 'ringing' });
    expect([leg.status, child?.status]).toEqual(['completed', 'canceled']);
    expect(asked('/after')).toMatchObject({
      DialCallStatus: 'canceled',
      DialBridged: 'false',
      CallStatus: 'completed',
    });
    expect(asked('/whisper')).toBeUndefined();
  });

  test('while the agent hears the whisper: the agent is told nothing more, and the action is told', async () => {
    const { leg, child, asked } = await call({ caller: 'whisper' });
    expect([leg.status, child?.status, child?.heard]).toEqual(['completed', 'completed', []]);
    expect(asked('/accept')).toBeUndefined();
    expect(asked('/after')).toMatchObject({ DialBridged: 'false', CallStatus: 'completed' });
  });

  test('after their message: it is kept', async () => {
    const { leg, asked } = await call({ agent: 'announcement', caller: 'voicemail' });
    expect(asked('/kept')).toMatchObject({ Digits: 'hangup' });
    expect(words(leg.heard).at(-1)).toBe('caller: Call me back, please');
  });
});

describe('the agent hangs up', () => {
  test.for([
    ['during the whisper', 'announcement', undefined],
    ['when asked for a key', 'prompt', undefined],
    ['right after pressing it', 'key', '1'],
  ] as const)('%s: the two are never connected, and the caller goes on', async ([, agent, Digits]) => {
    const { leg, child, asked } = await call({ agent });
    expect(child?.status).toMatch(/^(completed|canceled)$/);
    expect(asked('/accept')?.Digits).toBe(Digits);
    expect(asked('/after')).toMatchObject({ DialCallStatus: 'completed', DialBridged: 'false' });
    expect(words(leg.heard)).toContain('line: Nobody took it');
  });
});

test('a dial to SIP says how the other side answered', async () => {
  for (const [answers, code] of [
    ['busy', '486'],
    ['no-answer', '487'],
    ['failed', '404'],
    ['human', '200'],
  ] as const) {
    const line = voiceLine({
      '/start': '<Dial action="/after"><Sip>sip:a@b.example</Sip></Dial>',
      '/after': '<Hangup/>',
    });
    line.script('sip:a@b.example', { answers, ends: 'hang-up' });
    await line.call();
    expect(line.asked.at(-1)?.fields).toMatchObject({ DialSipResponseCode: code, DialSipCallId: expect.any(String) });
  }
});
