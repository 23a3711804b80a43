import { digitsAt } from '../numbers.ts';

/** One piece of an address between two signs. */
export interface Piece {
  readonly text: string;
  readonly is: 'letters' | 'digits' | 'word';
}

/** How letters are written that were heard as words. They are letters beside other letters only. */
const names = new Map(
  Object.entries({
    a: 'ay eh',
    b: 'bee be',
    c: 'see sea cee',
    d: 'dee',
    f: 'eff ef',
    g: 'gee',
    h: 'aitch haitch age',
    i: 'eye',
    j: 'jay',
    k: 'kay okay',
    l: 'el ell',
    m: 'em',
    n: 'en',
    o: 'oh',
    p: 'pee pea',
    q: 'queue cue',
    r: 'ar are',
    s: 'ess es',
    t: 'tea tee',
    u: 'you yu',
    v: 'vee',
    x: 'ex',
    y: 'why wye',
    z: 'zee zed',
  }).flatMap(([letter, heard]) => heard.split(' ').map((name) => [name, letter] as const)),
);

/** The alphabet of the radio: a letter where several of its words follow each other. */
const radio = new Set(
  'alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu'.split(
    ' ',
  ),
);

/** What else words may mean, each of which makes another candidate. */
export interface Reading {
  /** Names of numbers are digits. */
  readonly numbers: boolean;
  /** Words of the radio's alphabet are letters. */
  readonly radio: boolean;
  /** Where names of letters are letters. `alone` is an initial between two signs, too. */
  readonly names: 'beside letters' | 'alone' | 'never';
}

const isLetter = (word: string | undefined) => word !== undefined && /^[a-z]$/.test(word);

/** Which words are letters, by what stands beside them. */
function lettersAmong(words: readonly string[], reading: Reading): readonly (string | undefined)[] {
  const letters = words.map((word) => (isLetter(word) ? word : undefined));
  if (reading.radio) {
    for (let from = 0; from < words.length; from += 1) {
      let to = from;
      while (to < words.length && (radio.has(words[to] ?? '') || isLetter(words[to]))) to += 1;
      const said = words.slice(from, to).filter((word) => radio.has(word)).length;
      if (said >= 2 && to - from >= 3) for (let at = from; at < to; at += 1) letters[at] = words[at]?.[0];
      from = to;
    }
  }
  if (reading.names === 'never') return letters;
  if (reading.names === 'alone' && words.length === 1) return [letters[0] ?? names.get(words[0] ?? '')];
  const isNamed = (at: number) => letters[at] !== undefined || names.has(words[at] ?? '');
  for (let at = 2; at < words.length; at += 1) {
    if (!isNamed(at) || !isNamed(at - 1) || !isNamed(at - 2)) continue;
    for (const one of [at - 2, at - 1, at]) letters[one] ??= names.get(words[one] ?? '');
  }
  const take = (at: number, beside: number) => {
    const letter = names.get(words[at] ?? '');
    if (letters[at] === undefined && letter && letters[beside] !== undefined) letters[at] = letter;
  };
  for (let at = 1; at < words.length; at += 1) take(at, at - 1);
  for (let at = words.length - 2; at >= 0; at -= 1) take(at, at + 1);
  return letters;
}

/** `j as in juliet`, `b for bravo`: the letter. The word counts where the letter was misheard. */
function explained(words: readonly string[]): readonly string[] {
  const left: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', as, next = '', after = ''] = words.slice(at, at + 4);
    const isAsIn = as === 'as' && (next === 'in' || next === 'an');
    const example = isAsIn ? after : next;
    const letter = isLetter(word) ? word : names.get(word);
    const isLike = (as === 'for' || as === 'like' || as === 'as') && letter !== undefined && example.startsWith(letter);
    if (!(isAsIn && example !== '') && !isLike) left.push(word);
    else {
      left.push(example.startsWith(letter ?? '-') ? (letter ?? '') : (example[0] ?? ''));
      at += isAsIn ? 3 : 2;
    }
  }
  return left;
}

const repeats: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };

const between = new Map([
  ['to', '2'],
  ['too', '2'],
  ['for', '4'],
  ['oh', '0'],
  ['o', '0'],
]);

/** What the words between two signs are: letters that were spelled in one piece, numbers in digits, and words. */
export function piecesOf(said: readonly string[], reading: Reading): readonly Piece[] {
  const words = explained(said);
  const letters = lettersAmong(words, reading);
  const pieces: Piece[] = [];
  const push = (is: Piece['is'], text: string) => {
    const last = pieces.at(-1);
    if (is !== 'word' && last?.is === is) pieces[pieces.length - 1] = { is, text: last.text + text };
    else pieces.push({ is, text });
  };
  const isNumber = (at: number) =>
    reading.numbers
      ? digitsAt(words, at)
      : /^\d+$/.test(words[at] ?? '')
        ? { digits: words[at] ?? '', takes: 1 }
        : undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const number = isNumber(at);
    const alike = between.get(word);
    const next = letters[at + 1];
    if (number) {
      push('digits', number.digits);
      at += number.takes - 1;
    } else if (repeats[word] && next) {
      push('letters', next.repeat(repeats[word]));
      at += 1;
    } else if (alike && pieces.at(-1)?.is === 'digits' && isNumber(at + 1)) push('digits', alike);
    else if (letters[at]) push('letters', letters[at] ?? '');
    else push('word', word);
  }
  return pieces;
}
