import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  begin,
  ended,
  extended,
  isOutdated,
  isPaused,
  noted,
  type OwnershipState,
  opened,
  taken,
} from '../../shared/core/handover/ownership.ts';
import type { States } from '../../shared/core/table.ts';
import { engines, startMs, type TestTable } from './engines.ts';

let table: TestTable;
let states: States;
beforeAll(async () => {
  table = await engines.dynalite();
  states = table.table.states;
});
afterAll(() => table.stop());

const MINUTE_MS = 60_000;

type Rule = (state: OwnershipState | undefined) => OwnershipState | undefined;

/** Applies a rule until it is written or finds nothing to do. */
async function apply(id: string, rule: Rule): Promise<OwnershipState | undefined> {
  for (;;) {
    const from = await states.read(id);
    const next = rule(from);
    if (!next || (await states.swap(id, from, next))) return next;
  }
}

const opening = (handoverId: string, owner: string) => ({
  handoverId,
  owner,
  bot: 'plain',
  leaseUntilMs: startMs + 4_500,
});

/** A handover that a desk took. */
async function handOver(id: string, handoverId: string): Promise<void> {
  await apply(id, (state) => begin(state, startMs, opening(handoverId, 'owner')));
  await apply(id, (state) => opened(state, 'owner', 'ticket', startMs + 10 * MINUTE_MS));
}

const pause =
  (handoverId: string, seq: number): Rule =>
  (state) =>
    taken(state, startMs, { handoverId, seq }, { handoverId, bot: 'plain', pausedUntilMs: startMs + 10 * MINUTE_MS });

const resume =
  (handoverId: string, seq: number): Rule =>
  (state) => {
    const stamp = { handoverId, seq };
    return isOutdated(state, stamp)
      ? undefined
      : (ended(state, handoverId, { reason: 'agent' }, seq) ?? noted(state, stamp, 'plain'));
  };

/** Runs rules in one order, or all at once. */
async function arrive(id: string, rules: readonly Rule[], how: 'in turn' | 'at once'): Promise<void> {
  if (how === 'at once') await Promise.all(rules.map((rule) => apply(id, rule)));
  else for (const rule of rules) await apply(id, rule);
}

const how = fc.constantFrom('in turn' as const, 'at once' as const);

/** The events in any order, each at least once, some again. */
const deliveries = (events: readonly Rule[]) =>
  fc
    .tuple(fc.array(fc.constantFrom(...events), { maxLength: 4 }), fc.constant(events))
    .chain(([again, all]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));

test('R1 a pause and the resume after it leave the bot with the conversation, in whatever order they arrive', async () => {
  const events = [pause('h-1', 1), resume('h-1', 2)];
  await fc.assert(
    fc.asyncProperty(fc.boolean(), deliveries(events), how, async (isHandedOver, rules, inWhichWay) => {
      const id = randomUUID();
      if (isHandedOver) await handOver(id, 'h-1');
      await arrive(id, rules, inWhichWay);
      expect(isPaused(await states.read(id), startMs)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('R2 a pause delivered again after the resume changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 10 }), how, async (again, inWhichWay) => {
      const id = randomUUID();
      await arrive(id, [pause('h-1', 1), resume('h-1', 2)], 'in turn');
      const before = await states.read(id);
      await arrive(
        id,
        Array.from({ length: again }, () => pause('h-1', 1)),
        inWhichWay,
      );
      expect(await states.read(id)).toEqual(before);
    }),
    { numRuns: 30 },
  );
});

test('R6 of 20 who begin at once one does, and everybody finds its handover', async () => {
  for (let round = 0; round < 15; round++) {
    const id = randomUUID();
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        apply(id, (state) => begin(state, startMs, opening(`h-${n}`, `owner-${n}`))),
      ),
    );
    const winners = begun.filter((state) => state !== undefined);
    expect(winners).toHaveLength(1);
    expect(await states.read(id)).toEqual(winners[0]);
  }
});

test('R6 an expired lease is taken over by one, under the same handover', async () => {
  for (let round = 0; round < 15; round++) {
    const id = randomUUID();
    await apply(id, (state) => begin(state, startMs, opening('h-first', 'owner')));
    const laterMs = startMs + 4_500;
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        apply(id, (state) =>
          begin(state, laterMs, { ...opening(`h-${n}`, `owner-${n}`), leaseUntilMs: laterMs + 4_500 }),
        ),
      ),
    );
    expect(begun.filter((state) => state !== undefined).map((state) => state.handoverId)).toEqual(['h-first']);
  }
});

test('R7 the resume of a handover that is over does not end the next one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), how, async (again, inWhichWay) => {
      const id = randomUUID();
      await handOver(id, 'h-1');
      await apply(id, resume('h-1', 2));
      await handOver(id, 'h-2');
      await arrive(
        id,
        Array.from({ length: again }, (_, n) => resume('h-1', n + 1)),
        inWhichWay,
      );
      expect(await states.read(id)).toMatchObject({ mode: 'human', handoverId: 'h-2' });
    }),
    { numRuns: 30 },
  );
});

test('R8 extensions that cross leave the latest end, never a shorter one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 11, max: 60 }), { minLength: 1, maxLength: 8 }),
      how,
      async (all, way) => {
        const id = randomUUID();
        await handOver(id, 'h-1');
        const rules = all.map(
          (minutes): Rule =>
            (state) =>
              extended(state, startMs, startMs + minutes * MINUTE_MS),
        );
        await arrive(id, rules, way);
        expect((await states.read(id))?.pausedUntilMs).toBe(startMs + Math.max(...all) * MINUTE_MS);
      },
    ),
    { numRuns: 40 },
  );
});
