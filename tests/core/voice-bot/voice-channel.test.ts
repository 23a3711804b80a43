import { expect, test } from 'vitest';
import type { Env } from '../../../shared/core/settings.ts';
import { voiceChannel } from '../../../shared/core/voice-bot/voice-channel.ts';

function read(env: Env) {
  const faults: string[] = [];
  const settings = voiceChannel.read(env, faults);
  return { voice: settings?.voice, faults };
}

test('without any setting callers are heard in the language of what they hear, and how long they pause depends on the bot', () => {
  expect(read({}).voice).toEqual({
    language: 'en',
    say: { language: 'en-US', voice: 'Polly.Joanna' },
    gather: { language: 'en-US', speechModel: undefined, timeout: 6, bargeIn: true },
    speechTimeout: undefined,
    hints: [],
    afterSilence: 'person',
  });
  expect(read({ SPEECH_LANGUAGE: 'de' }).voice).toMatchObject({
    say: { language: 'de-DE', voice: 'Polly.Vicki' },
    gather: { language: 'de-DE' },
  });
});

test('every setting reaches what it is for', () => {
  const { voice, faults } = read({
    ...{ VOICE_LANGUAGE: 'en-GB', SPEECH_MODEL: 'deepgram_nova-3', SPEECH_HINTS: ' VPN, two-factor ,,Outlook' },
    ...{ SPEECH_TIMEOUT_SEC: '1', LISTEN_TIMEOUT_SEC: '10', BARGE_IN: 'off', AFTER_SILENCE: 'hangup' },
  });
  expect(faults).toEqual([]);
  expect(voice).toEqual({
    language: 'en',
    say: { language: 'en-GB' },
    gather: { language: 'en-GB', speechModel: 'deepgram_nova-3', timeout: 10, bargeIn: false },
    speechTimeout: '1',
    hints: ['VPN', 'two-factor', 'Outlook'],
    afterSilence: 'hangup',
  });
  expect(read({ SPEECH_TIMEOUT_SEC: 'auto' }).voice?.speechTimeout).toBe('auto');
});

test.for<[string, Env]>([
  ['VOICE_LANGUAGE', { VOICE_LANGUAGE: 'english' }],
  ['VOICE_LANGUAGE', { VOICE_LANGUAGE: 'fr-FR' }],
  ['VOICE_LANGUAGE', { VOICE_LANGUAGE: 'de-DE' }],
  ['SPEECH_MODEL', { SPEECH_MODEL: 'phone call' }],
  ['SPEECH_TIMEOUT_SEC', { SPEECH_TIMEOUT_SEC: '0' }],
  ['SPEECH_TIMEOUT_SEC', { SPEECH_TIMEOUT_SEC: '11' }],
  ['SPEECH_TIMEOUT_SEC', { SPEECH_TIMEOUT_SEC: 'auto', SPEECH_MODEL: 'phone_call' }],
  ['LISTEN_TIMEOUT_SEC', { LISTEN_TIMEOUT_SEC: '61' }],
  ['BARGE_IN', { BARGE_IN: 'yes' }],
  ['AFTER_SILENCE', { AFTER_SILENCE: 'goodbye' }],
  ['SPEECH_HINTS', { SPEECH_HINTS: 'x'.repeat(101) }],
  ['SPEECH_HINTS', { SPEECH_HINTS: Array.from({ length: 501 }, (_, n) => n).join(',') }],
])('%s is refused as in %j', ([name, env]) => {
  const { faults } = read(env);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${name} is malformed`));
});
