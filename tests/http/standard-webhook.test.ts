import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { webhookSecrets, webhookSignature } from '../../shared/http/standard-webhook.ts';

const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';

test('the published vector comes out', () => {
  const body =
    '{"type":"handover.message","timestamp":"2026-11-21T00:00:00Z","data":{"handoverId":"h7f2","text":"Grüße"}}';
  expect(webhookSignature([secret], 'evt_h7f2_3', 1795219200, body)).toBe(
    'v1,JhTa4GOuebTQ2+s7vhCzld6pa9zeFTyd6uul062mpn8=',
  );
});

test('the signature is that of the standardwebhooks package, whatever is signed', () => {
  const key = fc
    .uint8Array({ minLength: 24, maxLength: 64 })
    .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
  const id = fc.stringMatching(/^[\w-]{1,60}$/);
  fc.assert(
    fc.property(
      key,
      id,
      fc.integer({ min: 1, max: 4_102_444_800 }),
      fc.string({ unit: 'grapheme' }),
      (one, name, sec, body) => {
        expect(webhookSignature([one], name, sec, body)).toBe(new Webhook(one).sign(name, new Date(sec * 1_000), body));
      },
    ),
  );
});

test('while a secret is rotated the receiver may know either', () => {
  const other = `whsec_${randomBytes(32).toString('base64')}`;
  const nowSec = Math.floor(Date.now() / 1_000);
  const headers = {
    'webhook-id': 'e-1',
    'webhook-timestamp': String(nowSec),
    'webhook-signature': webhookSignature([secret, other], 'e-1', nowSec, '{}'),
  };
  for (const known of [secret, other]) expect(new Webhook(known).verify('{}', headers)).toEqual({});
});

test.for([
  ['', 'empty'],
  ['whsec_c2hvcnQ=', 'too short'],
  [`whsec_${'A'.repeat(96)}`, 'too long'],
  ['MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=', 'without its prefix'],
  [`${secret} ${secret} ${secret}`, 'three at once'],
  ['whsec_*MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY', 'not base64'],
])('%j is no secret: %s', ([value]) => {
  expect(v.is(webhookSecrets, value)).toBe(false);
});

test('one secret or two are read', () => {
  expect(v.parse(webhookSecrets, secret)).toEqual([secret]);
  expect(v.parse(webhookSecrets, `${secret}  ${secret}`)).toEqual([secret, secret]);
});
