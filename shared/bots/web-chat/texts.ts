import * as v from 'valibot';
import { jsonOf, optional, settings } from '../../core/settings.ts';

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1_000));

interface WebChatTexts {
  readonly nobodyCame: string;
  readonly expired: string;
}

type OwnTexts = Readonly<Record<string, Partial<WebChatTexts>>>;

const noTexts: OwnTexts = {};

const ownTexts: v.GenericSchema<unknown, OwnTexts> = v.record(
  v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/)),
  v.strictObject({ nobodyCame: v.exactOptional(text), expired: v.exactOptional(text) }),
);

/** `WEB_CHAT_TEXTS`. */
export const webChatTextSettings = settings({
  WEB_CHAT_TEXTS: optional(jsonOf(ownTexts), noTexts, {
    is: 'JSON, language to own words for what a web chat says by itself: nobodyCame, expired; en and de are there',
    example: '{"en":{"nobodyCame":"Nobody is free right now. Please write to us."}}',
  }),
});

const texts = {
  en: {
    nobodyCame: 'Sorry, nobody is free right now. You can go on with the assistant.',
    expired: 'The conversation has ended because nobody has written for a while.',
  },
  de: {
    nobodyCame: 'Leider ist gerade niemand frei. Sie können mit dem Assistenten weitermachen.',
    expired: 'Das Gespräch wurde beendet, weil eine Zeit lang niemand geschrieben hat.',
  },
};

const known: Readonly<Record<string, WebChatTexts>> = texts;

/** What a web chat says by itself in a language like `de-AT`; English for a language that nobody has words for. */
export function textsFor(language: string | undefined, own: OwnTexts): WebChatTexts {
  const tag = (language ?? '').split('-')[0]?.toLowerCase() ?? '';
  const named = Object.hasOwn(own, tag) || Object.hasOwn(known, tag) ? tag : 'en';
  return { ...texts.en, ...known[named], ...own[named] };
}
