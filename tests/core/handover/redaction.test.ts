import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heardId } from '../../../shared/core/handover/line.ts';
import { redactedFields } from '../../../shared/core/handover/redacted.ts';
import { redactionSettings, redactor } from '../../../shared/core/handover/redaction.ts';
import { stopwatch } from '../../support/steady-clock.ts';

const everything = redactor(['cards', 'iban', 'security-codes', 'email', 'phone']);
const cards = redactor(['cards']);
const digitsOf = (text: string) => text.replace(/\D/g, '');

const check = (digits: string) =>
  [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return sum + Math.floor(value / 10) + (value % 10);
  }, 0) % 10;

const card = fc
  .tuple(
    fc.constantFrom('2', '3', '4', '5', '6'),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 17 }),
  )
  .map(([first, rest]) => `${first}${rest.join('')}`)
  .map((body) => `${body}${[...'0123456789'].find((last) => check(`${body}${last}`) === 0)}`);

/** As people write them: in groups, with these between them. */
const written = fc
  .tuple(
    card,
    fc.constantFrom(0, 1, 2, 4, 5),
    fc.constantFrom(' ', '-', ' - ', '\n', '\r\n', '\u00A0', '–', '\u200B', '\t'),
  )
  .map(([number, size, between]) => ({
    number,
    text: size === 0 ? number : (number.match(new RegExp(`.{1,${size}}`, 'g')) ?? []).join(between),
  }));

const script = (text: string, zero: number) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

describe('cards', () => {
  test('whatever stands around it, no card survives, and its last four do', () => {
    const around = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.lorem());
    const zero = fc.constantFrom(0x30, 0xff10, 0x660, 0x966, 0x1d7ce);
    fc.assert(
      fc.property(around, written, around, zero, (before, { number, text }, after, at) => {
        fc.pre(!/[\p{Nd}]$/u.test(before) && !/^\p{Nd}/u.test(after));
        const shown = cards(`${before}${script(text, at)}${after}`);
        expect(shown).toContain('••••');
        expect(shown).not.toContain(script(text, at));
        expect(digitsOf(shown)).not.toContain(number);
      }),
      { numRuns: 500 },
    );
  });

  test('numbers before and after it with nothing but a space between do not hide it', () => {
    fc.assert(
      fc.property(fc.nat(99_999), card, fc.nat(99_999), (before, number, after) => {
        expect(digitsOf(cards(`${before} ${number} ${after}`))).not.toContain(number);
      }),
    );
  });

  test('a text without digits enough stays as it is, to the byte', () => {
    const short = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('12', '3456'),
    );
    fc.assert(
      fc.property(fc.array(short), (parts) => {
        const text = parts.join('x');
        fc.pre((text.match(/\p{Nd}/gu) ?? []).length < 13);
        expect(cards(text)).toBe(text);
      }),
    );
  });

  test.for([
    ['my card is 4111 1111 1111 1111, ok?', 'my card is •••• 1111, ok?'],
    ['4111-1111-1111-1111', '•••• 1111'],
    ['4111 1111\n1111 1111', '•••• 1111'],
    ['４１１１１１１１１１１１１１１１', '•••• 1111'],
    ['Karte378282246310005 12/28', 'Karte•••• 0005 12/28'],
    ['5555555555554444/6011111111111117', '•••• 4444/•••• 1117'],
    ['4111111111111111 5555555555554444', '•••• 1111 •••• 4444'],
  ])('%j', ([text = '', shown]) => {
    expect(cards(text)).toBe(shown);
  });

  test.for([
    '2026-11-28 10:15:00',
    'order 4111111111111112',
    '+49 30 901820, 0171 5550100',
    'part of 41111111111111110000000',
    'part of 00000000411111111111111111',
    '4111.1111.1111.1111',
    '411111111111',
    'ÄÖ \uD800 half',
  ])('%j stays', (text) => {
    expect(cards(text)).toBe(text);
  });
});

