import { describe, expect, test } from 'vitest';
import { gatherFaults } from '../../stage/twins/twilio/voice/gather-rules.ts';
import type { Script } from '../../stage/twins/twilio/voice/party.ts';
import { longestSilenceSec } from '../../stage/twins/twilio/voice/timeline.ts';
import { voiceLine, words } from './voice-line.ts';

const SAYS = 'What can I do for you today? Say it in your own words.';

/** What a caller gets who is asked like this, and what the action was told. */
async function asked(attributes: string, script: Script) {
  const ask = `<Gather action="/got" ${attributes}><Say>${SAYS}</Say></Gather><Say>Nothing came</Say>`;
  const line = voiceLine({ '/start': ask, '/got': '<Say>Thanks</Say>' });
  const leg = await line.call(script);
  const told = line.asked.find(({ path }) => path === '/got')?.fields;
  return { leg, told, heard: words(leg.heard) };
}

const both = 'input="dtmf speech"';
const spoken = 'input="speech"';
const deed = (one: object): Script => ({ replies: () => one });

describe('keys', () => {
  test.for([
    ['as many as are wanted are enough', 'numDigits="2"', '123#', '12', '', 0],
    ['# ends them', 'timeout="7"', '12#', '12', '#', 0],
    ['another key ends them where it is named, and # is one of them', 'finishOnKey="*"', '1#2*3', '1#2', '*', 0],
    ['no key ends them', 'finishOnKey="" timeout="4"', '1*2#', '1*2#', '', 4],
    ['too few are waited for', 'numDigits="4" timeout="4"', '12', '12', '', 4],
  ] as const)('%s', async ([, attributes, keys, Digits, FinishedOnKey, waits]) => {
    const { told, leg } = await asked(attributes, { presses: [keys] });
    expect(told).toMatchObject({ Digits, FinishedOnKey });
    expect(told).not.toHaveProperty('SpeechResult');
    expect(longestSilenceSec(leg)).toBe(waits);
  });

  test('the one that ends them is none where nothing came before it', async () => {
    expect((await asked('', { presses: ['#'] })).heard.at(-1)).toBe('line: Nothing came');
  });

  test('a prompt for words takes none', async () => {
    expect((await asked(spoken, deed({ keys: '1' }))).told).toBeUndefined();
  });
});

describe('words', () => {
  test.for([
    ['and how sure the recogniser is', `${both} speechTimeout="2"`, { confidence: 0.41 }, '0.41', 2],
    ['auto waits for a pause', `${spoken} speechTimeout="auto"`, {}, '0.93', 1],
    ['as long as for anything without a time of their own', `${spoken} timeout="6"`, {}, '0.93', 6],
  ] as const)('%s', async ([, attributes, more, Confidence, waits]) => {
    const { told, leg } = await asked(attributes, deed({ text: 'the blue one', ...more }));
    expect(told).toMatchObject({ SpeechResult: 'the blue one', Confidence });
    expect(told).not.toHaveProperty('Digits');
    expect(longestSilenceSec(leg)).toBe(waits);
  });

  test('are heard by nobody where keys are wanted, or when no machine makes them out', async () => {
    const { told, heard } = await asked('', deed({ text: 'the blue one' }));
    expect(told).toBeUndefined();
    expect(heard.slice(1)).toEqual(['caller: the blue one', 'line: Nothing came']);
    expect((await asked(spoken, { speaks: ['hm'], mumbles: true })).told).toBeUndefined();
  });
});

describe('nothing', () => {
  test('is told where the action wants to know, after the time', async () => {
    const { told, leg } = await asked(`${both} timeout="3" actionOnEmptyResult="true"`, deed({}));
    expect(told).toBeDefined();
    expect(told).not.toHaveProperty('SpeechResult');
    expect(told).not.toHaveProperty('Digits');
    expect(longestSilenceSec(leg)).toBe(3);
  });
});

describe('somebody who does not wait for the end', () => {
  test.for([
    ['words', both, { text: 'agent' }, 'caller: agent'],
    ['keys', both, { keys: '1#' }, 'caller: (presses 1)'],
    ['keys where words stop nothing', `${both} bargeIn="false"`, { keys: '1#' }, 'caller: (presses 1)'],
  ] as const)('%s: hears none of the rest', async ([, attributes, one, does]) => {
    const { leg, heard } = await asked(attributes, deed({ ...one, afterSec: 2 }));
    expect(heard).toEqual([`line: ${SAYS.slice(0, 30).trimEnd()} …`, does, 'line: Thanks']);
    expect(leg.heard.slice(0, 2).map(({ atSec, forSec }) => [atSec, forSec])).toEqual([
      [0, 2],
      [2, 1],
    ]);
  });

  test.for([
    ['words that are to stop nothing', `${both} bargeIn="false"`, { text: 'agent' }],
    ['words that nobody listens for', '', { text: 'agent' }],
    ['after the end there is nothing to stop', both, { text: 'agent', afterSec: 60 }],
  ] as const)('%s: hears all of it', async ([, attributes, one]) => {
    expect((await asked(attributes, deed({ afterSec: 2, ...one }))).heard[0]).toBe(`line: ${SAYS}`);
  });

  test('what was not said yet is in no silence, and music stops as well', async () => {
    const play = '<Play>https://x.example/a.mp3</Play><Say>Now</Say><Pause length="9"/>';
    const ask = `<Gather action="/got" numDigits="1">${play}</Gather>`;
    const line = voiceLine({ '/start': ask, '/got': '<Hangup/>' });
    const leg = await line.call(deed({ keys: '1', afterSec: 3.5 }));
    expect(words(leg.heard)).toEqual(['line: (plays https://x.example/a.mp3)', 'caller: (presses 1)']);
    expect(leg.seconds).toBe(4.5);
    expect(longestSilenceSec(leg)).toBe(0);
  });
});

