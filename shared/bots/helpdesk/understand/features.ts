import { wordsIn } from './normalised.ts';
import { kindOf } from './word-kinds.ts';

/** As many words count. */
const MAX_WORDS = 40;

/** As many letters are a part of a word. */
const PART = 4;

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Two words that follow each other, the ends of what was said included. */
function pairsOf(words: readonly string[]): readonly string[] {
  const ended = ['^', ...words, '$'];
  return ended.slice(1).map((word, at) => `${ended[at]} ${word}`);
}

/** Parts of words, so that one that is new or misspelt is known by what it looks like. */
function partsOf(word: string): readonly string[] {
  if (word.length < 4) return [];
  const ended = `<${word}>`;
  const parts: string[] = [];
  for (let at = 0; at + PART <= ended.length; at += 1) parts.push(ended.slice(at, at + PART));
  return parts;
}

/** Stands for every word of which nothing was learnt. */
const STRANGE = '?';

/** What is told apart when a text is looked at. */
export interface Places {
  readonly buckets: number;
  /** Whether something was learnt of a word. */
  isKnown(word: string): boolean;
}

/** Which places what was said falls into, each once, and how much each counts: the squares add up to 1. */
export function featuresOf(
  text: string,
  { buckets, isKnown }: Places,
): { readonly places: readonly number[]; readonly weight: number } {
  const said = wordsIn(text).slice(0, MAX_WORDS);
  const words = said.map((word) => (isKnown(word) ? word : STRANGE));
  const kinds = said.map((word, at) => kindOf(word) ?? words[at] ?? STRANGE);
  const strange = words.filter((word) => word === STRANGE).length;
  const features = [
    // Twice, for words say more than their parts.
    ...words,
    ...words.map((word) => `!${word}`),
    ...pairsOf(words),
    ...kinds.filter((kind, at) => kind !== words[at]).map((kind) => `=${kind}`),
    ...pairsOf(kinds).map((pair) => `=${pair}`),
    ...said.flatMap(partsOf).map((part) => `~${part}`),
    `#${Math.min(said.length, 6)}`,
    `${STRANGE}${Math.min(strange, 3)}`,
  ];
  const places = [...new Set(features.map((feature) => hashOf(feature) % buckets))];
  return { places, weight: said.length === 0 ? 0 : 1 / Math.sqrt(places.length) };
}
