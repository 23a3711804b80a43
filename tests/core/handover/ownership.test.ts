import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  begin,
  ended,
  extended,
  isPaused,
  isPending,
  noted,
  type OwnershipState,
  opened,
  refused,
  resumed,
  returnTold,
  taken,
} from '../../../shared/core/handover/ownership.ts';

const opening = { handoverId: 'h-new', owner: 'r-1', bot: 'plain', leaseUntilMs: 5_000 };
const human: OwnershipState = {
  epoch: 1,
  seq: 2,
  mode: 'human',
  pausedUntilMs: 600_000,
  handoverId: 'h-1',
  bot: 'botcopy',
  owner: 'T-1',
  deskSeq: 3,
};
const byBot: OwnershipState = { ...human, mode: 'bot', pausedUntilMs: 0 };
const pending: OwnershipState = { ...human, mode: 'pending', pausedUntilMs: 5_000, owner: 'r-1', deskSeq: 0 };
const back = { reason: 'agent' } as const;
const takes = { handoverId: 'h-new', bot: 'plain', pausedUntilMs: 700_000 };
const stamp = (handoverId?: string, seq?: number) => ({ handoverId, seq });

const state = fc.record({
  epoch: fc.nat(9),
  seq: fc.nat(99),
  mode: fc.constantFrom('bot', 'pending', 'human'),
  pausedUntilMs: fc.nat(2_000),
  handoverId: fc.constantFrom('', 'h-1', 'h-2'),
  bot: fc.constantFrom('', 'plain', 'botcopy'),
  owner: fc.constantFrom('', 'r-1', 'T-1'),
  deskSeq: fc.nat(5),
}) as fc.Arbitrary<OwnershipState>;
const stamps = fc.record({
  handoverId: fc.constantFrom(undefined, 'h-1', 'h-2'),
  seq: fc.option(fc.nat(5), { nil: undefined }),
});

test.for([
  [599_999, true],
  [600_000, false],
  [600_001, false],
] as const)('R4 at %d a pause until 600000 is paused: %s', ([nowMs, paused]) => {
  expect(isPaused(human, nowMs)).toBe(paused);
});

test('only one begins while somebody else has the conversation or is getting it', () => {
  expect(begin(undefined, 0, opening)).toMatchObject({ epoch: 1, seq: 1, mode: 'pending', handoverId: 'h-new' });
  expect(begin(human, 0, opening)).toBeUndefined();
  expect(begin(pending, 0, opening)).toBeUndefined();
  expect(begin(human, 600_000, opening)).toMatchObject({ epoch: 2, handoverId: 'h-new', deskSeq: 0 });
});

test('an expired lease is taken over under the same handover', () => {
  expect(begin(pending, 5_000, opening)).toMatchObject({ epoch: 1, handoverId: 'h-1', mode: 'pending' });
});

test('only who has the lease opens or gives back', () => {
  expect(opened(pending, 'r-1', 'T-9', 9_000)).toMatchObject({ mode: 'human', owner: 'T-9', pausedUntilMs: 9_000 });
  expect(opened(pending, 'r-2', 'T-9', 9_000)).toBeUndefined();
  expect(opened(byBot, 'T-1', 'T-9', 9_000)).toBeUndefined();
  expect(refused(pending, 'r-1')).toMatchObject({ mode: 'bot', owner: '' });
  expect(refused(human, 'T-1')).toBeUndefined();
});

test('a shorter pause never cuts a longer one, and less than a second is not worth a write', () => {
  expect(extended(human, 0, 700_000)).toMatchObject({ pausedUntilMs: 700_000, seq: 3 });
  expect(extended(human, 0, 600_999)).toBeUndefined();
  expect(extended(human, 0, 1_000)).toBeUndefined();
  expect(extended(human, 600_000, 900_000)).toBeUndefined();
  expect(extended(pending, 0, 900_000)).toBeUndefined();
});

test('a pause that ran out begins again for who speaks now, not for words of before, and never after an end', () => {
  expect(resumed(human, 600_000, 900_000)).toMatchObject({ mode: 'human', handoverId: 'h-1', pausedUntilMs: 900_000 });
  expect(resumed(human, 600_000, 600_000)).toBeUndefined();
  for (const nothing of [byBot, pending, undefined]) expect(resumed(nothing, 600_000, 900_000)).toBeUndefined();
  expect(resumed(human, 0, 900_000)).toBeUndefined();
});

test('a handover ends for itself only, and its ticket is kept', () => {
  expect(ended(human, undefined, back)).toMatchObject({ mode: 'bot', pausedUntilMs: 0, owner: 'T-1', deskSeq: 3 });
  expect(ended(human, 'h-1', back, 7)).toMatchObject({ mode: 'bot', deskSeq: 7 });
  expect(ended(human, 'h-0', back)).toBeUndefined();
  expect(ended(byBot, undefined, back)).toBeUndefined();
  expect(ended(pending, undefined, back)).toMatchObject({ mode: 'bot', owner: '' });
});

