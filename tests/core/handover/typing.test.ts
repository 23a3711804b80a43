import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startDeadline } from '../../../shared/core/deadline.ts';
import type { BotPlatform } from '../../../shared/core/handover/bot.ts';
import { openLanes } from '../../../shared/core/handover/lane.ts';
import { showTyping } from '../../../shared/core/handover/typing.ts';
import { chatWorld } from '../../support/chat-world.ts';
import { testClock } from '../../support/clock.ts';
import { memoryTable } from '../../support/memory-table.ts';

const event = { kind: 'typing', agent: undefined, minutesPaused: 10 } as const;

/** One instance, and when the platform was told that an agent types. */
function instance() {
  const clock = testClock();
  const lanes = openLanes();
  const { outbox } = memoryTable();
  const toldMs: number[] = [];
  const platform: BotPlatform = {
    async show() {
      toldMs.push(clock.monotonicMs());
    },
  };
  const types = (conversationId = 'c-1') => {
    const ref = { handoverId: 'h-1', conversationId, ticket: 'T-1' };
    return showTyping({ outbox, lanes, clock, deadline: startDeadline(clock, 4_000) }, platform, ref, event, 't-1');
  };
  return { clock, lanes, toldMs, types };
}

/** The pauses between signs that an agent types, in milliseconds. */
const regular = fc.integer({ min: 50, max: 9_000 }).map((gapMs) => Array.from({ length: 40 }, () => gapMs));
const irregular = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 40 });

test('row 34 while an agent types the platform hears of it at once, then neither too often nor too seldom', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(regular, irregular), async (gapsMs) => {
      const { clock, toldMs, types } = instance();
      expect(await types()).toBe(true);
      expect(toldMs).toHaveLength(1);
      for (const gapMs of gapsMs) {
        clock.advance(gapMs);
        expect(await types()).toBe(true);
        const ageMs = clock.monotonicMs() - (toldMs.at(-1) ?? 0);
        expect(ageMs).toBeLessThan(4_000);
      }
      const betweenMs = toldMs.slice(1).map((atMs, n) => atMs - (toldMs[n] ?? 0));
      for (const ms of betweenMs) {
        expect(ms).toBeGreaterThanOrEqual(4_000);
        expect(ms).toBeLessThanOrEqual(9_000);
      }
    }),
  );
});

test('conversations do not hold each other up, and what is over is forgotten', async () => {
  const { clock, lanes, toldMs, types } = instance();
  for (let n = 0; n < 100; n++) await types(`c-${n}`);
  expect(toldMs).toHaveLength(100);
  clock.advance(4_000);
  await types('c-1');
  expect(lanes.typing.size).toBe(1);
});

test('both ways from a desk share it, and after a word the next sign goes out at once', async () => {
  const world = chatWorld();
  await world.asks('A person please');
  const kinds = () => world.platform.kinds();
  await world.pushes({ kind: 'types', minutes: undefined });
  expect(await world.tells({ kind: 'types', agent: { name: 'Jane' } }, 'e-1')).toBe('done');
  expect(await world.pushes({ kind: 'types', minutes: undefined })).toMatchObject({ delivered: true });
  expect(kinds()).toEqual(['typing']);
  await world.agentSays('Hello');
  await world.tells({ kind: 'types', agent: { name: 'Jane' } }, 'e-2');
  expect(kinds()).toEqual(['typing', 'message', 'typing']);
});

test('an agent who types when the bot has it again disturbs nobody', async () => {
  const world = chatWorld();
  await world.asks('A person please');
  await world.agentLeaves();
  expect(await world.tells({ kind: 'types', agent: undefined }, 'e-1')).toBe('over');
  expect(world.platform.kinds()).toEqual(['ended']);
});

test('row 34 a clock that is put back silences nobody', async () => {
  const { clock, toldMs, types } = instance();
  await types();
  clock.jumpTo(clock.nowMs() - 3_600_000);
  await types();
  expect(toldMs).toHaveLength(2);
});
