import { describe, expect, test } from 'vitest';
import { type Party, scriptedParty } from '../../stage/twins/twilio/voice/party.ts';
import { testSettings } from '../support/calls.ts';
import { voiceLine, words } from './voice-line.ts';

const codes = (leg: { alerts: readonly { code: number }[] }) => leg.alerts.map(({ code }) => code);

describe('announcements', () => {
  test('what is said, played and paused is heard in order, and takes its time', async () => {
    const leg = await voiceLine({
      '/start':
        '<Say voice="Polly.Joanna">Fish &amp; chips</Say><Pause length="7"/><Play>https://x.example/a.mp3</Play>',
    }).call();
    expect(words(leg.heard)).toEqual(['line: Fish & chips', 'line: (plays https://x.example/a.mp3)']);
    expect(leg.heard[1]?.atSec).toBe(8);
    expect(leg.status).toBe('completed');
    expect(leg.alerts).toEqual([]);
  });

  test('verbs after a hangup are not played', async () => {
    const leg = await voiceLine({ '/start': '<Say>Bye</Say><Hangup/><Say>Still here</Say>' }).call();
    expect(words(leg.heard)).toEqual(['line: Bye']);
  });

  test('a redirect leads to another document, relative to the one it stands in, signed', async () => {
    const line = voiceLine({ '/start': '<Redirect>/next?a=1&amp;b=%2B</Redirect>', '/next': '<Say>Here</Say>' });
    const leg = await line.call();
    expect(words(leg.heard)).toEqual(['line: Here']);
    expect(line.asked.map(({ path, signed }) => [path, signed])).toEqual([
      ['/start', true],
      ['/next?a=1&b=%2B', true],
    ]);
    expect(line.asked[1]?.fields).toMatchObject({ CallSid: leg.sid, CallStatus: 'in-progress', From: '+15005550001' });
  });

  test('a GET carries the fields in its query, which the signature covers', async () => {
    const line = voiceLine({ '/start': '<Redirect method="GET">/next</Redirect>', '/next': '<Say>Here</Say>' });
    const leg = await line.call();
    expect(line.asked[1]).toMatchObject({ signed: true, fields: { CallSid: leg.sid } });
  });

  test('documents that lead in a circle end', async () => {
    const leg = await voiceLine({ '/start': '<Redirect>/start</Redirect>' }).call();
    expect(codes(leg)).toEqual([14107]);
    expect(leg.status).toBe('completed');
  });
});

describe('what cannot be played', () => {
  test.for([
    ['no answer', undefined, 11200],
    ['an error', 500, 11200],
    ['JSON', { type: 'application/json', body: '{}' }, 12300],
    ['broken XML', { type: 'text/xml', body: '<Response><Say>' }, 12100],
    ['another document', { type: 'text/xml', body: '<Reply/>' }, 12100],
    ['more than 64 kB', { type: 'text/xml', body: `<Response><!--${'x'.repeat(70_000)}--></Response>` }, 11750],
  ] as const)('%s leads to the fallback URL, which is told why', async ([, answer, code]) => {
    const line = voiceLine({ ...(answer !== undefined && { '/start': answer }), '/fallback': '<Say>Sorry</Say>' });
    const leg = await line.call();
    expect(words(leg.heard)).toEqual(['line: Sorry']);
    expect(codes(leg)).toEqual([code]);
    expect(line.asked[1]?.fields).toMatchObject({
      ErrorCode: String(code),
      ErrorUrl: 'https://handover.example.com/start',
    });
  });

  test('without a fallback that works the call ends', async () => {
    const leg = await voiceLine({ '/start': 500, '/fallback': 500 }).call();
    expect(leg.status).toBe('completed');
    expect(leg.heard).toEqual([]);
  });

  test('elements and attributes that Twilio does not know are said', async () => {
    const leg = await voiceLine({ '/start': '<Say volume="11">Hi</Say><Shout>Hey</Shout>' }).call();
    expect(leg.alerts.map(({ says }) => says)).toEqual(['Say has no attribute volume', 'there is no element Shout']);
    expect(words(leg.heard)).toEqual(['line: Hi']);
  });
});

