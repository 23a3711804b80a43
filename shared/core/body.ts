import { Problem } from './problems.ts';

const MAX_DEPTH = 32;
const MAX_FORM_FIELDS = 1_000;

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

/**
 * Parses JSON that came from outside. Throws `invalid_json` for anything that is not one JSON value in UTF-8, is nested
 * deeper than 32, or names `__proto__`. `JSON.parse` keeps the last of two equal names without a word, so the names that
 * were repeated are reported and the caller decides.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid_json', { reason: 'not utf-8' });
  }
  const repeated = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  try {
    for (let at = 0; at < source.length; at++) {
      const character = source[at];
      if (character === '{' || character === '[') {
        open.push(character === '{' ? new Set() : undefined);
        if (open.length > MAX_DEPTH) throw new Problem('invalid_json', { reason: 'too deep' });
      } else if (character === '}' || character === ']') {
        open.pop();
      } else if (character === '"') {
        const end = afterString(source, at);
        const names = open.at(-1);
        if (names && /^[\t\n\r ]*:/.test(source.slice(end, end + 100))) {
          const name: unknown = JSON.parse(source.slice(at, end));
          if (typeof name !== 'string' || name === '__proto__')
            throw new Problem('invalid_json', { reason: 'forbidden name' });
          if (names.has(name)) repeated.add(name);
          names.add(name);
        }
        at = end - 1;
      }
    }
    return { value: JSON.parse(source), repeated };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('invalid_json', { reason: 'not json' });
  }
}

/** Form fields in order of arrival, each with all its values. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/** Parses `application/x-www-form-urlencoded`. Never throws for content; more than 1,000 fields are `too_large`. */
export function parseForm(bytes: Uint8Array): FormFields {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) {
    if (++count > MAX_FORM_FIELDS) throw new Problem('too_large', { reason: 'too many form fields' });
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return fields;
}
