import { latePattern } from '../late-pattern.ts';

/** A text as patterns read it: `plain` has exactly one character for each of `characters`. */
interface Readable {
  readonly characters: readonly string[];
  readonly plain: string;
}

const digit = latePattern(String.raw`\p{Nd}`);
const dash = latePattern(String.raw`[\p{Pd}\u2212]`);
/** Whatever only keeps others apart, also what cannot be seen and what makes a digit a picture of one. */
const gap = latePattern(String.raw`[\s\p{Z}\p{Cf}]|\uFE0F|\u20E3`);

/** Each script has its ten digits in a row, zero first. */
function digitOf(code: number): string {
  let zero = code;
  while (digit().test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}

function plainOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0x7e) return code < 0x20 ? ' ' : character;
  if (digit().test(character)) return digitOf(code);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  if (dash().test(character)) return '-';
  if (gap().test(character)) return ' ';
  return character.length === 1 ? character : '\uFFFD';
}

/** Digits of all scripts and full-width letters as those of ASCII, every dash as one, every gap as a space. */
export function readable(text: string): Readable {
  const characters = [...text];
  const known = new Map<string, string>();
  const plain = characters.map((character) => {
    const found = known.get(character) ?? plainOf(character);
    known.set(character, found);
    return found;
  });
  return { characters, plain: plain.join('') };
}
