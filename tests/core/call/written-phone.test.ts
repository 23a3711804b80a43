import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPhone, writtenForms } from '../../../shared/core/call/written-phone.ts';

describe('a number that somebody typed', () => {
  test.for([
    ['+1 500 555 0006', undefined, '+15005550006'],
    ['(500) 555-0006', 'US', '+15005550006'],
    ['(500) 555-0006', undefined, undefined],
    ['1-500-555-0006', 'US', '+15005550006'],
    ['0049 30 123456', 'US', '+4930123456'],
    ['030/123456', 'DE', '+4930123456'],
    ['+49 (0)30 123456', undefined, '+4930123456'],
    [' +15005550006 ', undefined, '+15005550006'],
    ['+1 500 555 0006 ext. 12', 'US', undefined],
    ['555-0006', 'US', undefined],
    ['Reception +1 500 555 0006', 'US', undefined],
    ['+1 500 555 0006, +1 500 555 0007', 'US', undefined],
    ['', 'US', undefined],
    ['+15005550006', 'Atlantis', '+15005550006'],
  ] as const)('%j in %s is %s', ([text, home, phone]) => {
    expect(readPhone(text, home)).toBe(phone);
  });

  test('is nothing or E.164, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('US', 'DE', undefined), (text, home) => {
        expect(readPhone(text, home) ?? '+1234567').toMatch(/^\+[1-9]\d{6,14}$/);
      }),
    );
  });
});

describe('the ways to write a number', () => {
  const usual = [
    ['+15005550006', 'US', ['+1 500 555 0006', '(500) 555-0006', '500.555.0006', '5005550006', '1-500-555-0006']],
    ['+15005550006', 'US', ['+1 (500) 555-0006', '+1-500-555-0006', '(500)555-0006', '+1 500-555-0006', '15005550006']],
    ['+4930123456', 'DE', ['+49 30 123456', '030 123456', '030/123456', '(030) 123456', '+49 (0)30 123456']],
    ['+4930123456', 'US', ['+49 30 123456', '004930123456', '+49 (30) 123456', '+49-30-123456']],
    ['+442079460123', 'GB', ['020 7946 0123', '02079460123', '+44 20 7946 0123']],
    ['+33123456789', 'FR', ['01 23 45 67 89', '01.23.45.67.89', '+33 1 23 45 67 89']],
  ] as const;
  test.for(usual)('%s in %s has the usual ones', ([phone, home, forms]) => {
    for (const form of forms) expect(writtenForms(phone, home)).toContain(form);
  });

  test('are few, without a comma, begin with the number itself, and each is read as it and no other', () => {
    const phones = fc.oneof(
      fc.integer({ min: 0, max: 9999 }).map((n) => `+1500555${String(n).padStart(4, '0')}`),
      fc.constantFrom(...usual.map(([phone]) => phone)),
      fc.integer({ min: 1_000_000, max: 99_999_999_999 }).map((n) => `+${n}`),
    );
    fc.assert(
      fc.property(phones, fc.constantFrom('US', 'DE', 'FR', undefined), (phone, home) => {
        const forms = writtenForms(phone, home);
        expect(forms[0]).toBe(phone);
        expect(forms.length).toBeLessThanOrEqual(60);
        expect(forms.join('')).not.toContain(',');
        for (const form of forms.slice(1)) expect(readPhone(form, home)).toBe(phone);
      }),
    );
  });
});
