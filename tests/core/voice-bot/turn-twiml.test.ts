import { expect, test } from 'vitest';
import { studioFlow } from '../../../shared/core/call/studio.ts';
import { publicUrls } from '../../../shared/core/public-urls.ts';
import { xml } from '../../../shared/core/reply.ts';
import { turnTwiml } from '../../../shared/core/voice-bot/turn-twiml.ts';
import { voiceChannel } from '../../../shared/core/voice-bot/voice-channel.ts';
import type { TurnAnswer } from '../../../shared/core/voice-bot/voice-turns.ts';
import { testSettings } from '../../support/calls.ts';
import { onlyVerb, readTwiml } from '../../support/read-twiml.ts';

const { urls } = publicUrls.read({ PUBLIC_BASE_URL: 'https://handover.example.com' }, []);
const next = 'https://handover.example.com/helpdesk-call?turn=1&at=1767225900000';

const { studio } = studioFlow.read({ STUDIO_WEBHOOK_URL: testSettings.STUDIO_WEBHOOK_URL }, []);

function heard(answer: Partial<TurnAnswer>, SPEECH_HINTS = '', more: Partial<Parameters<typeof turnTwiml>[1]> = {}) {
  const { voice } = voiceChannel.read({ SPEECH_HINTS }, []);
  return xml(
    turnTwiml(
      { says: [], next: 'listen', ...answer },
      {
        studio: undefined,
        urls,
        voice,
        bot: { is: 'helpdesk' },
        handoverId: 'h1',
        sessionHistoryKey: undefined,
        next,
        ...more,
      },
    ),
  );
}

const gather = (answer: Partial<TurnAnswer>, hints?: string) => onlyVerb(heard(answer, hints)).attributes;

test('a pause is a pause, and each saying is said by itself', () => {
  const { verbs } = onlyVerb(heard({ says: [{ text: 'One.' }, { pauseSec: 2 }, { text: 'Two.' }] }));
  expect(verbs.map(({ name, text, attributes }) => [name, text, attributes.length])).toEqual([
    ['Say', 'One.', undefined],
    ['Pause', '', '2'],
    ['Say', 'Two.', undefined],
  ]);
});

test.for<[string, string]>([
  ['words', 'word '.repeat(999).trim()],
  ['one word without an end', 'x'.repeat(1_800)],
  ['characters that take four bytes', `a${'😀'.repeat(900)}`],
  ['characters that take three bytes', '€'.repeat(1_200)],
])('what is too long for one voice is said in pieces, none of it lost: %s', ([, text]) => {
  const said = onlyVerb(heard({ says: [{ text }] })).verbs.map((verb) => verb.text);
  expect(said.length).toBeGreaterThan(1);
  for (const piece of said) {
    expect(piece.length).toBeLessThanOrEqual(500);
    expect(encodeURIComponent(piece).length).toBeLessThanOrEqual(4_500);
  }
  expect(said.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});

test('choices, what the bot expects and the names of the operator are hinted, each once and in the form that Twilio takes', () => {
  const { hints } = gather(
    {
      choices: [{ title: 'low, or "none"', value: 'x' }],
      listens: { for: 'words', hints: ['VPN', ' ', `${'h'.repeat(150)}`] },
    },
    'VPN, Outlook',
  );
  expect(hints).toBe(`low or none, VPN, ${'h'.repeat(100)}, Outlook`);
  expect(gather({}).hints).toBeUndefined();
});

test('there are at most 500 hints', () => {
  const hints = Array.from({ length: 490 }, (_, n) => `bot ${n}`);
  const all = gather({ listens: { for: 'words', hints } }, Array.from({ length: 100 }, (_, n) => `own ${n}`).join());
  expect(all.hints?.split(', ')).toHaveLength(500);
});

test('where all of it is too much for one answer the hints are left out, and all that is said stays', () => {
  const hints = Array.from({ length: 500 }, (_, n) => `${n} `.padEnd(99, '€'));
  const says = [{ text: '&'.repeat(5_000) }];
  const choices = Array.from({ length: 20 }, (_, n) => ({ title: `${n}`.padEnd(100, '&'), value: '' }));
  const all = onlyVerb(heard({ says, choices, listens: { for: 'words', hints } }));
  expect(all.attributes.hints).toBeUndefined();
  expect(
    all.verbs
      .map(({ text }) => text)
      .join('')
      .replaceAll(/[^&]/g, '').length,
  ).toBeGreaterThan(6_000);
});

test('one key, several keys, and words are asked for each in their way', () => {
  expect(gather({ listens: { for: 'key' } })).toMatchObject({ input: 'speech dtmf', numDigits: '1', finishOnKey: '' });
  expect(gather({ listens: { for: 'words' } })).toMatchObject({ numDigits: '1', finishOnKey: '' });
  expect(gather({ listens: { for: 'keys', mostKeys: 6 } })).toMatchObject({ numDigits: '6', finishOnKey: '#' });
  expect(gather({ listens: { for: 'keys' } })).not.toHaveProperty('numDigits');
});

test('what follows is what the answer says', () => {
  const ends = (answer: Partial<TurnAnswer>) => readTwiml(heard(answer)).map(({ name, text }) => [name, text]);
  expect(ends({ next: 'hang-up', says: [{ text: 'Bye.' }] })).toEqual([
    ['Say', 'Bye.'],
    ['Hangup', ''],
  ]);
  expect(ends({ next: 'go-on' })).toEqual([['Redirect', next]]);
  const person = 'https://handover.example.com/call-leg?step=person&handover=h1&reason=';
  expect(ends({ next: 'person', reason: 'silence' })).toEqual([['Redirect', `${person}assistant_transfer`]]);
  expect(ends({ next: 'person', reason: 'bot_failed' })).toEqual([['Redirect', `${person}assistant_failed`]]);
});

test.for([
  ['the flow', studio, 'SessionHistoryKey', 'dev::latest'],
  ['the step that finds somebody', undefined, 'key', 'dev..latest'],
] as const)('%s is told the key of what was said at Watson', ([, flow, name, expected]) => {
  const answer = { next: 'person', reason: 'asked_for_person' } as const;
  const keyFor = (sessionHistoryKey: string | undefined) =>
    new URL(onlyVerb(heard(answer, '', { studio: flow, sessionHistoryKey })).text).searchParams.get(name);
  expect(keyFor('dev::latest')).toBe(expected);
  expect(keyFor(undefined)).toBeNull();
});
