import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json' with { type: 'json' };
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
    ['+449098790000', 'nowhere'],
    ['+447012345678', 'nowhere'],
    ['+499001234567', 'nowhere'],
    ['+4990012345678', 'nowhere'],
    ['+4918012345', 'nowhere'],
    ['+33899123456', 'nowhere'],
    ['+4930123456', 'DE'],
    ['+442071838750', 'GB'],
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

/* What the library knows of each kind of number in a country; its own functions show no patterns. */
type Kinds = readonly (readonly [string] | 0 | undefined)[];
const KINDS = { 0: 'FIXED_LINE', 1: 'MOBILE', 3: 'PREMIUM_RATE', 4: 'PERSONAL_NUMBER', 9: 'SHARED_COST' };
const COSTLY = ['PREMIUM_RATE', 'PERSONAL_NUMBER', 'SHARED_COST'];

describe('numbers that cost more than their country', () => {
  const countries = Object.entries(metadata.country_calling_codes)
    .filter(([code]) => code !== '1')
    .flatMap(([code, names]) => names.map((name) => [code, name] as const));

  it('are of no country, whatever country they pretend to be of, and all others are of theirs', () => {
    for (const [code, name] of countries) {
      const kinds = (metadata.countries as unknown as Record<string, readonly unknown[]>)[name]?.[11] as Kinds;
      for (const [index, kind] of Object.entries(KINDS)) {
        const pattern = kinds?.[Number(index)];
        if (!pattern) continue;
        for (const national of fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern[0]})$`)), {
          numRuns: 6,
          seed: 1,
        })) {
          const phone = `+${code}${national}`;
          const oracle = parsePhoneNumberFromString(phone);
          if (oracle?.getType() === undefined) continue;
          const isCostly = COSTLY.includes(kind);
          expect([phone, isCostly && destinationOf(phone) !== 'nowhere']).toEqual([phone, false]);
          const isPlain =
            !isCostly && ['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(oracle.getType() ?? '');
          expect([phone, isPlain && destinationOf(phone) === 'nowhere']).toEqual([phone, false]);
        }
      }
    }
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
