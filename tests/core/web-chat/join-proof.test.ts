import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signNow } from '../../../shared/core/callers/agent-link.ts';
import { joinProof, provenJoin } from '../../../shared/core/web-chat/join-proof.ts';

const secret = 'session-secret-0123456789abcdef-0123456789abcdef';
const other = 'another-secret-0123456789abcdef-0123456789abcdef';
const nowMs = 1_767_225_600_000;
const joinable = { handoverId: 'haaaaaaaaaaaaaaaa', conversationId: 'session-1' };
const proof = joinProof(joinable, secret, nowMs);

test('proves the very handover and conversation that it was made for, whatever they are called', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._:@+-]{1,200}$/);
  fc.assert(
    fc.property(id, id, (handoverId, conversationId) => {
      const given = joinProof({ handoverId, conversationId }, secret, nowMs);
      expect(given).toMatch(/^[A-Za-z0-9._-]+$/);
      expect(provenJoin(given, [secret], nowMs)).toEqual({ handoverId, conversationId });
    }),
  );
});

test('is good for 15 minutes, and of no clock far ahead', () => {
  expect(provenJoin(proof, [secret], nowMs + 15 * 60_000 - 1)).toEqual(joinable);
  expect(provenJoin(proof, [secret], nowMs + 15 * 60_000)).toBeUndefined();
  expect(provenJoin(proof, [secret], nowMs - 60_001)).toBeUndefined();
});

test('verifies with both secrets while one is rotated, and with no other', () => {
  expect(provenJoin(proof, [other, secret], nowMs)).toEqual(joinable);
  expect(provenJoin(proof, [other], nowMs)).toBeUndefined();
  expect(provenJoin(proof, [''], nowMs)).toBeUndefined();
  expect(provenJoin(proof, [], nowMs)).toBeUndefined();
});

test('is nothing once a single character of it is another', () => {
  const letters = fc.constantFrom(...'abcXYZ019-_.');
  fc.assert(
    fc.property(fc.nat(proof.length - 1), letters, (at, letter) => {
      fc.pre(proof[at] !== letter);
      const forged = proof.slice(0, at) + letter + proof.slice(at + 1);
      expect(provenJoin(forged, [secret], nowMs)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('anything else proves nothing, and throws nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(provenJoin(text, [secret], nowMs)).toBeUndefined();
    }),
  );
  const [about = ''] = proof.split('.');
  for (const purpose of ['link', 'view', 'list'] as const)
    expect(provenJoin(`${about}.${signNow(purpose, about, secret, nowMs)}`, [secret], nowMs)).toBeUndefined();
});
