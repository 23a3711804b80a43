import { expect, test } from 'vitest';
import { defaultLimits, helpdeskSettings } from '../../../shared/bots/helpdesk/settings.ts';
import { voiceBotSettings } from '../../../shared/bots/voice.ts';
import { testSettings } from '../../support/calls.ts';

function read(HELPDESK_LIMITS?: string) {
  const faults: string[] = [];
  return { ...helpdeskSettings.read({ HELPDESK_LIMITS }, faults), faults };
}

test('limits that are left out are as they are by default', () => {
  expect(read()).toEqual({ HELPDESK_LIMITS: defaultLimits, faults: [] });
  expect(read('{"lookUpsPerHour":100}').HELPDESK_LIMITS).toEqual({ ...defaultLimits, lookUpsPerHour: 100 });
});

test.for(['5', '{"lookUpsPerHour":0}', '{"codesPerHour":1.5}', '{"checks":1}'])('%s are no limits', (text) => {
  expect(read(text).faults).toHaveLength(1);
});

test.for([
  ['helpdesk', 'de', ['SPEECH_LANGUAGE is malformed (en with VOICE_BOT=helpdesk, which speaks nothing else)']],
  ['', 'de', [expect.stringMatching(/^VOICE_BOT is missing \(rasa or watson/)]],
  ['', 'en', []],
  ['helpdesk', 'en', []],
  ['rasa', 'de', []],
] as const)('VOICE_BOT=%s in %s', ([VOICE_BOT, SPEECH_LANGUAGE, expected]) => {
  const faults: string[] = [];
  voiceBotSettings.read({ ...testSettings, RASA_URL: 'https://rasa.example.com', VOICE_BOT, SPEECH_LANGUAGE }, faults);
  expect(faults).toEqual(expected);
});