describe('prompts', () => {
  const ask =
    '<Gather input="dtmf speech" action="/got" numDigits="1"><Say>Press 1</Say></Gather><Say>Nothing came</Say>';

  test('keys go to the action', async () => {
    const line = voiceLine({ '/start': ask, '/got': '<Say>Thanks</Say>' });
    const leg = await line.call({ presses: ['12#'] });
    expect(line.asked[1]?.fields).toMatchObject({ Digits: '1' });
    expect(words(leg.heard)).toEqual(['line: Press 1', 'caller: (presses 1)', 'line: Thanks']);
  });

  test('speech goes to the action', async () => {
    const line = voiceLine({ '/start': ask, '/got': '<Say>Thanks</Say>' });
    await line.call({ speaks: ['the blue one'] });
    expect(line.asked[1]?.fields).toMatchObject({ SpeechResult: 'the blue one', Confidence: '0.93' });
  });

  test('silence goes on with what follows, unless the action wants to know', async () => {
    expect(words((await voiceLine({ '/start': ask }).call()).heard).at(-1)).toBe('line: Nothing came');
    const line = voiceLine({
      '/start': ask.replace('action=', 'actionOnEmptyResult="true" action='),
      '/got': '<Hangup/>',
    });
    await line.call();
    expect(line.asked[1]?.fields.Digits).toBeUndefined();
    expect(line.asked).toHaveLength(2);
  });

  test('who hangs up at a prompt is gone', async () => {
    const line = voiceLine({ '/start': ask });
    const leg = await line.call({ hangsUpAt: 'prompt' });
    expect(words(leg.heard)).toEqual(['line: Press 1']);
    expect(leg.status).toBe('completed');
  });

  test('a message is recorded and its place told', async () => {
    const line = voiceLine({
      '/start': '<Record action="/kept" recordingStatusCallback="/done"/>',
      '/kept': '<Hangup/>',
      '/done': 204,
    });
    await line.call({ speaks: ['Please call me back'] });
    const kept = line.asked.find(({ path }) => path === '/kept')?.fields;
    expect(kept?.RecordingUrl).toMatch(/\/Recordings\/RE[0-9a-f]{32}$/);
    expect(line.asked.find(({ path }) => path === '/done')?.fields).toMatchObject({
      RecordingSid: kept?.RecordingSid,
      RecordingStatus: 'completed',
    });
  });
});

