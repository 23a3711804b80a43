import { type Piece, piecesOf, type Reading } from './letters.ts';

/** Ends of addresses, the likeliest of them. */
export const topLevels = new Set(
  'com org net io de co uk eu info biz edu gov ai app dev me us ca au fr nl ch at es it pl se no dk fi be in jp cn br ie nz za tech cloud online shop store xyz tv cc int mil email digital solutions group agency'.split(
    ' ',
  ),
);

/** What `com` and others are written as by a recogniser that expects words. */
const misheard: Readonly<Record<string, string>> = {
  calm: 'com',
  come: 'com',
  comm: 'com',
  coms: 'com',
  con: 'com',
  kom: 'com',
  khan: 'com',
  conn: 'com',
  coma: 'com',
  orc: 'org',
  ork: 'org',
  neck: 'net',
  nets: 'net',
  dee: 'de',
  eye: 'i',
};

/** Where mail is, for people who leave out what every one has. */
export const providers: Readonly<Record<string, string>> = {
  gmail: 'gmail.com',
  googlemail: 'googlemail.com',
  outlook: 'outlook.com',
  hotmail: 'hotmail.com',
  yahoo: 'yahoo.com',
  icloud: 'icloud.com',
  aol: 'aol.com',
  protonmail: 'protonmail.com',
};

/** What a dot is written as. It counts before an end of addresses only. */
const dots = new Set(['that', 'dat', 'doc', 'dock', 'not', 'dart', 'dog', 'got', 'dought', 'thought', 'dought']);

const joined = (pieces: readonly Piece[]) => pieces.map(({ text }) => text).join('');

function labelsOf(signs: readonly string[]): readonly (readonly string[])[] {
  const labels: string[][] = [[]];
  for (const sign of signs) {
    if (sign === '.') labels.push([]);
    else labels.at(-1)?.push(sign);
  }
  return labels;
}

/** The dots that were said as something else, or not at all. */
function withDots(signs: readonly string[]): readonly string[] {
  const heard = signs.map((sign, at) => (at > 0 && dots.has(sign) && isEnd(signs[at + 1]) ? '.' : sign));
  if (heard.includes('.')) return heard;
  const end = heard.findIndex((sign, at) => at > 0 && isEnd(sign));
  return end > 0 ? [...heard.slice(0, end), '.', heard[end] ?? ''] : heard;
}

const isEnd = (sign: string | undefined) => sign !== undefined && (topLevels.has(sign) || sign === 'calm');

/** After a dot also what is written for one. */
export const endsAddress = (sign: string): boolean => topLevels.has(sign) || Object.hasOwn(misheard, sign);

/** The last label: what follows it is not part of the address. */
function endOf(label: readonly string[]): readonly string[] {
  const [first = '', second = '', third = ''] = label;
  const own = misheard[first] ?? first;
  if (own === 'co' && (second === 'uk' || (second === 'u' && third === 'k'))) return ['co', 'uk'];
  if (own === '@') return ['at'];
  // `eye oh` is spelled; a word is whole.
  const pieces = piecesOf(own === 'i' ? ['i', ...label.slice(1)] : [own, ...label.slice(1)], {
    numbers: false,
    radio: false,
    names: own.length < 4 && !topLevels.has(own) ? 'beside letters' : 'never',
  });
  const text = pieces[0]?.text ?? '';
  return [misheard[text] ?? text];
}

/** A label as one word, its dashes where they were said. */
function labelText(label: readonly string[], reading: Reading): string {
  const parts: string[][] = [[]];
  for (const sign of label) {
    if (sign === '-') parts.push([]);
    else if (/[a-z0-9]/.test(sign)) parts.at(-1)?.push(sign);
  }
  const text = (part: readonly string[]) => {
    const pieces = piecesOf(part, { ...reading, numbers: true });
    // One number among words is a word more often than a digit.
    const isOne = pieces.filter(({ is }) => is === 'digits').length === 1 && pieces.some(({ is }) => is === 'word');
    return joined(isOne === reading.numbers ? piecesOf(part, { ...reading, numbers: false }) : pieces);
  };
  return parts
    .map(text)
    .filter((part) => part !== '')
    .join('-');
}

/** The domain in the words after the `@`; empty where there is none. */
export function domainOf(signs: readonly string[], reading: Reading): string {
  const labels = labelsOf(withDots(signs)).filter((label) => label.length > 0);
  if (labels.length < 2) {
    const [words = []] = labels;
    for (const count of [1, 2]) {
      const provider = providers[words.slice(0, count).join('')];
      if (provider) return provider;
    }
    return '';
  }
  const end = endOf(labels.at(-1) ?? []);
  const before = labels.slice(0, -1).map((label) => labelText(label, reading));
  return [...before, ...end].filter((label, at) => label !== '' && !(at === 0 && label === 'www')).join('.');
}
