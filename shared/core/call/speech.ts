import * as v from 'valibot';
import { optional } from '../settings.ts';
import { type Verb, verb } from './twiml.ts';

const languages = ['en', 'de'] as const;

export type Language = (typeof languages)[number];

export const languageSetting = optional(v.picklist(languages), 'en', {
  is: 'language of what callers hear when nothing says theirs: en or de',
  example: 'en',
});

/** The language that a tag like `de-AT` asks for, if we speak it. */
export function languageOf(tag: string | undefined, fallback: Language): Language {
  const wanted = tag?.split('-')[0]?.toLowerCase();
  return languages.find((language) => language === wanted) ?? fallback;
}

interface Asked {
  readonly name: string | undefined;
  readonly topic: string | undefined;
}

interface Phrases {
  readonly oneMoment: string;
  readonly nobody: string;
  readonly customerLeft: string;
  /** To the customer whom we call because they asked for it. */
  readonly greeting: (business: string | undefined) => string;
  /** To the agent, before the two are connected. */
  readonly whisper: (asked: Asked) => string;
}

const en: Phrases = {
  oneMoment: 'One moment please, we are connecting you.',
  nobody: 'We are sorry, nobody can take your call right now. Please try again later. Goodbye.',
  customerLeft: 'The customer is no longer on the line. Goodbye.',
  greeting: (business) =>
    `Hello${business ? `, this is ${business}` : ''}. You asked for a call. Please hold while we connect you.`,
  whisper: ({ name, topic }) =>
    `${name ?? 'A customer'} would like to talk to you${topic ? ` about ${topic}` : ''}. To take the call, press 1.`,
};

const de: Phrases = {
  oneMoment: 'Einen Moment bitte, wir verbinden Sie.',
  nobody:
    'Es tut uns leid, gerade kann niemand Ihren Anruf annehmen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.',
  customerLeft: 'Der Kunde ist nicht mehr in der Leitung. Auf Wiederhören.',
  greeting: (business) =>
    `Guten Tag${business ? `, hier ist ${business}` : ''}. Sie haben um einen Anruf gebeten. Bitte bleiben Sie in der Leitung, wir verbinden Sie.`,
  whisper: ({ name, topic }) =>
    `${name ?? 'Ein Kunde'} möchte mit Ihnen sprechen${topic ? `, es geht um ${topic}` : ''}. Um den Anruf anzunehmen, drücken Sie die 1.`,
};

/** What callers and agents hear, in each language. */
export const phrases: Readonly<Record<Language, Phrases>> = { en, de };

/** How each language is spoken by Twilio. */
export const voices = {
  en: { language: 'en-US', voice: 'Polly.Joanna' },
  de: { language: 'de-DE', voice: 'Polly.Vicki' },
} as const;

export function say(language: Language, text: string): Verb {
  return verb('Say', voices[language], text);
}

/** A customer's own words as they may be read out: letters, digits and plain punctuation, at most 120 characters. */
export function speakable(words: string | undefined): string | undefined {
  const plain = words
    ?.replace(/[^\p{L}\p{M}\p{N} .,'-]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, 120);
  return plain === '' ? undefined : plain;
}
