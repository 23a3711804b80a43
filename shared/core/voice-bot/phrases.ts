import { latePattern } from '../late-pattern.ts';
import type { Phrases } from './words/words.ts';

/** The longest utterance that can be for the channel: whoever says more tells the bot something. */
const MOST_WORDS = 10;

const marks = latePattern(String.raw`[\p{M}'’]`, 'gu');
export const betweenWords = latePattern(String.raw`[^\p{L}\p{N}]+`, 'gu');

/** Words as they are compared: small letters and digits, without accents and apostrophes, one space between two. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(marks(), '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(betweenWords(), ' ')
    .trim();
}

/** An utterance without what is said while thinking; as it is where nothing else was said. */
export function withoutFillers(text: string, { fillers }: Phrases): string {
  const words = folded(text).split(' ');
  const meant = words.filter((word) => !fillers.includes(word));
  return (meant.length === 0 ? words : meant).join(' ');
}

/** What can be said to the channel itself, anywhere. */
export type Command = 'repeat' | 'person' | 'help' | 'goodbye';

/** A text, and what is left of it after each of these beginnings that it has. */
const rests = (text: string, beginnings: readonly string[]): readonly string[] => [
  text,
  ...beginnings.filter((one) => text.startsWith(`${one} `)).map((one) => text.slice(one.length + 1)),
];

/**
 * What a caller wants of the channel. The rule: the whole utterance, folded and without fillers, is one of the phrases of
 * the language; or it is a person, with an article or without, alone or after a wish for one. A phrase among other words is
 * none: a description that has "agent" in it is for the bot.
 */
export function commandIn(text: string, phrases: Phrases): Command | undefined {
  const said = withoutFillers(text, phrases);
  if (said.split(' ').length > MOST_WORDS) return undefined;
  if (phrases.repeat.includes(said)) return 'repeat';
  if (phrases.help.includes(said)) return 'help';
  if (phrases.goodbye.includes(said)) return 'goodbye';
  const wished = rests(said, phrases.wishes).flatMap((wish) => rests(wish, phrases.articles));
  return wished.some((who) => phrases.people.includes(who)) ? 'person' : undefined;
}

/** Nothing but phrases, one after another. */
const saysOnly = (said: string, phrases: readonly string[]): boolean =>
  phrases.some((one) => said === one || (said.startsWith(`${one} `) && saysOnly(said.slice(one.length + 1), phrases)));

/**
 * Whether a caller says yes or no, by the same rule; "yes, of course" is one as well. `unclear` is both, or doubt, and nothing
 * else: "yes, I do not know", "um". Undefined where something else is said.
 */
export function yesOrNo(text: string, phrases: Phrases): 'yes' | 'no' | 'unclear' | undefined {
  const said = withoutFillers(text, phrases);
  if (said.split(' ').length > MOST_WORDS) return undefined;
  if (saysOnly(said, phrases.yes)) return 'yes';
  if (saysOnly(said, phrases.no)) return 'no';
  return saysOnly(said, [...phrases.yes, ...phrases.no, ...phrases.doubts, ...phrases.fillers]) ? 'unclear' : undefined;
}
