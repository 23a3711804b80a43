import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares a presented text with a secret in constant time. Anything but a text, and an empty secret, is false; never throws. */
export function sameSecret(presented: unknown, secret: string): boolean {
  if (typeof presented !== 'string' || secret === '') return false;
  // UTF-16 as it is: in UTF-8 all lone surrogates are one and the same character.
  const digest = (value: string) => createHash('sha256').update(value, 'utf16le').digest();
  return timingSafeEqual(digest(presented), digest(secret));
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
  return createHmac('sha256', secret).update(`handover: ${purpose}`).digest();
}
