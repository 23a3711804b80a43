import * as v from 'valibot';
import { plainText } from '../plain-text.ts';

const MAX_WORDS = 1_000;
const MAX_KEYS = 32;

/** What a caller said or pressed, as it may go on from here. Neither: they did nothing. */
export interface SpokenInput {
  /** One line without control characters and angle brackets, at most 1,000 characters. */
  readonly words: string | undefined;
  /** From 0 to 1, where the recogniser gave one. */
  readonly confidence: number | undefined;
  /** Of 0 to 9, * and #, at most 32. */
  readonly keys: string | undefined;
}

const spokenText = plainText(MAX_WORDS);

function confidenceOf(text: string | undefined): number | undefined {
  const value = /^\d{1,3}(?:\.\d{1,20})?$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= 0 && value <= 1 ? value : undefined;
}

/** Cleans and caps what Twilio tells of a caller: the only place where that is done. */
export function spokenInput(form: {
  readonly SpeechResult: string | undefined;
  readonly Confidence: string | undefined;
  readonly Digits: string | undefined;
}): SpokenInput {
  // Cut before it is cleaned, which takes no more than ten thousand.
  const words = v.safeParse(spokenText, (form.SpeechResult ?? '').slice(0, 4 * MAX_WORDS));
  const keys = (form.Digits ?? '')
    .slice(0, 4 * MAX_KEYS)
    .replace(/[^0-9*#]/g, '')
    .slice(0, MAX_KEYS);
  return {
    words: words.success ? words.output : undefined,
    confidence: confidenceOf(form.Confidence),
    keys: keys === '' ? undefined : keys,
  };
}
