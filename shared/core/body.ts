import { latePattern } from './late-pattern.ts';
import { Problem } from './problems.ts';

const MAX_DEPTH = 32;
const MAX_FORM_FIELDS = 1_000;
const AMPERSAND = 0x26;

export interface ParsedJson {
  readonly value: unknown;
  /** Names that stood twice in one object, at any depth. */
  readonly repeated: ReadonlySet<string>;
}

/** Where the string that starts at `open` ends: the index after its closing quote. */
function afterString(source: string, open: number): number {
  let at = open + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The decoded name in quotes; refuses the one name that could change what an object is. */
function nameOf(quoted: string): string {
  const name: unknown = JSON.parse(quoted);
  if (typeof name !== 'string' || name === '__proto__') throw new Problem('invalid_json', { reason: 'forbidden name' });
  return name;
}

/** The names that stand twice in one object. In an object a string is a name at the beginning and after a comma. */
function repeatedNames(source: string): ReadonlySet<string> {
  const repeated = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  let nameComes = false;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '{' || character === '[') {
      nameComes = true;
      open.push(character === '{' ? new Set() : undefined);
      if (open.length > MAX_DEPTH) throw new Problem('invalid_json', { reason: 'too deep' });
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ',') {
      nameComes = true;
    } else if (character === '"') {
      const end = afterString(source, at);
      const names = nameComes ? open.at(-1) : undefined;
      if (names) {
        const name = nameOf(source.slice(at, end));
        if (names.has(name)) repeated.add(name);
        names.add(name);
      }
      nameComes = false;
      at = end - 1;
    }
  }
  return repeated;
}

/** Half a character, as when a client cut a text in the middle of an emoji. Neither UTF-8 nor XML can hold it. */
const loneSurrogate = latePattern(String.raw`\p{Surrogate}`, 'gu');

const wellFormed = (_name: string, value: unknown) =>
  typeof value === 'string' ? value.replace(loneSurrogate(), '\uFFFD') : value;

/**
 * Parses JSON that came from outside. Throws `invalid_json` for anything that is not one JSON value in UTF-8, begins with
 * a byte order mark, is nested deeper than 32, or names `__proto__`. `JSON.parse` keeps the last of two equal names
 * without a word, so the names that were repeated are reported and the caller decides. A lone surrogate becomes U+FFFD.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  try {
    const source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const repeated = repeatedNames(source);
    return { value: JSON.parse(source, /\\u[dD]/.test(source) ? wellFormed : undefined), repeated };
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('invalid_json', { reason: 'not json' });
  }
}

/**
 * Checks a value that a platform parsed before we saw its bytes, as `parseJson` would have: throws `invalid_json` when it
 * is nested deeper than 32 or names `__proto__`.
 */
export function checkParsed(value: unknown): void {
  let level: readonly object[] = [Object(value)];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new Problem('invalid_json', { reason: 'too deep' });
    if (level.some((one) => Object.hasOwn(one, '__proto__')))
      throw new Problem('invalid_json', { reason: 'forbidden name' });
    level = level.flatMap((one) => Object.values(one).filter((inner) => typeof inner === 'object' && inner !== null));
  }
}

/** Form fields in order of arrival, each with all its values. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** Parses `application/x-www-form-urlencoded`. Never throws for content; more than 1,000 fields are `too_large`. */
export function parseForm(bytes: Uint8Array): FormFields {
  // Counted before they are taken apart: half a million of them cost a second and a hundred megabytes.
  const separators = bytes.reduce((sum, byte) => sum + (byte === AMPERSAND ? 1 : 0), 0);
  if (separators >= MAX_FORM_FIELDS) throw new Problem('too_large', { reason: 'too many form fields' });
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(Buffer.from(bytes).toString('utf8'))) {
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}
