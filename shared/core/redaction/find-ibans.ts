import { latePattern } from '../late-pattern.ts';
import type { Found } from './found.ts';

/** How long an IBAN is in each country, by ISO 13616. */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((known) => [known.slice(0, 2), Number(known.slice(2))]),
);

const start = latePattern(String.raw`(?<![\p{L}\d])[A-Za-z]{2}[ -]{0,3}\d[ -]?\d`, 'gu');
const goesOn = latePattern(String.raw`^[\p{L}\d]`);
const MAX_GAP = 3;

/** Letters count as 10 to 35, country and check digits come last: what is left of 97 is 1. */
function isValid(iban: string): boolean {
  let rest = 0;
  for (const character of `${iban.slice(4)}${iban.slice(0, 4)}`) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Where the IBAN ends that begins here, and its last four; undefined for none. */
function ibanAt(plain: string, from: number): Found | undefined {
  const length = LENGTHS.get(plain.slice(from, from + 2).toUpperCase());
  if (length === undefined) return undefined;
  let iban = '';
  let to = from;
  for (let gap = 0; iban.length < length && gap <= MAX_GAP; to++) {
    const character = plain[to] ?? '';
    if (/^[A-Za-z\d]$/.test(character)) {
      iban += character;
      gap = 0;
    } else if (character === ' ' || character === '-') gap++;
    else return undefined;
  }
  const isWhole = iban.length === length && !goesOn().test(plain[to] ?? '');
  return isWhole && isValid(iban) ? { from, to, shown: `•••• ${iban.slice(-4)}` } : undefined;
}

/** Account numbers as IBAN, in the length of their country and with a right checksum. */
export function findIbans(plain: string): readonly Found[] {
  const found: Found[] = [];
  for (const { index } of plain.matchAll(start())) {
    const iban = index >= (found.at(-1)?.to ?? 0) ? ibanAt(plain, index) : undefined;
    if (iban) found.push(iban);
  }
  return found;
}