test('why the bot has it again is kept until it was told, or another handover has begun', () => {
  const over = ended(human, undefined, { reason: 'agent', botEvent: 'SURVEY' });
  expect(over?.returned).toEqual({ reason: 'agent', botEvent: 'SURVEY' });
  const told = returnTold(over);
  expect(told).toMatchObject({ mode: 'bot', seq: (over?.seq ?? 0) + 1, owner: 'T-1' });
  expect(told?.returned).toBeUndefined();
  for (const nothing of [told, byBot, human, pending, undefined]) expect(returnTold(nothing)).toBeUndefined();
  expect(begin(over, 0, opening)?.returned).toBeUndefined();
  expect(taken(over, 0, stamp(), takes)?.returned).toBeUndefined();
});

test('a desk takes what the bot has, and goes on with what it has', () => {
  expect(taken(undefined, 0, stamp(), takes)).toMatchObject({
    epoch: 1,
    mode: 'human',
    handoverId: 'h-new',
    owner: 'h-new',
  });
  expect(taken(byBot, 0, stamp(), takes)).toMatchObject({ epoch: 2, handoverId: 'h-new', bot: 'botcopy' });
  expect(taken(human, 0, stamp('h-1'), takes)).toMatchObject({
    epoch: 1,
    handoverId: 'h-1',
    owner: 'T-1',
    pausedUntilMs: 700_000,
  });
  expect(taken(human, 650_000, stamp(), takes)).toMatchObject({ epoch: 1, handoverId: 'h-1', owner: 'T-1' });
});

test('a desk does not take what another handover has or is getting', () => {
  expect(taken(human, 0, stamp('h-2'), takes)).toBeUndefined();
  expect(taken(pending, 0, stamp('h-1'), takes)).toBeUndefined();
  expect(taken(human, 600_000, stamp('h-2'), takes)).toMatchObject({ handoverId: 'h-2', owner: 'h-2' });
});

test('a handover that ended is not opened again by its own id, unless the desk said so later', () => {
  expect(taken(byBot, 0, stamp('h-1'), takes)).toBeUndefined();
  expect(taken(byBot, 0, stamp('h-1', 3), takes)).toBeUndefined();
  expect(taken(byBot, 0, stamp('h-1', 4), takes)).toMatchObject({
    mode: 'human',
    handoverId: 'h-1',
    owner: 'T-1',
    deskSeq: 4,
  });
});

test('a return that comes before the take-over it belongs to is remembered', () => {
  const early = noted(undefined, stamp('h-7', 2), 'plain');
  expect(early).toMatchObject({ epoch: 0, mode: 'bot', deskSeq: 2 });
  expect(taken(early, 0, stamp('h-7', 1), takes)).toBeUndefined();
  expect(taken(early, 0, stamp('h-7', 3), takes)).toMatchObject({ mode: 'human' });
  expect(noted(byBot, stamp('h-1', 3), 'plain')).toBeUndefined();
  expect(noted(byBot, stamp('h-2', 9), 'plain')).toBeUndefined();
});

test('every change counts one further, never goes back in epochs, and changes nothing of what it was given', () => {
  fc.assert(
    fc.property(state, stamps, fc.nat(2_000), fc.nat(3_000), (from, given, nowMs, untilMs) => {
      const before = structuredClone(from);
      const changes = [
        begin(from, nowMs, { ...opening, leaseUntilMs: untilMs }),
        opened(from, from.owner, 'T-2', untilMs),
        refused(from, from.owner),
        extended(from, nowMs, untilMs),
        resumed(from, nowMs, untilMs),
        ended(from, given.handoverId, { reason: 'agent' }, given.seq),
        taken(from, nowMs, given, { ...takes, pausedUntilMs: untilMs }),
        noted(from, given, 'plain'),
      ];
      for (const to of changes) {
        if (!to) continue;
        expect(to.seq).toBe(from.seq + 1);
        expect(to.epoch).toBeGreaterThanOrEqual(from.epoch);
      }
      expect(from).toEqual(before);
      expect(isPaused(from, nowMs) && isPending(from, nowMs)).toBe(false);
    }),
  );
});

test('while a person has a conversation nothing shortens the pause but its end', () => {
  fc.assert(
    fc.property(state, stamps, fc.nat(2_000), fc.nat(3_000), (from, given, nowMs, untilMs) => {
      fc.pre(isPaused(from, nowMs));
      for (const to of [
        extended(from, nowMs, untilMs),
        taken(from, nowMs, given, { ...takes, pausedUntilMs: untilMs }),
      ])
        if (to) expect(to.pausedUntilMs).toBeGreaterThanOrEqual(from.pausedUntilMs);
      expect(begin(from, nowMs, opening)).toBeUndefined();
    }),
  );
});
