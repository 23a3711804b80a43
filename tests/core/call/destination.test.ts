import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { destinationOf, refuseDestination } from '../../../shared/core/call/destination.ts';
import { Problem } from '../../../shared/core/problems.ts';

const areaCodes = Array.from({ length: 800 }, (_, at) => at + 200);

function refusal(phone: string, countries: readonly string[]): string | undefined {
  try {
    refuseDestination(phone, countries);
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.code : 'another error';
  }
}

describe('destinationOf', () => {
  it('knows the country of every area code of +1, and those that are of none', () => {
    for (const code of areaCodes) {
      const phone = `+1${code}2345678`;
      const oracle = parsePhoneNumberFromString(phone);
      const kind = oracle?.isValid() ? oracle.getType() : undefined;
      if (kind === undefined) continue;
      const isPlace = ['FIXED_LINE_OR_MOBILE', 'FIXED_LINE', 'MOBILE'].includes(kind);
      expect(destinationOf(phone), phone).toBe(isPlace ? oracle?.country : 'nowhere');
    }
  });

  it.each([
    ['+12125551234', 'US'],
    ['+14165551234', 'CA'],
    ['+18765551234', 'JM'],
    ['+18095551234', 'DO'],
    ['+12425551234', 'BS'],
    ['+17875551234', 'PR'],
    ['+4915112345678', 'DE'],
    ['+441534123456', 'JE'],
    ['+77011234567', 'KZ'],
    ['+79161234567', 'RU'],
    ['+15005550001', 'US'],
    ['+15005560001', 'nowhere'],
    ['+18005551234', 'nowhere'],
    ['+12129765555', 'nowhere'],
    ['+870773111632', 'nowhere'],
    ['+88213300655', 'nowhere'],
    ['+88310012345678', 'nowhere'],
    ['+979123456789', 'nowhere'],
    ['+1212555', 'impossible'],
    ['+121255512345', 'impossible'],
  ])('puts %s in %s', (phone, place) => {
    expect(destinationOf(phone)).toBe(place);
  });
});

describe('refuseDestination', () => {
  it('lets through what is in a country of the list, and nothing else', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+[1-9][0-9]{6,14}$/), (phone) => {
        const place = destinationOf(phone);
        const known = place !== 'nowhere' && place !== 'impossible';
        expect(refusal(phone, known ? ['XX', place] : ['US', 'DE', 'nowhere-else'])).toBe(
          known ? undefined : place === 'nowhere' ? 'destination_not_allowed' : 'invalid_phone',
        );
        expect(refusal(phone, [])).toBe(place === 'impossible' ? 'invalid_phone' : 'destination_not_allowed');
      }),
      { numRuns: 2_000 },
    );
  });
});
