import { type Piece, piecesOf, type Reading } from './letters.ts';

/** What is said around an address: all up to the last of these is not part of it. */
const LEAD_IN =
  /^.*\b(?:(?:e ?mail|mail|address|it|that|this|mine|which|one|name|account)(?: address)?(?: here| there)? (?:is|s|was|would be|will be|should be|reads|goes)|its|thats|(?:my|the|work|company|business|private|an) (?:e ?mail(?: address)?|mail address|address)|(?:reach|contact|mail|email|find|write) me (?:@|on|by|under)|i (?:said|mean|meant|am @)|(?:spelled|spelt))(?= |$)/;

/** Said at first, and while somebody thinks. */
const AT_FIRST =
  /^(?:no|nope|yes|yeah|yep|sure|ok|okay|alright|well|so|hi|hello|hey|please|sorry|wait|actually|right|correct|use|try|and|like|again|that|it|just|uh|oh|let me see|one moment|not|is|@|now|then|here|thank you|thanks)(?= )/;

/** The words of an address without those before it. */
export function withoutLeadIn(words: readonly string[]): readonly string[] {
  let text = words.join(' ').replace(LEAD_IN, '').trim();
  while (AT_FIRST.test(text)) text = text.replace(AT_FIRST, '').trim();
  return text.split(' ').filter((word) => word !== '');
}

/** Words that are spoken apart: letters that belong together in one, digits with what is before them. */
function unitsOf(pieces: readonly Piece[]): readonly string[] {
  const units: string[] = [];
  for (const { is, text } of pieces) {
    if (is === 'digits' && units.length > 0) units[units.length - 1] += text;
    else units.push(text);
  }
  return units;
}

const isName = (unit: string) => /^[a-z]{3,}\d*$/.test(unit);

/** How words without a sign between them may be written, the likeliest first: names are written with a dot. */
function writings(units: readonly string[]): readonly string[] {
  const [first = '', ...rest] = units;
  const together = units.join('');
  const dotted = units.join('.');
  if (units.length < 2) return [together];
  if (units.length === 2) return units.every(isName) ? [dotted, together] : [together, dotted];
  return [together, `${first}.${rest.join('')}`, dotted];
}

/** What may stand before the `@`, the likeliest first. */
export function localsOf(signs: readonly string[], reading: Reading): readonly string[] {
  const parts: (string | string[])[] = [[]];
  for (const sign of signs) {
    if (/^[._+-]$/.test(sign)) parts.push(sign, []);
    else (parts.at(-1) as string[]).push(sign);
  }
  const pieces = (part: string | readonly string[] | undefined) => (Array.isArray(part) ? piecesOf(part, reading) : []);
  if (parts.length === 1) return writings(unitsOf(pieces(parts[0])));
  const text = parts.map((part) =>
    typeof part === 'string'
      ? part
      : pieces(part)
          .map((piece) => piece.text)
          .join(''),
  );
  return [text.join('')];
}
