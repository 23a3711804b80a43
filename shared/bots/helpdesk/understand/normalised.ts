import { latePattern } from '../../../core/late-pattern.ts';
import { betweenWords } from '../../../core/voice-bot/phrases.ts';

/** Longer texts are cut: nobody says as much in one turn. */
const MAX_LENGTH = 1_000;

/** Marks above letters, as NFKD writes them apart. */
export const marks = latePattern(String.raw`\p{M}`, 'gu');

/** What is said together, or was heard as two words. The order counts. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/[’`´]/g, "'"],
  [/\be[ -]?(?:mail|male)s?\b/g, 'email'],
  [/\b(my|the|our|any) male(?: ?box)?\b/g, '$1 mail'],
  [/\bout look\b/g, 'outlook'],
  [/\bpass (?=words?\b)/g, 'pass'],
  [/\bwi[ -]fi\b/g, 'wifi'],
  [/\b(?:can't|cannot|cant)\b/g, 'can not'],
  [/\b(?:won't|wont)\b/g, 'will not'],
  [/\bain't\b/g, 'is not'],
  [/\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t\b/g, '$1 not'],
  [/\b(?:i'm|im)\b/g, 'i am'],
  [/\b(?:i've|ive)\b/g, 'i have'],
  [/\blet's\b/g, 'let us'],
  [/\b(it|that|what|who|where|how|there|here|he|she|when|why)'?s\b/g, '$1 is'],
  [/\b(you|we|they)'re\b/g, '$1 are'],
  [/(?<=\w)'ve\b/g, ' have'],
  [/(?<=\w)'ll\b/g, ' will'],
  [/(?<=\w)'d\b/g, ' would'],
  [/\bgonna\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\bgotta\b/g, 'got to'],
  [/\bgimme\b/g, 'give me'],
  [/\blemme\b/g, 'let me'],
  [/\bdunno\b/g, 'do not know'],
  [/\b(?:pls|plz)\b/g, 'please'],
  [/\bopn\b/g, 'open'],
];

/** What people say while they think. */
const fillers = [
  /\b(?:u+m+|u+h+(?! (?:huh|uh)\b)|e+r+m*|hm+|ah+|oh|well|basically|so|you know|i mean|kind of|sort of)\b/g,
  // Not where it is a verb or compares.
  /(?<!\b(?:would|do|did|does|not|to|i|you|we|they|look|looks|sound|sounds|feel|feels|something|is)) like\b(?! to\b)/g,
];

/** What was said, in lower case and plain letters, without punctuation, and contractions written out. */
export function plainly(text: string): string {
  const plain = text.slice(0, MAX_LENGTH).normalize('NFKD').replace(marks(), '').toLowerCase();
  const spelled = spellings.reduce((words, [wrong, right]) => words.replace(wrong, right), plain);
  return spelled.replace(/'/g, '').replace(betweenWords(), ' ').trim();
}

/** The words of what was said that mean something: no fillers, and none twice in a row. */
export function wordsIn(text: string): readonly string[] {
  const bare = fillers.reduce((words, filler) => words.replace(filler, ' '), plainly(text));
  const words = bare.split(/ +/).filter((word) => word !== '');
  return words.filter((word, at) => word !== words[at - 1]);
}