describe('dial', () => {
  const dial = (inside: string, attributes = '') => `<Dial action="/after" ${attributes}>${inside}</Dial>`;
  const afterwards = (line: ReturnType<typeof voiceLine>) => line.asked.find(({ path }) => path === '/after')?.fields;

  test('two people talk in turns until one hangs up, and the action hears how it was', async () => {
    const line = voiceLine({ '/start': dial('<Number>+15005550008</Number>'), '/after': '<Say>Goodbye</Say>' });
    line.script('+15005550008', { name: 'agent', says: ['Hello', 'Sure'], ends: 'hang-up' });
    const leg = await line.call({ says: ['Hi, I need help'] });
    const [, child] = line.engine.legs;
    expect(words(leg.heard)).toEqual(['line: (ringing)', 'agent: Hello', 'agent: Sure', 'line: Goodbye']);
    expect(words(child?.heard ?? [])).toEqual(['caller: Hi, I need help']);
    expect(afterwards(line)).toMatchObject({
      DialCallStatus: 'completed',
      DialBridged: 'true',
      DialCallSid: child?.sid,
    });
  });

  test.for([['busy'], ['no-answer'], ['failed']] as const)('a leg that is %s says so', async ([answers]) => {
    const line = voiceLine({ '/start': dial('<Number>+15005550008</Number>'), '/after': '<Hangup/>' });
    line.script('+15005550008', { answers });
    await line.call();
    expect(afterwards(line)).toMatchObject({ DialCallStatus: answers, DialBridged: 'false' });
  });

  test('without an action the document goes on', async () => {
    const line = voiceLine({ '/start': '<Dial>+15005550008</Dial><Say>Nobody</Say>' });
    line.script('+15005550008', { answers: 'busy' });
    expect(words((await line.call()).heard).at(-1)).toBe('line: Nobody');
  });

  test('a whisper that is accepted connects; one that ends in a hangup does not', async () => {
    const whisper = '<Gather action="/accept" numDigits="1"><Say>A customer. Press 1</Say></Gather><Hangup/>';
    const noun = '<Number url="/whisper">+15005550008</Number>';
    const answers = {
      '/start': dial(noun),
      '/whisper': whisper,
      '/accept': '<Say>Connecting</Say>',
      '/after': '<Hangup/>',
    };
    for (const [presses, bridged] of [
      [['1'], 'true'],
      [[], 'false'],
    ] as const) {
      const line = voiceLine(answers);
      line.script('+15005550008', { presses, ends: 'hang-up' });
      await line.call();
      expect(words(line.engine.legs[1]?.heard ?? [])[0]).toBe('line: A customer. Press 1');
      expect(afterwards(line)).toMatchObject({ DialCallStatus: 'completed', DialBridged: bridged });
    }
  });

  test('one after the other: the next rings when the one before does not take it', async () => {
    const line = voiceLine({
      '/start': dial('<Number>+15005550007</Number><Number>+15005550008</Number>', 'sequential="true"'),
      '/after': '<Hangup/>',
    });
    line.script('+15005550007', { answers: 'no-answer' });
    line.script('+15005550008', { ends: 'hang-up' });
    await line.call();
    expect(line.engine.legs.map(({ to, status }) => [to, status])).toEqual([
      ['+15005550006', 'completed'],
      ['+15005550007', 'no-answer'],
      ['+15005550008', 'completed'],
    ]);
    expect(afterwards(line)).toMatchObject({ DialBridged: 'true' });
  });

  test('all at once: the first to answer wins and the others stop ringing', async () => {
    const line = voiceLine({
      '/start': dial('<Number>+15005550007</Number><Number>+15005550008</Number>'),
      '/after': '<Hangup/>',
    });
    line.script('+15005550007', { answers: 'busy' });
    line.script('+15005550008', { ends: 'hang-up' });
    await line.call();
    expect(afterwards(line)).toMatchObject({ DialCallStatus: 'completed', DialBridged: 'true' });
  });

  test('a leg tells its own status, in order, and what answered', async () => {
    const noun =
      '<Number statusCallback="/status" statusCallbackEvent="initiated ringing answered completed" machineDetection="Enable" amdStatusCallback="/amd">+15005550008</Number>';
    const line = voiceLine({ '/start': dial(noun), '/after': '<Hangup/>', '/status': 204, '/amd': 204 });
    line.script('+15005550008', { answers: 'machine', ends: 'hang-up' });
    const leg = await line.call();
    await expect.poll(() => line.asked.filter(({ path }) => path === '/status')).toHaveLength(4);
    const told = line.asked.filter(({ path }) => path === '/status').map(({ fields }) => fields);
    expect(told.map(({ CallStatus, SequenceNumber }) => [CallStatus, SequenceNumber])).toEqual([
      ['initiated', '0'],
      ['ringing', '1'],
      ['in-progress', '2'],
      ['completed', '3'],
    ]);
    expect(told.at(-1)).toMatchObject({ ParentCallSid: leg.sid, CallbackSource: 'call-progress-events' });
    const { AccountSid, CallSid, ...amd } = line.asked.find(({ path }) => path === '/amd')?.fields ?? {};
    expect([AccountSid, CallSid]).toEqual([testSettings.TWILIO_ACCOUNT_SID, line.engine.legs[1]?.sid]);
    expect(amd).toEqual({ AnsweredBy: 'machine_start', MachineDetectionDuration: '2400' });
  });

  /** A call whose other phone rings for ever. */
  function ringing() {
    const line = voiceLine({ '/start': dial('<Number>+15005550008</Number>'), '/after': '<Hangup/>' }, (address) => ({
      ...scriptedParty(address, {}),
      pickUp: () => new Promise(() => {}),
    }));
    return { line, ...line.begin() };
  }

  test('who hangs up while it rings is told to the action, and the other phone stops', async () => {
    const { line, leg, over } = ringing();
    await expect.poll(() => line.engine.legs).toHaveLength(2);
    leg.end();
    await over;
    expect(afterwards(line)).toMatchObject({ DialCallStatus: 'canceled' });
    expect(line.engine.legs[1]?.status).toBe('canceled');
  });

  test('a leg that was forgotten asks nobody any more', async () => {
    const { line, leg, over } = ringing();
    await expect.poll(() => line.engine.legs).toHaveLength(2);
    line.engine.legs.length = 0;
    leg.end();
    await over;
    expect(line.asked.map(({ path }) => path)).toEqual(['/start']);
  });
});

