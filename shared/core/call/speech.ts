import * as v from 'valibot';
import { cutAtWord } from '../cut-at-word.ts';
import { latePattern } from '../late-pattern.ts';
import { optional } from '../settings.ts';
import { type Language, languages } from './languages/index.ts';
import { type Verb, verb } from './twiml.ts';

const known = Object.keys(languages) as Language[];

export const languageSetting = optional(v.picklist(known), 'en', {
  is: `language of what callers hear when nothing says theirs: ${known.join(' or ')}`,
  example: 'en',
});

/** The language that a tag like `de-AT` asks for, if we speak it. */
export function languageOf(tag: string | undefined, fallback: Language): Language {
  const wanted = tag?.split('-')[0]?.toLowerCase();
  return known.find((language) => language === wanted) ?? fallback;
}

export function say(language: Language, text: string): Verb {
  return verb('Say', { ...languages[language].voice }, text);
}

const unspoken = latePattern(String.raw`[^\p{L}\p{M}\p{N} .,'-]`, 'gu');

/**
 * A customer's own words as they may be read out: letters, digits and plain punctuation, cut between two words where there
 * are more than `maxLength` characters. Undefined when nothing is left to say.
 */
export function speakable(words: string | undefined, maxLength = 120): string | undefined {
  const plain = (words ?? '')
    .slice(0, 4 * maxLength)
    .replace(unspoken(), ' ')
    .replace(/ +/g, ' ')
    .trim();
  const said = cutAtWord(plain, maxLength).replace(/[ .,'-]+$/, '');
  return said === '' ? undefined : said;
}
