import { randomBytes } from 'node:crypto';

/** A SID as Twilio makes them: two letters and 32 hexadecimal digits. */
export function newSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}
