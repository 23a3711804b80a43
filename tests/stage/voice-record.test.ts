import { describe, expect, test } from 'vitest';
import { voiceLine } from './voice-line.ts';

const MESSAGE = 'Please call me back about my claim, it is urgent.';

const record = (more = '') =>
  `<Record action="/kept" transcribe="true" transcribeCallback="/text" recordingStatusCallback="/done" ${more}/>`;

function mailbox(more = '') {
  const line = voiceLine({ '/start': record(more), '/kept': '<Say>Thank you</Say>', '/done': 204, '/text': 204 });
  const told = (path: string) => line.asked.filter((one) => one.path === path).map(({ fields }) => fields);
  return { ...line, told };
}

describe('a message', () => {
  test('is kept, told to be there, and read, each with the fields that Twilio documents', async () => {
    const line = mailbox();
    const leg = await line.call({ speaks: [MESSAGE] });
    await expect.poll(() => line.told('/text')).toHaveLength(1);
    const [kept] = line.told('/kept');
    const RecordingUrl = expect.stringMatching(
      /^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC.*\/Recordings\/RE[0-9a-f]{32}$/,
    );
    expect(kept).toMatchObject({ RecordingUrl, RecordingDuration: '4', Digits: '', CallStatus: 'in-progress' });
    expect(line.told('/done')).toEqual([
      {
        AccountSid: kept?.AccountSid,
        CallSid: leg.sid,
        RecordingSid: kept?.RecordingSid,
        RecordingUrl: kept?.RecordingUrl,
        RecordingStatus: 'completed',
        RecordingDuration: '4',
        RecordingChannels: '1',
        RecordingSource: 'RecordVerb',
      },
    ]);
    const [text = {}] = line.told('/text');
    expect(text).toMatchObject({
      TranscriptionText: MESSAGE,
      TranscriptionStatus: 'completed',
      RecordingSid: kept?.RecordingSid,
    });
    expect(Object.keys(text).sort()).toEqual(
      [
        ...[
          'AccountSid',
          'ApiVersion',
          'CallSid',
          'CallStatus',
          'Direction',
          'From',
          'RecordingSid',
          'RecordingUrl',
          'To',
        ],
        ...['TranscriptionSid', 'TranscriptionStatus', 'TranscriptionText', 'TranscriptionUrl'],
      ].sort(),
    );
  });

  test('that cannot be made out is said to have failed', async () => {
    const line = mailbox();
    await line.call({ speaks: [MESSAGE], mumbles: true });
    await expect
      .poll(() => line.told('/text')[0])
      .toMatchObject({ TranscriptionStatus: 'failed', TranscriptionText: '' });
  });

  test.for([
    ['nothing at all', []],
    ['a word', ['Hello?']],
    ['two minutes', ['Well, '.repeat(400)]],
  ] as const)('of %s is kept but never read, which is an alert', async ([, speaks]) => {
    const line = mailbox();
    const leg = await line.call({ speaks });
    await expect.poll(() => line.told('/done')).toHaveLength(1);
    expect(leg.alerts.map(({ code }) => code)).toEqual([13617]);
    expect(line.told('/text')).toEqual([]);
  });

  test('is as long as it may be', async () => {
    const line = mailbox('maxLength="30"');
    await line.call({ speaks: ['Well, '.repeat(400)] });
    expect(line.told('/kept')[0]).toMatchObject({ RecordingDuration: '30' });
  });

  test('of somebody who hangs up after it is kept all the same', async () => {
    const line = mailbox();
    const leg = await line.call({ speaks: [MESSAGE], hangsUpAt: 'voicemail' });
    await expect.poll(() => line.told('/text')).toHaveLength(1);
    expect(line.told('/kept')[0]).toMatchObject({ Digits: 'hangup', CallStatus: 'completed' });
    expect(leg.status).toBe('completed');
    expect(leg.heard.some(({ text }) => text === 'Thank you')).toBe(false);
  });

  test('is read only when that was asked for', async () => {
    const start = record().replace(' transcribe="true"', '');
    const line = voiceLine({ '/start': start, '/kept': '<Hangup/>', '/done': 204, '/text': 204 });
    await line.call({ speaks: [MESSAGE] });
    await expect.poll(() => line.asked.map(({ path }) => path)).toContain('/done');
    expect(line.asked.map(({ path }) => path)).not.toContain('/text');
  });
});

describe('a talk that is recorded', () => {
  const dial = (record: string) =>
    `<Dial action="/after" record="${record}" recordingStatusCallback="/done" recordingStatusCallbackEvent="in-progress completed"><Number>+15005550008</Number></Dial>`;

  test.for([
    ['record-from-answer', '1'],
    ['record-from-answer-dual', '2'],
  ] as const)('with %s has %s channels', async ([how, RecordingChannels]) => {
    const line = voiceLine({ '/start': dial(how), '/after': '<Hangup/>', '/done': 204 });
    line.script('+15005550008', { says: ['Hello, how can I help you today?'], ends: 'hang-up' });
    const leg = await line.call();
    const done = () => line.asked.filter(({ path }) => path === '/done').map(({ fields }) => fields);
    await expect.poll(() => done().length).toBe(2);
    expect(done().map(({ RecordingStatus, RecordingDuration }) => [RecordingStatus, RecordingDuration])).toEqual([
      ['in-progress', undefined],
      ['completed', '3'],
    ]);
    expect(done()[1]).toMatchObject({
      ...{ CallSid: leg.sid, RecordingChannels, RecordingSource: 'DialVerb' },
      RecordingStartTime: expect.stringMatching(/\+0000$/),
    });
    expect(done()[1]).not.toHaveProperty('From');
    const after = line.asked.find(({ path }) => path === '/after')?.fields;
    expect(after?.RecordingUrl).toBe(done()[1]?.RecordingUrl);
  });

  test('nobody records what is not to be recorded, or was never answered', async () => {
    for (const [how, answers] of [
      ['do-not-record', 'human'],
      ['record-from-answer', 'busy'],
    ] as const) {
      const line = voiceLine({ '/start': dial(how), '/after': '<Hangup/>' });
      line.script('+15005550008', { answers, ends: 'hang-up' });
      await line.call();
      expect(line.asked.map(({ path }) => path)).toEqual(['/start', '/after']);
      expect(line.asked[1]?.fields).not.toHaveProperty('RecordingUrl');
    }
  });
});