describe('other kinds', () => {
  test.for([
    ['iban', 'IBAN: DE89 3704 0044 0532 0130 00.', 'IBAN: •••• 3000.'],
    ['iban', 'gb82west12345698765432 bitte', '•••• 5432 bitte'],
    ['iban', 'NO 93 8601 1117 947 is mine', '•••• 7947 is mine'],
    ['iban', 'DE89 3704 0044 0532 0130 01', 'DE89 3704 0044 0532 0130 01'],
    ['iban', 'XDE89370400440532013000', 'XDE89370400440532013000'],
    ['iban', 'DE893704004405320130001', 'DE893704004405320130001'],
    ['security-codes', 'my CVV is 123 and 4 boxes', 'my CVV is ••• and 4 boxes'],
    ['security-codes', 'CVC:１２３', 'CVC:•••'],
    ['security-codes', 'die PIN-Nummer lautet 1 2 3 4.', 'die PIN-Nummer lautet •••.'],
    ['security-codes', 'Kartenprüfnummer\n987', 'Kartenprüfnummer\n•••'],
    ['security-codes', 'Pru\u0308fziffer 987', 'Pru\u0308fziffer •••'],
    ['security-codes', 'Sicherheitscode auf der Rückseite ist 987', 'Sicherheitscode auf der Rückseite ist •••'],
    ['security-codes', 'the pin came. Order 12345', 'the pin came. Order 12345'],
    ['security-codes', 'spinning 1234, opinion 555', 'spinning 1234, opinion 555'],
    ['security-codes', 'order 123456', 'order 123456'],
    ['email', 'to anna.müller+x@mail.example.com.', 'to ••••@••••.'],
    ['email', 'anna＠example．com', '••••@••••'],
    ['email', '@anna and a@b', '@anna and a@b'],
    ['phone', 'call +49 (0)30 901820-10 now', 'call •••• now'],
    ['phone', '0171 5550100 or (212) 555-0100', '•••• or ••••'],
    ['phone', '01-12-2026 10:15, 28.11.2026, 1,234,567.00', '01-12-2026 10:15, 28.11.2026, 1,234,567.00'],
  ] as const)('%s: %j', ([kind, text, shown]) => {
    expect(redactor([kind])(text)).toBe(shown);
  });

  test('one text may hold all of them', () => {
    expect(everything('4111111111111111, cvv 123, DE89370400440532013000, a@b.example, +4930901820')).toBe(
      '•••• 1111, cvv •••, •••• 3000, ••••@••••, ••••',
    );
  });

  test('a field is read after its name', () => {
    const fields = { cardCvv: '123', security_code: '1234', order: '1234', note: 'pin 9876' };
    expect(redactedFields(everything, fields)).toEqual({
      cardCvv: '•••',
      security_code: '•••',
      order: '1234',
      note: 'pin •••',
    });
  });
});

test('what a text holds costs time by its length alone', () => {
  const piece = fc.constantFrom(
    '1',
    '1 ',
    '1-',
    'a',
    'a.',
    '@',
    'a@',
    '+1',
    'DE12',
    'pin ',
    'cvv',
    ' ',
    '(',
    '0',
    '٣',
    '4111 ',
    '😀',
  );
  const msOf = (text: string) => {
    const took = stopwatch();
    everything(text);
    return took();
  };
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
      const unit = pieces.join('');
      // Whatever grows with the square of the length needs minutes here.
      expect(msOf(unit.repeat(Math.ceil(100_000 / unit.length)))).toBeLessThan(5_000);
    }),
    { numRuns: 30 },
  );
}, 120_000);

test('the id of what was heard tells nothing of the number, and is the same for a repeated delivery', () => {
  const idOf = (text: string) => heardId('c-1', cards(text), 1_000);
  expect(idOf('4111 1111 1111 1111')).toBe(idOf('4111 1111 1111 1111'));
  expect(idOf('4111 1111 1111 1111')).toBe(heardId('c-1', '•••• 1111', 1_000));
});

describe('the setting', () => {
  const read = (REDACT: string | undefined) => {
    const faults: string[] = [];
    const settings = redactionSettings.read({ REDACT }, faults);
    return { faults, shown: faults.length === 0 ? settings.REDACT('4111111111111111 a@b.example') : undefined };
  };

  test('names what is taken out; nothing by itself', () => {
    expect(read(undefined).shown).toBe('4111111111111111 a@b.example');
    expect(read('cards').shown).toBe('•••• 1111 a@b.example');
    expect(read(' email  cards ').shown).toBe('•••• 1111 ••••@••••');
  });

  test.for(['card', 'cards,email', 'Cards', 'toString', ' '])('%j is a fault of it', (given) => {
    expect(read(given).faults).toHaveLength(1);
  });
});
