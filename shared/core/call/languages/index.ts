import { de } from './de.ts';
import { en } from './en.ts';
import type { SpokenLanguage, Texts } from './texts.ts';

/** The languages that we speak, by the first part of their tags. */
export const languages = { en, de } as const satisfies Readonly<Record<string, SpokenLanguage>>;

export type Language = keyof typeof languages;

/** What callers and agents hear in a language. */
export const textsIn = (language: Language): Texts => languages[language].texts;
