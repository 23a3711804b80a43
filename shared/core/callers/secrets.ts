import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares a presented text with a secret in constant time. Anything but a text, and an empty secret, is false; never throws. */
export function sameSecret(presented: unknown, secret: string): boolean {
  if (typeof presented !== 'string' || secret === '') return false;
  const digest = (value: string) => createHash('sha256').update(value).digest();
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
