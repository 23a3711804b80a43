import * as v from 'valibot';
import { findEmails, findPhones, findSecurityCodes } from '../redaction/find-by-form.ts';
import { findCards } from '../redaction/find-cards.ts';
import { findIbans } from '../redaction/find-ibans.ts';
import type { Found } from '../redaction/found.ts';
import { readable } from '../redaction/readable.ts';
import { optional, settings, words } from '../settings.ts';

/** What can be redacted. The order counts: what is found first is no part of anything that is found later. */
const finders = {
  iban: findIbans,
  cards: findCards,
  'security-codes': findSecurityCodes,
  email: findEmails,
  phone: findPhones,
} satisfies Readonly<Record<string, (plain: string) => readonly Found[]>>;

type RedactedKind = keyof typeof finders;

const kinds = Object.keys(finders) as readonly RedactedKind[];

/** A text without what is not to be seen. A text that has nothing of it stays as it is. */
export type Redact = (text: string) => string;

/** What was found, in its order, replaced in what `slice` gives pieces of. */
function replaced(
  slice: (from: number, to?: number) => string,
  found: readonly Found[],
  shownFor: (one: Found) => string,
): string {
  let at = 0;
  const pieces: string[] = [];
  for (const one of found) {
    pieces.push(slice(at, one.from), shownFor(one));
    at = one.to;
  }
  return `${pieces.join('')}${slice(at)}`;
}

/** Takes these kinds out of texts, in time that grows with their length and no faster. */
export function redactor(unwanted: readonly RedactedKind[]): Redact {
  const hidden = kinds.filter((kind) => unwanted.includes(kind));
  if (hidden.length === 0) return (text) => text;
  return (text) => {
    const { characters, plain } = readable(text);
    const all: Found[] = [];
    let left = plain;
    for (const kind of hidden) {
      const found = finders[kind](left);
      const before = left;
      left = replaced(
        (from, to) => before.slice(from, to),
        found,
        ({ from, to }) => '•'.repeat(to - from),
      );
      all.push(...found);
    }
    if (all.length === 0) return text;
    all.sort((a, b) => a.from - b.from);
    return replaced(
      (from, to) => characters.slice(from, to).join(''),
      all,
      ({ shown }) => shown,
    );
  };
}

const unwantedKinds = v.pipe(
  words,
  v.check((given) => given.every((word) => Object.hasOwn(finders, word))),
  v.transform((given): Redact => redactor(kinds.filter((kind) => given.includes(kind)))),
);

/** What nobody is to keep or to read of what is said: `REDACT`. Read as the function that takes it out. */
export const redactionSettings = settings({
  REDACT: optional(unwantedKinds, redactor([]), {
    is: `what is taken out of everything that is said before it is stored or sent, separated by spaces: ${kinds.join(', ')}; nothing when it is not set`,
    example: 'cards security-codes',
  }),
});
