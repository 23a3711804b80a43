/** Where log lines go. One call of a function writes exactly one line. */
export type WriteLine = (line: string) => void;

/**
 * What a function may say about a call in its log line: words and numbers of ours.
 * Ids of people and conversations never go in as they are; use `hashed`.
 */
export type Notes = Readonly<Record<string, string | number | boolean | undefined>>;

const SAFE_WORD = /[^A-Za-z0-9._:/ ,;()-]/g;

/** Makes one JSON line. Anything but plain words is dropped from text values, so no line can be forged or split. */
export function logLine(entry: Notes): string {
  const clean = Object.entries(entry)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, typeof value === 'string' ? value.replace(SAFE_WORD, '').slice(0, 300) : value]);
  return JSON.stringify(Object.fromEntries(clean));
}
