import { soundsLikeAnother } from './alike.ts';

const signs: Readonly<Record<string, string>> = { '@': 'at', '.': 'dot', '-': 'dash', _: 'underscore', '+': 'plus' };

/** Sequences of consonants of which words of several languages are made are shorter. */
const UNSPEAKABLE = /[^aeiouy]{4}|^[^aeiouy]+$|^[^aeiouy]{3}/;

/** Whether a voice reads it as a word, in a way that tells how it is written. */
const isWord = (text: string) =>
  text === 'com' || (/^[a-z]{4,20}$/.test(text) && !UNSPEAKABLE.test(text)) || /^(?:org|net)$/.test(text);

const apart = (text: string) => [...text.toUpperCase()].join(', ');

/** An address as a voice reads it: words as words, all else letter by letter and digit by digit. */
export function spelledOut(email: string): string {
  const parts = email.toLowerCase().match(/[a-z]+|\d+|[@._+-]/g) ?? [];
  return parts
    .map((part) => signs[part] ?? (isWord(part) && !soundsLikeAnother(part) ? part : apart(part)))
    .join(', ')
    .replace(/(?<=\b(?:at|dot|dash|underscore|plus)), /g, ' ');
}
