import { describe, expect, test } from 'vitest';
import { longestSilenceSec } from '../../stage/twins/twilio/voice/timeline.ts';
import { voiceLine } from './voice-line.ts';

/** The longest silence of a caller who hears this. */
async function silenceIn(twiml: string, script = {}, answers = {}): Promise<number> {
  const line = voiceLine({ '/start': twiml, '/after': '<Hangup/>', ...answers });
  line.script('+15005550008', { ends: 'hang-up', says: ['Hello'] });
  line.script('+15005550007', { answers: 'no-answer' });
  return longestSilenceSec(await line.call(script));
}

describe('silence', () => {
  test.for([
    ['speech', '<Say>Hello</Say>', 0],
    ['music', '<Play>https://x.example/a.mp3</Play>', 0],
    ['a pause', '<Say>Hello</Say><Pause length="7"/><Say>Goodbye</Say>', 7],
    ['two pauses with a word between', '<Pause length="3"/><Say>Hm</Say><Pause length="4"/>', 4],
    ['two pauses in a row', '<Pause length="3"/><Pause length="4"/>', 7],
    ['a prompt that nobody answers', '<Gather timeout="12"><Say>Press 1</Say></Gather>', 12],
    ['a message that nobody leaves', '<Record timeout="6" action="/after"/>', 6],
    ['ringing', '<Dial timeout="40"><Number>+15005550007</Number></Dial>', 0],
    ['a talk', '<Dial><Number>+15005550008</Number></Dial>', 0],
  ] as const)('%s', async ([, twiml, seconds]) => {
    expect(await silenceIn(twiml)).toBe(seconds);
  });

  test('a prompt that is answered is none', async () => {
    const ask = '<Gather timeout="12" numDigits="1" action="/after"><Say>Press 1</Say></Gather>';
    expect(await silenceIn(ask, { presses: ['1'] })).toBe(0);
  });

  test('a phone that was never answered was never in silence', async () => {
    const line = voiceLine({ '/start': '<Dial><Number>+15005550007</Number></Dial>' });
    line.script('+15005550007', { answers: 'no-answer' });
    await line.call();
    expect(line.engine.legs.map(longestSilenceSec)).toEqual([0, 0]);
  });

  test.for([
    ['one', '<Say>Here</Say>', 0.6],
    ['two with nothing between', '<Redirect>/slow-too</Redirect>', 1.2],
    ['two with a word between', '<Say>Still here</Say><Redirect>/slow-too</Redirect>', 0.6],
  ] as const)('a webhook that takes its time keeps everybody waiting: %s', async ([, slow, seconds]) => {
    const line = voiceLine({ '/start': '<Redirect>/slow</Redirect>', '/slow': slow, '/slow-too': '<Say>Here</Say>' });
    const { sendWebhook } = line.engine;
    Object.assign(line.engine, {
      async sendWebhook(request: Parameters<typeof sendWebhook>[0]) {
        if (request.url.includes('/slow')) line.passes(650);
        return sendWebhook(request);
      },
    });
    expect(longestSilenceSec(await line.call())).toBe(seconds);
  });

  test('who answers and is examined first hears nothing meanwhile', async () => {
    const { placeCall } = await import('../../stage/twins/twilio/voice/place.ts');
    const base = 'https://handover.example.com';
    for (const [AsyncAmd, silence] of [
      ['true', 0],
      ['false', 4],
    ] as const) {
      const line = voiceLine({ '/start': '<Say>Hello</Say>' });
      const form = {
        To: '+15005550008',
        From: '+15005550006',
        Url: `${base}/start`,
        MachineDetection: 'Enable',
        AsyncAmd,
      };
      const leg = placeCall(line.engine, new URLSearchParams(form));
      await expect.poll(() => leg.status).toBe('completed');
      expect(longestSilenceSec(leg)).toBe(silence);
    }
  });
});

describe('the time of a call', () => {
  const dial = (attributes = '') =>
    `<Dial action="/after" ${attributes}><Number url="/whisper">+15005550008</Number></Dial>`;

  test('the caller hears ringing until the agent has heard the whisper and pressed a key', async () => {
    const whisper =
      '<Gather numDigits="1" action="/accept"><Say>A customer would like to talk to you. Press 1.</Say></Gather>';
    const line = voiceLine({
      '/start': dial(),
      '/whisper': whisper,
      '/accept': '<Say>Connected</Say>',
      '/after': '<Hangup/>',
    });
    line.script('+15005550008', { presses: ['1'], says: ['Hello'], ends: 'hang-up' });
    const leg = await line.call();
    expect(leg.heard.map(({ text, forSec }) => [text, forSec])).toEqual([
      ['(ringing)', 10],
      ['Hello', 1],
    ]);
  });

  test('a phone that nobody answers rings 5 s longer than the timeout', async () => {
    const line = voiceLine({ '/start': dial('timeout="20"'), '/after': '<Hangup/>' });
    line.script('+15005550008', { answers: 'no-answer' });
    expect((await line.call()).heard).toMatchObject([{ text: '(ringing)', atSec: 0, forSec: 25 }]);
  });

  test('a talk ends at its time limit, and the caller goes on', async () => {
    const line = voiceLine({
      '/start': dial('timeLimit="600"').replace(' url="/whisper"', ''),
      '/after': '<Say>Bye</Say>',
    });
    line.script('+15005550008', { says: ['Hello'] });
    const { leg, over } = line.begin();
    await expect.poll(() => leg.heard.length).toBe(2);
    line.engine.clock.moveBy(590_000);
    await new Promise(setImmediate);
    expect(leg.status).toBe('in-progress');
    line.engine.clock.moveBy(10_000);
    await over;
    expect(leg.heard.at(-1)).toMatchObject({ text: 'Bye' });
    expect(line.asked.find(({ path }) => path === '/after')?.fields).toMatchObject({ DialCallStatus: 'completed' });
    expect(longestSilenceSec(leg)).toBe(0);
  });

  test('a call that was placed ends at its own time limit', async () => {
    const { placeCall } = await import('../../stage/twins/twilio/voice/place.ts');
    const line = voiceLine({ '/start': '<Play loop="0">https://x.example/a.mp3</Play>' });
    const form = {
      To: '+15005550008',
      From: '+15005550006',
      Url: 'https://handover.example.com/start',
      TimeLimit: '60',
    };
    const leg = placeCall(line.engine, new URLSearchParams(form));
    await expect.poll(() => leg.heard.length).toBe(1);
    line.engine.clock.moveBy(61_000);
    await expect.poll(() => leg.status).toBe('completed');
  });
});