describe('refer', () => {
  /** Greets, and hands the call over whatever is said. */
  const assistant = (): Party => {
    let greeted = false;
    return {
      name: 'assistant',
      pickUp: async () => ({ is: 'answered', by: 'human' }),
      enter: async () => ({ is: 'nothing' }),
      async turn(heard) {
        if (heard !== undefined) return { says: 'One moment', next: { referTo: '<sip:q@flex>' } };
        if (greeted) return { next: 'listen' };
        greeted = true;
        return { says: 'Hello', next: 'listen' };
      },
      wakes: () => new Promise(() => {}),
      hangsUpAt: () => false,
    };
  };
  const start = (attributes: string) => `<Dial ${attributes}><Sip>sip:+15005550006@sip.example.com</Sip></Dial>`;

  test('the referUrl says how the caller goes on, and the other leg is over', async () => {
    const line = voiceLine({ '/start': start('referUrl="/refer"'), '/refer': '<Say>Connecting</Say>' }, assistant);
    const leg = await line.call({ says: ['A person, please'] });
    expect(line.asked[1]).toMatchObject({
      signed: true,
      fields: { ReferTransferTarget: '<sip:q@flex>', CallSid: leg.sid },
    });
    expect(words(leg.heard).slice(1)).toEqual(['assistant: Hello', 'assistant: One moment', 'line: Connecting']);
    expect(line.engine.legs[1]?.status).toBe('completed');
  });

  test.for([
    ['true', 'in-progress'],
    ['false', 'completed'],
  ] as const)('when it fails and answerOnBridge is %s, the call is %s', async ([answerOnBridge, status]) => {
    const line = voiceLine(
      { '/start': start(`answerOnBridge="${answerOnBridge}" referUrl="/refer"`), '/refer': 500 },
      assistant,
    );
    const { leg, over } = line.begin({ says: ['A person, please'] });
    await expect.poll(() => leg.alerts.length).toBe(1);
    if (status === 'completed') await over;
    expect(leg.status).toBe(status);
    leg.end();
  });

  test('without a referUrl nobody is asked', async () => {
    const line = voiceLine({ '/start': start('answerOnBridge="true"') }, assistant);
    const { leg } = line.begin({ says: ['A person, please'] });
    await expect.poll(() => codes(leg)).toEqual([13802]);
    leg.end();
  });
});

describe('enqueue', () => {
  const enqueue = (task: string) =>
    `<Enqueue workflowSid="WW1" action="/left"><Task priority="5">${task}</Task></Enqueue>`;

  test('a task waits with its attributes until a worker takes it', async () => {
    const line = voiceLine({ '/start': enqueue('{"handoverId":"h1"}'), '/left': '<Say>Bye</Say>' });
    const { leg, over } = line.begin();
    await expect.poll(() => line.engine.tasks.all()).toHaveLength(1);
    expect(line.engine.tasks.all()[0]).toMatchObject({
      state: 'pending',
      priority: 5,
      attributes: { handoverId: 'h1', call_sid: leg.sid, from: '+15005550001' },
    });
    const agent = {
      ...line.engine.partyAt('+1', { sid: 'CA1', from: '+2' }),
      turn: async () => ({ says: 'Done', next: 'hang-up' as const }),
    };
    line.engine.tasks.accept(agent);
    await over;
    expect(words(leg.heard)).toContain('+1: Done');
    expect(line.asked.at(-1)?.fields).toMatchObject({ QueueResult: 'bridged' });
    expect(line.engine.tasks.all()[0]?.state).toBe('completed');
  });

  test.for([['{"handoverId":"a" b"}'], ['[1]'], ['null']])(
    'attributes that are no JSON object make no task: %s',
    async ([task = '']) => {
      const line = voiceLine({ '/start': enqueue(task), '/left': '<Hangup/>' });
      const leg = await line.call();
      expect(codes(leg)).toEqual([14221]);
      expect(line.engine.tasks.all()).toEqual([]);
      expect(line.asked.at(-1)?.fields).toMatchObject({ QueueResult: 'system-error' });
    },
  );

  test('the task of a caller who hangs up is canceled', async () => {
    const line = voiceLine({ '/start': enqueue('{}') });
    const { leg, over } = line.begin();
    await expect.poll(() => line.engine.tasks.all()).toHaveLength(1);
    leg.end();
    await over;
    expect(line.engine.tasks.all()[0]?.state).toBe('canceled');
  });
});
