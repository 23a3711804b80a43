import * as v from 'valibot';
import { type Language, languages } from '../call/languages/index.ts';
import { languageSetting } from '../call/speech.ts';
import type { verb } from '../call/twiml.ts';
import { optional, readAs, type SettingsGroup, settings, text } from '../settings.ts';

type GatherAttributes = NonNullable<Parameters<typeof verb<'Gather'>>[1]>;
type SayAttributes = NonNullable<Parameters<typeof verb<'Say'>>[1]>;

const onOrOff = v.picklist(['on', 'off']);

const seconds = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,2}$/),
    v.check((value) => Number(value) >= 1 && Number(value) <= most),
  );

const hints = v.pipe(
  text(6_000),
  v.transform((value) =>
    value
      .split(',')
      .map((hint) => hint.trim())
      .filter((hint) => hint !== ''),
  ),
  v.maxLength(500),
  v.everyItem((hint) => hint.length <= 100),
);

const shape = settings({
  SPEECH_LANGUAGE: languageSetting,
  VOICE_LANGUAGE: optional(v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/)), undefined, {
    is: 'BCP-47 tag of what callers of the helpdesk speak and hear, of the language that SPEECH_LANGUAGE names; its own tag when it is not set',
    example: 'en-GB',
  }),
  SPEECH_MODEL: optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,60}$/)), undefined, {
    is: 'how Twilio recognises what callers of the helpdesk say; Twilio chooses, and takes another when one is down, when it is not set',
    example: 'deepgram_nova-3',
  }),
  SPEECH_HINTS: optional(hints, [], {
    is: 'what callers of the helpdesk are likely to say, separated by commas: at most 500 phrases of at most 100 characters',
    example: 'VPN, Outlook, two-factor',
  }),
  SPEECH_TIMEOUT_SEC: optional(v.union([v.literal('auto'), seconds(10)]), undefined, {
    is: 'seconds of silence after which a caller of the helpdesk has said all, 1 to 10; or auto, at the first pause, which goes without SPEECH_MODEL only; 2 for the built-in helpdesk and 1 for other bots when it is not set',
    example: '2',
  }),
  LISTEN_TIMEOUT_SEC: optional(v.pipe(seconds(60), v.transform(Number)), 6, {
    is: 'seconds that a caller of the helpdesk has to begin, and between two keys, 1 to 60',
  }),
  BARGE_IN: optional(onOrOff, 'on', {
    is: 'off lets callers of the helpdesk not speak before the helpdesk has done so',
  }),
  AFTER_SILENCE: optional(v.picklist(['person', 'hangup']), 'person', {
    is: 'what a caller of the helpdesk gets who says nothing three times: person or hangup',
  }),
});

/** How callers are spoken and listened to. */
export interface VoiceChannel {
  readonly language: Language;
  readonly say: SayAttributes;
  readonly gather: GatherAttributes;
  /** Seconds or `auto`, as it is set: `speechTimeoutOf` says what that is for a bot. */
  readonly speechTimeout: string | undefined;
  readonly hints: readonly string[];
  readonly afterSilence: 'person' | 'hangup';
}

/**
 * How callers of the helpdesk are spoken and listened to. Six seconds to begin, for a number is looked for. Twilio
 * takes `auto` with no model, warning 13335 of 2026-03-20, and other limits as they stand with the settings: warning 13330
 * and the page of `<Gather>` of 2026-06-22, both read 2026-11-28.
 */
export const voiceChannel: SettingsGroup<{ readonly voice: VoiceChannel }> = readAs(shape, (env, faults) => {
  const before = faults.length;
  const given = shape.read(env, faults);
  if (faults.length > before) return undefined as never;
  const { SPEECH_LANGUAGE: language, SPEECH_MODEL, SPEECH_TIMEOUT_SEC, LISTEN_TIMEOUT_SEC, BARGE_IN } = given;
  const own = languages[language].voice;
  const tag = given.VOICE_LANGUAGE ?? own.language;
  if (tag.split('-')[0] !== language)
    faults.push('VOICE_LANGUAGE is malformed (it must be of the language of SPEECH_LANGUAGE)');
  if (SPEECH_MODEL !== undefined && SPEECH_TIMEOUT_SEC === 'auto')
    faults.push('SPEECH_TIMEOUT_SEC is malformed (auto goes without SPEECH_MODEL only)');
  return {
    voice: {
      language,
      // The voice belongs to its own tag; for any other Twilio has one of its own.
      say: tag === own.language ? own : { language: tag as SayAttributes['language'] },
      gather: {
        language: tag as GatherAttributes['language'],
        speechModel: SPEECH_MODEL,
        timeout: LISTEN_TIMEOUT_SEC,
        bargeIn: BARGE_IN === 'on',
      },
      speechTimeout: SPEECH_TIMEOUT_SEC,
      hints: given.SPEECH_HINTS,
      afterSilence: given.AFTER_SILENCE,
    },
  };
});
