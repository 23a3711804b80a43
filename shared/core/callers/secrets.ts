import { hmacSha256, sha256 } from '../hash.ts';

/** Compares a presented text with a secret in constant time. Anything but a text, and an empty secret, is false; never throws. */
export function sameSecret(presented: unknown, secret: string): boolean {
  if (typeof presented !== 'string' || secret === '') return false;
  // UTF-16 as it is: in UTF-8 all lone surrogates are one and the same character.
  const digest = (value: string) => sha256(Buffer.from(value, 'utf16le')).toString('hex');
  return sameDigest(digest(presented), digest(secret));
}

/** Compares two hashes or signatures, whose length is no secret, in a time that does not tell where they differ. */
export function sameDigest(presented: string, expected: string): boolean {
  let differing = presented.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) differing |= presented.charCodeAt(at) ^ expected.charCodeAt(at);
  return differing === 0;
}

/** Whether any of the secrets fits; all are compared, so the time does not tell which. */
export function sameAsAny(presented: unknown, secrets: readonly string[]): boolean {
  return secrets.map((secret) => sameSecret(presented, secret)).includes(true);
}

/** A token as it stands in `Authorization`, with or without `Bearer`. */
export function withoutBearer(authorization: string | undefined): string | undefined {
  return authorization?.replace(/^Bearer +/i, '');
}

/** A key for one purpose, made of a secret: what is signed with it is worth nothing anywhere else. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return hmacSha256(secret, `handover: ${purpose}`);
}
