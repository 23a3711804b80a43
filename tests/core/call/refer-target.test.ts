import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReferUri, readReferTarget } from '../../../shared/core/call/refer-target.ts';
import { stopwatch } from '../../support/steady-clock.ts';

/** The sample key of IBM's page on phone transfers. */
const key =
  'dev::latest::893499::dff9c274-adc4-4f63-93de-781166760bf8::978f1fd7-4e24-47d8-adb0-24a8a6eff69e::b5ffd6c2-902f-4658-b586-e3fc170a6cf3::7ad616a350cc48078f17e3ee3df551de';
const encodedKey = encodeURIComponent(key);
const hexKey = Buffer.from(key).toString('hex');

const keyIn = (target: string) => readReferTarget(target).sessionHistoryKey;

describe('row 4: readReferTarget', () => {
  it.each([
    ['ascii', `<sip:queue@flex.twilio.com?User-to-User=${encodedKey}%3Bencoding%3Dascii>`],
    ['hex', `<sip:queue@flex.twilio.com?User-to-User=${hexKey}%3Bencoding%3Dhex>`],
    ['hex in capitals', `<sip:q@h?User-to-User=${hexKey.toUpperCase()};encoding=HEX>`],
    ['no encoding', `<sip:q@h?User-to-User=${encodedKey}>`],
    ['parameters left as they are', `<sip:q@h?User-to-User=${key};purpose=x;encoding=ascii>`],
    ['the header of its own name', `<sip:q@h?X-Watson-Assistant-Session-History-Key=${key}>`],
    [
      'that header beside a User-to-User of the assistant',
      `<sip:q@h?User-to-User=637573;encoding=hex&X-Watson-Assistant-Session-History-Key=${key}>`,
    ],
    ['other letter case', `SIPS:queue@flex.twilio.com?X-WATSON-ASSISTANT-SESSION-HISTORY-KEY=${key}`],
    ['a tel target', `tel:+18885550123?User-to-User=${encodedKey}`],
    ['a name before and parameters after', `"Que<ue" <sip:q@h;transport=tls?User-to-User=${encodedKey}>;tag=1`],
    ['a name without quotes', `Queue <sip:q@h?User-to-User=${encodedKey}>`],
    ['brackets closed three times', `<sip:q@h?User-to-User=${encodedKey}%3Bencoding%3Dascii>>>`],
    ['a bracket only at the end', `sip:q@h?User-to-User=${encodedKey}>`],
    ['a question mark in another header', `<sip:q@h?X-Other=a?b&User-to-User=${encodedKey}>`],
  ])('finds the key: %s', (_, target) => {
    expect(keyIn(target)).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['no headers', '<sip:q@h>'],
    ['an empty header', '<sip:q@h?User-to-User=>'],
    ['a header without a value', '<sip:q@h?User-to-User>'],
    ['a bad percent escape', '<sip:q@h?User-to-User=%E0%A4%A>'],
    ['a control character', '<sip:q@h?User-to-User=x%00y>'],
    ['a parameter of the flow', '<sip:q@h?User-to-User=x%26FlowEvent%3Daudio>'],
    ['quotes', '<sip:q@h?User-to-User=x%22%2C%22skill%22%3A%22vip>'],
    ['markup', '<sip:q@h?User-to-User=%3C%2FRedirect%3E%3CDial%3E>'],
    ['two values', '<sip:q@h?User-to-User=k1&User-to-User=k2>'],
    ['two values in other case', '<sip:q@h?User-to-User=k1&user-to-user=k1>'],
    [
      'an unusable header of its own name',
      `<sip:q@h?User-to-User=${encodedKey}&X-Watson-Assistant-Session-History-Key=%%>`,
    ],
    ['an odd number of hex digits', '<sip:q@h?User-to-User=6b3%3Bencoding%3Dhex>'],
    ['no hex digits', '<sip:q@h?User-to-User=xyz1%3Bencoding%3Dhex>'],
    ['another encoding', '<sip:q@h?User-to-User=a2V5%3Bencoding%3Dbase64>'],
    ['letters beyond ASCII', '<sip:q@h?User-to-User=%C3%A9%F0%9F%98%80>'],
    ['513 characters', `<sip:q@h?User-to-User=${'A'.repeat(513)}>`],
    ['the word for nothing', '<sip:q@h?User-to-User=undefined>'],
    ['the word for nothing in hex', '<sip:q@h?User-to-User=6e756c6c;encoding=hex>'],
    ['another scheme', 'http://169.254.169.254/?User-to-User=k'],
  ])('finds no key: %s', (_, target) => {
    expect(keyIn(target)).toBeUndefined();
  });

  it('row 6: takes nothing from a target whose end may be missing', () => {
    const target = (uui: string) => `<sip:queue@flex.twilio.com?X-Handover-Id=haaaaaaaaaaaaaaaa&User-to-User=${uui}`;
    for (const whole of [target(`${hexKey}%3Bencoding%3Dhex>`), target(`${encodedKey}%3Bencoding%3Dascii>`)]) {
      expect(whole.length).toBeGreaterThan(256);
      expect(keyIn(whole)).toBe(key);
      expect(readReferTarget(whole.slice(0, 256))).toEqual({ sessionHistoryKey: undefined, handoverId: undefined });
    }
    const bare = `sip:q@h?User-to-User=${'k'.repeat(235)}`;
    expect(bare).toHaveLength(256);
    expect(keyIn(bare)).toBeUndefined();
    expect(keyIn(bare.slice(0, -1))).toHaveLength(234);
    expect(keyIn(`${bare}kk`)).toHaveLength(237);
  });

  it('finds the handover id that receive-call gave the assistant', () => {
    expect(readReferTarget('<sip:q@h?X-Handover-Id=habcdefghijklmnop>').handoverId).toBe('habcdefghijklmnop');
    expect(readReferTarget('<sip:q@h?X-Handover-Id=a%22b>').handoverId).toBeUndefined();
    expect(readReferTarget('<sip:q@h?X-Handover-Id=undefined>').handoverId).toBeUndefined();
    expect(readReferTarget('<sip:q@h?X-Handover-Id=a&X-Handover-Id=b>').handoverId).toBeUndefined();
  });

  it('gives back every key in every encoding, whatever stands beside it', () => {
    const other = fc.tuple(
      fc.stringMatching(/^X-[A-Z]{1,8}$/),
      fc
        .string()
        .map(encodeURIComponent)
        .filter((text) => !/[<>]/.test(text)),
    );
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9:_-]{1,512}$/),
        fc.constantFrom('ascii', 'hex', 'none'),
        fc.array(other, { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (anyKey, encoding, others, before, percent) => {
          const value = encoding === 'hex' ? Buffer.from(anyKey).toString('hex') : anyKey;
          const uui = encoding === 'none' ? value : `${value};encoding=${encoding}`;
          const header = `uSER-to-uSER=${percent ? encodeURIComponent(uui) : uui}`;
          const rest = others.map(([name, text]) => `${name}=${text}`);
          const headers = before ? [...rest, header] : [header, ...rest];
          expect(keyIn(`<sip:q@h?${headers.join('&')}>`)).toBe(anyKey);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('takes a target of 300 kB with 50,000 headers in its stride', () => {
    const took = stopwatch();
    expect(keyIn(`<sip:q@h?${'a=1&'.repeat(50_000)}User-to-User=k>`)).toBe('k');
    expect(keyIn(`<sip:q@h?User-to-User=${'A'.repeat(100_000)}>`)).toBeUndefined();
    expect(keyIn(`"${'\\'.repeat(100_000)}`)).toBeUndefined();
    expect(keyIn(`<sip:q@h?User-to-User=x${'; encoding '.repeat(20_000)}>`)).toBe('x');
    expect(took()).toBeLessThan(200);
  });
});

describe('buildReferUri', () => {
  const uri = 'sip:queue@flex.twilio.com';

  it('row 6: makes the transfer of the sample key, which fits in ascii and does not in hex', () => {
    const target = buildReferUri(uri, [['User-to-User', `${key};encoding=ascii`]]) ?? '';
    expect(target).toHaveLength(249);
    expect(keyIn(`<${target}>`)).toBe(key);
    expect(buildReferUri(uri, [['User-to-User', `${hexKey};encoding=hex`]])).toBeUndefined();
    expect(
      buildReferUri(uri, [
        ['User-to-User', 'custom-user-to-user'],
        ['X-Watson-Assistant-Session-History-Key', key],
        ['X-Other', 'y'.repeat(20)],
      ]),
    ).toBeUndefined();
    expect(buildReferUri(uri, [])).toBe(uri);
  });

  it('row 6: refuses from the 257th character on', () => {
    const fill = (length: number) => 'k'.repeat(length - `${uri}?X-A=`.length);
    expect(buildReferUri(uri, [['X-A', fill(256)]])).toHaveLength(256);
    expect(buildReferUri(uri, [['X-A', fill(257)]])).toBeUndefined();
  });
});
