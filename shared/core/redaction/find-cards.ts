import type { Found } from './found.ts';

/** Digits with not more than a few spaces and dashes between them. */
const STRETCH = /\d(?:[ -]{0,6}\d)*/g;

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/** The checksum of card numbers, ISO/IEC 7812-1. */
function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * Card numbers: 13 to 19 digits with a right checksum, in whole groups, so none is a piece of a longer number. Where
 * several would share digits all of those are found as one.
 */
export function findCards(plain: string): readonly Found[] {
  const found: Found[] = [];
  for (const stretch of plain.matchAll(STRETCH)) {
    const groups = [...stretch[0].matchAll(/\d+/g)].map(({ index, 0: digits }) => ({
      from: stretch.index + index,
      digits,
    }));
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      for (const group of groups.slice(first, first + MAX_DIGITS)) {
        digits += group.digits;
        if (digits.length > MAX_DIGITS) break;
        if (digits.length < MIN_DIGITS || !isLuhn(digits)) continue;
        const from = groups[first]?.from ?? 0;
        const to = group.from + group.digits.length;
        const last = found.at(-1);
        if (last && from < last.to) found[found.length - 1] = { ...last, to: Math.max(last.to, to) };
        else found.push({ from, to, shown: `•••• ${digits.slice(-4)}` });
      }
    }
  }
  return found;
}
