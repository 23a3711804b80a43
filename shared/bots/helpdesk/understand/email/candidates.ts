import { latePattern } from '../../../../core/late-pattern.ts';
import { soundingAlike } from './alike.ts';
import { domainOf, endsAddress, providers, topLevels } from './domain.ts';
import type { Reading } from './letters.ts';
import { localsOf, withoutLeadIn } from './local.ts';
import { signsOf, type Umlauts } from './signs.ts';

const MAX_CANDIDATES = 5;
const MAX_LENGTH = 100;

const ADDRESS = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}$/;

/** An address that is written out already. */
const WRITTEN = /[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}\b/g;

/** The likeliest first: each after it takes one thing for something else. */
const readings: readonly Reading[] = [
  { numbers: true, radio: true, names: 'beside letters' },
  { numbers: true, radio: true, names: 'alone' },
  { numbers: true, radio: false, names: 'beside letters' },
  { numbers: false, radio: true, names: 'beside letters' },
  { numbers: true, radio: true, names: 'never' },
];

/** How `at` is written by a recogniser that hears something else. */
const LIKE_AT = new Set(['add', 'ad', 'et', 'hat', 'app', 'act', 'at', 'adds', 'edit']);

/** Without an `at`, as many words may be an address. */
const MAX_WORDS_WITHOUT_AT = 12;

/** And as many from its last dot on. */
const MAX_WORDS_AFTER = 4;

/** Where the `at` is that was not heard as one; undefined where no address can be meant. */
function atIn(signs: readonly string[]): readonly string[] | undefined {
  const end = signs.findIndex((sign, at) => sign === '.' && endsAddress(signs[at + 1] ?? ''));
  const like = signs.findLastIndex((sign, at) => LIKE_AT.has(sign) && at > 0 && at < end);
  if (like > 0) return [...signs.slice(0, like), '@', ...signs.slice(like + 1)];
  const words = withoutLeadIn(signs);
  const provider = words.findIndex(
    (_, at) => at > 0 && [1, 2].some((count) => providers[words.slice(at, at + count).join('')]),
  );
  if (provider > 0) return [...words.slice(0, provider), '@', ...words.slice(provider)];
  const dot = words.lastIndexOf('.');
  const isEnd = dot > 1 && (topLevels.has(words[dot + 1] ?? '') || /^[a-z]$/.test(words[dot + 1] ?? ''));
  if (!isEnd || words.length > MAX_WORDS_WITHOUT_AT || words.length - dot > MAX_WORDS_AFTER || words[dot - 2] === '.')
    return undefined;
  return [...words.slice(0, dot - 1), '@', ...words.slice(dot - 1)];
}

/** The words before and after the `@` that counts. */
function sidesOf(
  signs: readonly string[],
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  const all = signs.includes('@') ? signs : atIn(signs);
  if (!all) return undefined;
  // `dot at` is Austria.
  const at = all.findLastIndex((sign, place) => sign === '@' && all[place - 1] !== '.' && place < all.length - 1);
  if (at < 1) return undefined;
  const before = withoutLeadIn(all.slice(0, at));
  const earlier = before.lastIndexOf('@');
  return { before: before.slice(earlier + 1), after: all.slice(at + 1) };
}

/** What follows these words is said instead, or as well. */
const INSTEAD = /\b(?:no|nope|sorry|wait|actually|correction|i mean|rather)\b/;

/** Several addresses in one text: the last correction first. */
function saidApart(text: string): readonly string[] {
  const parts = text.split(/\bor\b/i);
  if (parts.length > 1 && parts.every((part) => /@|\bat\b/i.test(part))) return parts;
  const corrected = text.split(INSTEAD);
  const isWhole = (part: string) => /(?:@|\bat\b).*(?:\.|\bdot\b)/i.test(part);
  return corrected.length > 1 && isWhole(corrected.at(-1) ?? '') ? [corrected.at(-1) ?? '', text] : [text];
}

function candidatesBy(text: string, reading: Reading, umlauts: Umlauts): readonly string[] {
  const sides = sidesOf(signsOf(text, umlauts));
  if (!sides) return [];
  const domain = domainOf(sides.after, reading);
  return localsOf(sides.before, reading).map((local) => `${local}@${domain}`);
}

const isAddress = (text: string) => text.length <= MAX_LENGTH && text.indexOf('@') <= 64 && ADDRESS.test(text);

/** The written ones that stand by themselves: before others there may be letters that belong to them. */
function writtenIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return [...lower.matchAll(WRITTEN)].flatMap(({ 0: found, index }) =>
    withoutLeadIn(signsOf(`${lower.slice(0, index)} x`, 'one letter').slice(0, -1)).length === 0 ? [found] : [],
  );
}

/** The first of each list, then the second of each. */
function inTurn(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

const notAscii = latePattern(String.raw`[^\p{ASCII}]`);

/** E-mail addresses that may have been meant by what was said or spelled, at most five, the likeliest first. */
export function emailCandidates(text: string): readonly string[] {
  const kinds: readonly Umlauts[] = notAscii().test(text) ? ['two letters', 'one letter'] : ['one letter'];
  const found = saidApart(text.slice(0, 1_000)).map((part) => [
    ...writtenIn(part),
    ...readings.flatMap((reading) => inTurn(kinds.map((kind) => candidatesBy(part, reading, kind)))),
  ]);
  const addresses = inTurn(found.map((list) => [...new Set(list)].filter(isAddress)));
  const [likeliest, ...others] = addresses;
  const alike = likeliest === undefined ? [] : soundingAlike(likeliest);
  return [...new Set([...(likeliest === undefined ? [] : [likeliest]), ...alike, ...others])].slice(0, MAX_CANDIDATES);
}
