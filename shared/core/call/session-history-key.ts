const KEY = /^[A-Za-z0-9:_-]{1,512}$/;

/** What a template or a script writes for a value that it does not have. */
const MISSING = /^(?:undefined|null)$/i;

/** Whether a text is the name of nothing rather than a value. */
export function saysMissing(text: string): boolean {
  return MISSING.test(text);
}

/** Whether a text can be the key of a conversation's history at Watson. The key opens that history: it is a secret. */
export function isSessionHistoryKey(text: string): boolean {
  return KEY.test(text) && !saysMissing(text);
}

/**
 * A key in the query of one of our own URLs, with nothing in it that a platform would escape: a dot stands for each colon. A
 * Studio flow writes it so by a filter of its templates.
 */
export const keyInUrl = (key: string): string => key.replaceAll(':', '.');

/** The key that stands in our own URL; undefined when it is none. */
export function keyFromUrl(text: string | undefined): string | undefined {
  const key = text?.replaceAll('.', ':');
  return key !== undefined && isSessionHistoryKey(key) ? key : undefined;
}
