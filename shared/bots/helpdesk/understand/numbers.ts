import { plainly } from './normalised.ts';

const named = (names: string, first: number, step = 1) =>
  names.split(' ').map((name, at) => [name, first + at * step] as const);

const ones = new Map<string, number>([
  ...named('zero one two three four five six seven eight nine', 0),
  ['niner', 9],
  ['nought', 0],
  ['naught', 0],
  ['nil', 0],
  ['null', 0],
]);
const teens = new Map(named('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen', 10));
const tens = new Map(named('twenty thirty forty fifty sixty seventy eighty ninety', 20, 10));
const ordinals = new Map<string, number>([
  ...named('first second third fourth fifth sixth seventh eighth ninth', 1),
  ...named('1st 2nd 3rd 4th 5th 6th 7th 8th 9th', 1),
]);

/** How digits are written by a recogniser that expects words. They count between digits only. */
const homophones = new Map<string, number>([
  ['to', 2],
  ['too', 2],
  ['for', 4],
  ['fore', 4],
  ['won', 1],
  ['tree', 3],
  ['free', 3],
  ['ate', 8],
  ['sicks', 6],
  ['nein', 9],
  ['oh', 0],
  ['o', 0],
  ['fife', 5],
]);

const times = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
]);

/** What a number of two digits or fewer is at a place of the words, as digits, and how many words it takes. */
export function digitsAt(
  words: readonly string[],
  at: number,
): { readonly digits: string; readonly takes: number } | undefined {
  const word = words[at] ?? '';
  const next = words[at + 1] ?? '';
  if (/^\d+$/.test(word)) return { digits: word, takes: 1 };
  const one = ones.get(word);
  if (one !== undefined) return { digits: `${one}`, takes: 1 };
  const teen = teens.get(word);
  if (teen !== undefined) return { digits: `${teen}`, takes: 1 };
  const ten = tens.get(word);
  if (ten !== undefined) {
    const more = ones.get(next) || (/^[1-9]$/.test(next) ? Number(next) : 0);
    return more ? { digits: `${ten + more}`, takes: 2 } : { digits: `${ten}`, takes: 1 };
  }
  const many = times.get(word);
  const repeated = ones.get(next) ?? (/^\d$/.test(next) ? Number(next) : ['oh', 'o'].includes(next) ? 0 : undefined);
  return many !== undefined && repeated !== undefined ? { digits: `${repeated}`.repeat(many), takes: 2 } : undefined;
}

/** What may stand around and between digits that are dictated. */
const AROUND = new Set(
  'the a my code pin password number digits is it its that i think um umm uh uhm er and then dash hyphen space comma dot okay ok yes yeah sure so well please thank thanks you here are comes was be would got says said sms text message key keys pound hash press pressed'.split(
    ' ',
  ),
);

const CORRECTION = new Set(['no', 'sorry', 'wait', 'correction', 'actually']);

/** As many digits that stand among other words are meant as a code. */
const AMONG_WORDS = 3;

/** Whether what sounds like a digit is the first thing that is said, and digits follow. */
function leads(words: readonly string[], at: number): boolean {
  const next = words.findIndex((word) => !homophones.has(word));
  return at < next && digitsAt(words, next) !== undefined;
}

/** The digits that were spoken one by one, or in pairs; those after the last correction. Undefined where there are none. */
export function keysIn(text: string): string | undefined {
  const words = plainly(text).split(' ');
  let digits = '';
  let before = '';
  let isAmongWords = false;
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    const found = digitsAt(words, at);
    const alike = homophones.get(word);
    if (found) {
      digits += found.digits;
      at += found.takes;
      continue;
    }
    at += 1;
    if (alike !== undefined && (digits !== '' || leads(words, at - 1))) digits += alike;
    else if (CORRECTION.has(word)) {
      before = digits || before;
      digits = '';
    } else if (!AROUND.has(word)) isAmongWords = true;
  }
  const all = digits || before;
  return all === '' || (isAmongWords && all.length < AMONG_WORDS) ? undefined : all;
}

/** Words of which a number of one's own is a part: "option one", "number 3". */
const BEFORE = /^(?:number|option|choice|key|press|priority|answer|line|item|digit|take|choose|say|select|pick)$/;

/** Where `one` is no number: "the other one", "one moment". */
const PRONOUN =
  /^(?:no|some|any|every|each|this|that|the|other|last|next|which|right|wrong|same|new|another|first|second|third|fourth|fifth|old)$/;
const AFTER_ONE = /^(?:moment|second|sec|minute|more|of|thing|question|time|day|is|was)$/;

/** The one number that was said: a digit, a word, or a place ("the third one"). Undefined where there is none, or several. */
export function numberIn(text: string): number | undefined {
  const words = plainly(text).split(' ');
  const found = new Set<number>();
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    const previous = words[at - 1] ?? '';
    const isAlone = words.length === 1 || BEFORE.test(previous);
    const number = digitsAt(words, at);
    const isPronoun =
      word === 'one' && !BEFORE.test(previous) && (PRONOUN.test(previous) || AFTER_ONE.test(words[at + 1] ?? ''));
    const place = ordinals.get(word);
    if (number && !isPronoun) found.add(Number(number.digits));
    else if (place !== undefined && previous !== 'one') found.add(place);
    else if (isAlone && homophones.has(word)) found.add(homophones.get(word) as number);
    at += number?.takes ?? 1;
  }
  const [only, other] = found;
  return other === undefined && only !== undefined && only <= Number.MAX_SAFE_INTEGER ? only : undefined;
}
