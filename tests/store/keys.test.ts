import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ID } from '../../shared/core/decode.ts';
import { factSources } from '../../shared/core/handover/context.ts';
import {
  afterDue,
  hashed,
  type Key,
  keyOf,
  type Subject,
  saidPrefix,
  subjectOf,
  waitingPrefix,
} from '../../shared/store/keys.ts';

const id = fc.oneof(
  fc.stringMatching(ID),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.constant('a#%23'),
);
const part = fc.integer({ min: 0, max: 9_999 });
const atMs = fc.oneof(fc.integer({ min: 0, max: 9_999_999_999_999 }), fc.constantFrom(0, 86_399_999, 86_400_000));
const text = fc.string({ unit: 'binary' });

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant('state' as const), conversationId: id }),
  fc.record({ kind: fc.constant('line' as const), conversationId: id, lineId: id }),
  fc.record({ kind: fc.constant('history' as const), conversationId: id, handoverId: id }),
  fc.record({ kind: fc.constant('history-part' as const), conversationId: id, handoverId: id, digest: id, part }),
  fc.record({ kind: fc.constant('handover-mark' as const), conversationId: id, handoverId: id }),
  fc.record({
    kind: fc.constant('parcel' as const),
    conversationId: id,
    to: fc.constantFrom('desk', 'bot'),
    eventId: id,
  }),
  fc.record({ kind: fc.constant('handover' as const), handoverId: id }),
  fc.record({ kind: fc.constant('once' as const), hash: text.map(hashed) }),
  fc.record({ kind: fc.constant('call' as const), requestId: id }),
  fc.record({ kind: fc.constant('place' as const), phone: id }),
  fc.record({ kind: fc.constant('progress' as const), callSid: id }),
  fc.record({ kind: fc.constant('rate' as const), hash: text.map(hashed) }),
  fc.record({
    kind: fc.constant('daily-rate' as const),
    hash: text.map(hashed),
    day: fc.constantFrom('2026-01-01', '2099-12-31'),
    shard: fc.integer({ min: 0, max: 99 }),
  }),
  fc.record({ kind: fc.constant('chat' as const), identity: id }),
  fc.record({ kind: fc.constant('facts' as const), handoverId: id, source: fc.constantFrom(...factSources) }),
  fc.record({ kind: fc.constant('link' as const), handoverId: id, linkedTo: id }),
  fc.record({ kind: fc.constant('opening' as const), handoverId: id, atMs }),
  fc.record({ kind: fc.constant('due' as const), requestId: id, atMs }),
  fc.record({ kind: fc.constant('reminder' as const), ofConversation: id, atMs }),
  fc.record({ kind: fc.constant('voice-turn' as const), caller: id, callSid: id, atMs, turn: part }),
) as fc.Arbitrary<Subject>;

const flat = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);

test('every key says what it is the key of', () => {
  fc.assert(
    fc.property(subject, (about) => {
      expect(subjectOf(keyOf(about))).toEqual({ ...about });
    }),
    { numRuns: 5_000 },
  );
});

test('no two subjects share a key', () => {
  fc.assert(
    fc.property(subject, subject, (a, b) => {
      expect(flat(keyOf(a)) === flat(keyOf(b))).toBe(
        JSON.stringify(subjectOf(keyOf(a))) === JSON.stringify(subjectOf(keyOf(b))),
      );
    }),
    { numRuns: 5_000 },
  );
});

test('a valid id stands in its key as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(ID), (conversationId) => {
      expect(keyOf({ kind: 'state', conversationId })).toEqual({ pk: `CONV#${conversationId}`, sk: 'STATE' });
    }),
  );
});

test('no line or history of one conversation stands among those of another, or among what waits', () => {
  fc.assert(
    fc.property(subject, (about) => {
      const { pk, sk } = keyOf(about);
      const isSaid = ['line', 'history', 'history-part'].includes(about.kind);
      expect(sk.startsWith(saidPrefix)).toBe(isSaid);
      for (const to of ['desk', 'bot'] as const)
        expect(sk.startsWith(waitingPrefix(to))).toBe(about.kind === 'parcel' && about.to === to);
      expect(pk.startsWith('CONV#')).toBe('conversationId' in about);
    }),
  );
});

test('what is due comes before what is looked for, in the order of its time, and nothing else does', () => {
  fc.assert(
    fc.property(atMs, atMs, id, (dueMs, nowMs, named) => {
      expect(keyOf({ kind: 'due', requestId: named, atMs: dueMs }).sk < afterDue(nowMs)).toBe(dueMs <= nowMs);
      expect(keyOf({ kind: 'reminder', ofConversation: named, atMs: dueMs }).sk < afterDue(nowMs)).toBe(dueMs <= nowMs);
    }),
  );
});

test('a part of a millisecond counts as one: nothing is due before its time', () => {
  const key = keyOf({ kind: 'due', requestId: 'r', atMs: 86_399_999.5 });
  expect(key).toEqual({ pk: 'DUE#1970-01-02', sk: '0000086400000#r' });
  expect(key.sk < afterDue(86_399_999.75)).toBe(false);
  expect(key.sk < afterDue(86_400_000.25)).toBe(true);
});

test('what is no key of ours is the key of nothing', () => {
  const strangers = [
    ['', ''],
    ['CONV', 'STATE'],
    ['CONV#c', 'SAID'],
    ['CONV#c', 'SAID#OTHER#x'],
    ['CONV#c', 'SAID#HISTORY#h#digest'],
    ['CONV#c', 'OUT#nobody#e'],
    ['CONV#c', 'STATE#more'],
    ['CONV#c#d', 'STATE'],
    ['OTHER#x', '-'],
    ['HANDOVER#h', 'STATE'],
    ['HANDOVER#h', '-#-'],
    ['HANDOVER#h', 'FACTS#nobody'],
    ['HANDOVER#h', 'CONV#c#d'],
    ['OPEN#2026-01-01', '1767225600000'],
    ['OPEN#2026-01-02', '1767225600000#h'],
    ['OPEN#2026-01-01', '1767225600000#h#more'],
    ['DUE#2026-01-01', '-'],
    ['DUE#1970-01-01', '86399#r'],
    ['VOICE#+15005550001', '-'],
    ['VOICE#+15005550001', '86399#CA1#0000'],
    ['VOICE#+15005550001', '1767225600000#CA1#1'],
    ['VOICE#+15005550001', '1767225600000#CA1#0001#more'],
    ['DAILY#hash#2026-01-01', '-'],
    ['DAILY#hash#2026-01-01#01#more', '-'],
  ];
  for (const [pk = '', sk = ''] of strangers) expect(subjectOf({ pk, sk })).toBeUndefined();
  fc.assert(fc.property(fc.string(), fc.string(), (pk, sk) => void subjectOf({ pk, sk })));
});
