import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handoverOfCall } from '../../shared/core/call/call-handover.ts';
import { isShortId, shortId } from '../../shared/core/short-id.ts';

const eightyBits = fc.uint8Array({ minLength: 10, maxLength: 32 });

describe('shortId', () => {
  it('writes 80 bits in the letters of base32', () => {
    expect(shortId('h', new Uint8Array(10))).toBe('haaaaaaaaaaaaaaaa');
    expect(shortId('r', new Uint8Array(10).fill(255))).toBe('r7777777777777777');
    expect(shortId('r', Buffer.from('0123456789'))).toBe('rgaytemzugu3doobz');
  });

  it('is the same for the same bytes, another for others, and recognised', () => {
    fc.assert(
      fc.property(eightyBits, eightyBits, (a, b) => {
        const same = Buffer.from(a.subarray(0, 10)).equals(Buffer.from(b.subarray(0, 10)));
        expect(shortId('h', a) === shortId('h', b)).toBe(same);
        expect(isShortId('h', shortId('h', a))).toBe(true);
        expect(isShortId('r', shortId('h', a))).toBe(false);
      }),
    );
    for (const other of [undefined, '', 'h', `h${'a'.repeat(17)}`, `h${'a'.repeat(15)}1`, `h${'a'.repeat(16)}\n`]) {
      expect(isShortId('h', other)).toBe(false);
    }
  });
});

describe('handoverOfCall', () => {
  it('needs both SIDs as Twilio writes them', () => {
    const AccountSid = 'AC00000000000000000000000000000001';
    const CallSid = 'CA00000000000000000000000000000001';
    expect(isShortId('h', handoverOfCall({ AccountSid, CallSid }))).toBe(true);
    expect(handoverOfCall({ AccountSid, CallSid: undefined })).toBeUndefined();
    expect(handoverOfCall({ AccountSid, CallSid: `${CallSid}x` })).toBeUndefined();
    expect(handoverOfCall({ AccountSid: 'AC1', CallSid })).toBeUndefined();
  });
});
