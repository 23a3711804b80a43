import { parsePhoneNumberFromString } from 'libphonenumber-js/min/es6';
import { Problem } from '../problems.ts';
import { isCostly } from './costly-numbers.ts';

/**
 * Numbers of +1 that belong to no place: area codes whose last two digits are equal (toll-free 8xx, premium 900, personal
 * 5xx and the like), 521 to 529, 532 and 710 beside them, and exchange 976, premium in every area.
 */
const PLACELESS = /^\+1(?:\d(\d)\1|52[1-9]|532|710|\d{3}976)/;

/** Numbers that Twilio keeps for tests; no phone rings. Source: Twilio's page on test credentials, read 2026-11-21. */
const TEST_NUMBERS = /^\+1500555\d{4}$/;

/**
 * Where a phone number in E.164 is: a country in two letters, +1 split by area code. `nowhere`: of no country, like
 * satellite and premium numbers. `impossible`: no number of its country has that many digits.
 */
export function destinationOf(phone: string): string | 'nowhere' | 'impossible' {
  if (TEST_NUMBERS.test(phone)) return 'US';
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed && !parsed.isPossible()) return 'impossible';
  if (!parsed?.isValid() || PLACELESS.test(phone)) return 'nowhere';
  return isCostly(parsed.countryCallingCode, parsed.nationalNumber) ? 'nowhere' : (parsed.country ?? 'nowhere');
}

/** Throws for a number that may not be called, whoever asks. */
export function refuseDestination(phone: string, allowed: readonly string[]): void {
  const destination = destinationOf(phone);
  if (destination === 'impossible') throw new Problem('invalid_phone');
  if (!allowed.includes(destination)) throw new Problem('destination_not_allowed');
}
