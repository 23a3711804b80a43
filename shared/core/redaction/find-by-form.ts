import { latePattern } from '../late-pattern.ts';
import type { Found } from './found.ts';

/** Of each match the part that is named `secret`, else all of it. */
function matches(pattern: () => RegExp, shown: string): (plain: string) => readonly Found[] {
  return (plain) =>
    [...plain.matchAll(pattern())].map(({ index, 0: whole, groups }) => {
      const to = index + whole.length;
      return { from: to - (groups?.secret ?? whole).length, to, shown };
    });
}

const CODE_WORDS = [
  'cvv2?',
  'cvc2?',
  'csc',
  'pin(?:[ -]?(?:code|nummer|number))?',
  'pass[ -]?code',
  '(?:card )?security[ _-]?(?:code|number)',
  '(?:card )?verification[ _-]?(?:code|number|value)',
  '(?:karten)?pr(?:ü|u\u0308|ue)f(?:nummer|ziffer|zahl|code)',
  '(?:karten)?sicherheits(?:code|nummer|zahl)',
  'geheim(?:zahl|nummer|code)',
].join('|');

/** Three to eight digits after a word for such a code, in the same sentence. */
export const findSecurityCodes = matches(
  latePattern(
    `(?<![\\p{L}\\d])(?:${CODE_WORDS})(?!\\p{L})[^\\d.!?•]{0,30}(?<secret>\\d(?:[ -]{0,2}\\d){2,7})(?![ -]{0,2}\\d)`,
    'giu',
  ),
  '•••',
);

/** Each run of letters is read from its beginning only, so that none is read twice. */
export const findEmails = matches(
  latePattern(String.raw`(?<![\p{L}\p{M}\d._%+'-])[\p{L}\p{M}\d._%+'-]+@[\p{L}\p{M}\d-]+(?:\.[\p{L}\p{M}\d-]+)+`, 'gu'),
  '••••@••••',
);

const NUMBERS = [
  // With the country, as it is dialled from elsewhere.
  String.raw`(?:\+|00) ?[1-9](?:[ ()./-]{0,3}\d){6,14}`,
  // As it is dialled in most countries; no date.
  String.raw`(?!\d{2}[ -]\d{2}[ -]\d{4})\(?0[1-9](?:[ ()/-]{0,3}\d){7,12}`,
  // North America.
  String.raw`(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}`,
].join('|');

/** Phone numbers in the forms in which they are dialled. */
export const findPhones = matches(latePattern(String.raw`(?<![\p{L}\d+.,-])(?:${NUMBERS})(?!\d)`, 'gu'), '••••');
