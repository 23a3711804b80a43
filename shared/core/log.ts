/** Where log lines go. One call of a function writes exactly one line. */
export type WriteLine = (line: string) => void;

/**
 * What a function may say about a call in its log line: words and numbers of ours.
 * Ids of people and conversations, and what they said, never go in.
 */
export type Notes = Readonly<Record<string, string | number | boolean | undefined>>;

const UNSAFE = /[^A-Za-z0-9._:/ ,;=()'-]/g;

/** Long enough for a message that names every setting there is. */
const MAX_LENGTH = 4_000;

/** Makes one JSON line. Anything but plain words is dropped from text values, so no line can be forged or split. */
export function logLine(entry: Notes): string {
  const clean = Object.entries(entry)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, MAX_LENGTH).replace(UNSAFE, '') : value]);
  return JSON.stringify(Object.fromEntries(clean));
}