test('music that was stopped fills no silence after it', async () => {
  const ask = `<Gather input="speech" speechTimeout="6" action="/got"><Play>https://x.example/a.mp3</Play></Gather>`;
  const line = voiceLine({ '/start': ask, '/got': '<Hangup/>' });
  expect(longestSilenceSec(await line.call(deed({ text: 'agent', afterSec: 2 })))).toBe(6);
});

describe('what Twilio’s debugger says', () => {
  const long = 'x'.repeat(101);
  test.for([
    ['input="voice"', 12200],
    ['finishOnKey="##"', 13310],
    ['timeout="0"', 13313],
    ['numDigits="-1"', 13314],
    ['speechTimeout="soon"', 13327],
    ['speechTimeout="auto" speechModel="phone_call"', 13327],
    [`hints="yes, ${long}"`, 13330],
    [`hints="${Array.from({ length: 501 }, (_, index) => `h${index}`).join(',')}"`, 13330],
    ['language="en"', 13331],
    ['bargeIn="yes"', 13332],
    ['profanityFilter="0"', 13333],
    ['speechModel="best"', 13334],
    ['actionOnEmptyResult=""', 13338],
    ['enhanced="1"', 13339],
  ] as const)('%s', async ([attributes, code]) => {
    const { leg } = await asked(attributes, deed({}));
    expect(leg.alerts.map((alert) => alert.code)).toEqual([code]);
  });

  test('nothing, of what there is', () => {
    for (const speechModel of ['default', 'phone_call', 'googlev2_telephony', 'deepgram_nova-2'])
      for (const language of ['en-US', 'de-DE', 'cmn-Hans-CN', 'fil-PH', 'zh'])
        for (const input of ['dtmf', 'speech', 'dtmf speech', 'speech dtmf'])
          expect(
            gatherFaults({ speechModel, language, input, speechTimeout: '2', finishOnKey: '', hints: '' }),
          ).toEqual([]);
  });

  test('with a language or a model that there is not it hears nothing, with any other it takes the default', async () => {
    for (const attributes of ['language="en"', 'speechModel="best"'])
      expect((await asked(`${both} ${attributes}`, deed({ keys: '1#' }))).heard.at(-1)).toBe('line: Nothing came');
    const { leg } = await asked(`${both} timeout="soon"`, deed({}));
    expect(longestSilenceSec(leg)).toBe(5);
  });
});

describe('somebody who listens first', () => {
  const ask = (says: string) => `<Gather input="speech dtmf" action="/more"><Say>${says}</Say></Gather>`;

  test('answers what they have just heard, and hangs up where they have nothing to say', async () => {
    const line = voiceLine({ '/start': `<Say>Hello</Say>${ask('Your name?')}`, '/more': ask('Your colour?') });
    const told: (readonly string[])[] = [];
    const leg = await line.call({
      replies(heard) {
        told.push(heard);
        const [asksFor = ''] = heard.slice(-1);
        if (told.length > 2) return undefined;
        return asksFor.includes('name') ? { text: 'Ada', afterSec: 0.5 } : { keys: '7#' };
      },
    });
    expect(told).toEqual([['Hello', 'Your name?'], ['Your colour?'], ['Your colour?']]);
    expect(words(leg.heard)).toEqual([
      ...['line: Hello', 'line: Your na …', 'caller: Ada'],
      ...['line: Your colour?', 'caller: (presses 7)', 'line: Your colour?'],
    ]);
    expect(leg.status).toBe('completed');
  });

  test('does what they are told, prompt by prompt, and in a talk after that', async () => {
    const line = voiceLine({
      '/start': ask('Your name?'),
      '/more': '<Dial><Number>+15005550008</Number></Dial>',
    });
    line.script('+15005550008', { says: ['Hello Ada'] });
    const { leg, party } = line.begin({ waits: true });
    await expect.poll(() => leg.asks).toBe('either');
    expect(words(leg.heard)).toEqual(['line: Your name?']);
    party.does({ text: 'Ada' });
    party.does({ text: 'Hello there' });
    const agent = () => line.engine.legs.find(({ to }) => to === '+15005550008');
    await expect.poll(() => words(agent()?.heard ?? [])).toEqual(['caller: Hello there']);
    expect(line.asked.find(({ path }) => path === '/more')?.fields).toMatchObject({ SpeechResult: 'Ada' });
    expect(leg.asks).toBeUndefined();
    leg.end();
  });
});
