import { codeInWords } from '../code-in-words.ts';
import { latePattern } from '../late-pattern.ts';
import type { Texts } from './languages/texts.ts';
import { speakable } from './speech.ts';

/** What is known of a caller and may be told to whoever takes the call. */
export interface KnownOfCaller {
  readonly name: string | undefined;
  readonly topic: string | undefined;
  readonly reason: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** What the customer said last. */
  readonly lastWords: string | undefined;
}

/** About half a minute: the caller hears ringing for as long. */
const MOST_CHARACTERS = 400;
/** A sentence with less left of it says nothing. */
const LEAST_WORTH_SAYING = 12;

const wordEnd = latePattern(String.raw`(\p{Ll}|\p{N})(\p{Lu})`, 'gu');

/** A name that a program gave as people say it: `licensePlate` and `license_plate` are `license plate`. */
const spokenName = (name: string) => name.replace(wordEnd(), (_, a, b) => `${a} ${b.toLowerCase()}`);

/** As many whole fields as fit. */
function spokenFields(fields: KnownOfCaller['fields'], maxLength: number): string | undefined {
  let said = '';
  for (const [name, value] of Object.entries(fields)) {
    const [what, is] = [speakable(spokenName(name), 60), speakable(value, 80)];
    if (what === undefined || is === undefined) continue;
    const longer = said === '' ? `${what}: ${is}` : `${said}, ${what}: ${is}`;
    if (longer.length <= maxLength) said = longer;
  }
  return said === '' ? undefined : said;
}

/**
 * What an agent hears who picks up: who waits, why, what is known, what was said last, as far as it fits into 400
 * characters, and then which key takes the call.
 */
export function whisperText(texts: Texts, known: KnownOfCaller, isRecorded: boolean): string {
  const sentences = [texts.waiting({ name: speakable(known.name), topic: speakable(known.topic) })];
  const add = (sentence: (words: string) => string, words: (maxLength: number) => string | undefined) => {
    const left = MOST_CHARACTERS - sentences.join(' ').length - 1 - sentence('').length;
    const fitting = left < LEAST_WORTH_SAYING ? undefined : words(left);
    if (fitting !== undefined) sentences.push(sentence(fitting));
  };
  add(texts.because, (left) => speakable(codeInWords(texts.reasons, known.reason), Math.min(left, 120)));
  add(texts.known, (left) => spokenFields(known.fields, Math.min(left, 160)));
  add(texts.lastWords, (left) => speakable(known.lastWords, left));
  if (isRecorded) sentences.push(texts.recordedToo);
  return [...sentences, texts.pressToAccept].join(' ');
}
