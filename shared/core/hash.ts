import { hmac } from '@noble/hashes/hmac.js';
import { sha1 as noblesSha1 } from '@noble/hashes/legacy.js';
import { sha256 as noblesSha256 } from '@noble/hashes/sha2.js';

/*
 * Hashes without `node:crypto`: loading that costs 3 ms, an eighth of the cold start of a function that only checks a
 * signature. The library is audited and has no dependencies; a test compares it with Node's own.
 */

type Data = string | Uint8Array;

const bytesOf = (data: Data): Uint8Array => (typeof data === 'string' ? Buffer.from(data, 'utf8') : data);

/** SHA-256. A text counts as its UTF-8 bytes. */
export const sha256 = (data: Data): Buffer => Buffer.from(noblesSha256(bytesOf(data)));

/** A text as 22 letters that stand for it: what has the same is the same. */
export const shortHash = (text: string): string => sha256(text).toString('base64url').slice(0, 22);

/** HMAC-SHA256, likewise. */
export const hmacSha256 = (key: Data, data: Data): Buffer =>
  Buffer.from(hmac(noblesSha256, bytesOf(key), bytesOf(data)));

/** HMAC-SHA1, likewise. Only because Twilio signs with it. */
export const hmacSha1 = (key: Data, data: Data): Buffer => Buffer.from(hmac(noblesSha1, bytesOf(key), bytesOf(data)));
