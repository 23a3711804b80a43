import * as v from 'valibot';
import { words } from '../settings.ts';

/** E.164: a plus sign and 7 to 15 ASCII digits. Nothing of SIP, no extension, no spaces. */
const E164 = /^\+[1-9]\d{6,14}$/;

export function isPhoneNumber(text: string | undefined): text is string {
  return text !== undefined && E164.test(text);
}

export const phoneNumber = v.pipe(v.string(), v.regex(E164));

/** Phone numbers separated by spaces, as a setting holds them. */
export const phoneNumbers = v.pipe(words, v.array(phoneNumber), v.readonly());
