const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * An id of ours: a letter that says what it names (`h` a handover, `r` a request) and 16 letters and digits made of the
 * first 80 bits of `bytes`. Safe in a URL, a SIP header and a flow variable.
 */
export function shortId(prefix: 'h' | 'r', bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  const letters = Array.from({ length: 16 }, (_, at) => LETTERS[Number((bits >> BigInt(75 - 5 * at)) & 31n)]);
  return prefix + letters.join('');
}

/** Whether a text has the shape of such an id. */
export function isShortId(prefix: 'h' | 'r', text: string | undefined): text is string {
  return text?.charAt(0) === prefix && /^.[a-z2-7]{16}$/.test(text);
}
