const KEY = /^[A-Za-z0-9:_-]{1,512}$/;

/** Whether a text can be the key of a conversation's history at Watson. The key opens that history: it is a secret. */
export function isSessionHistoryKey(text: string): boolean {
  return KEY.test(text);
}
