import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Standing } from '../../../shared/core/handover/bot.ts';
import { isPaused } from '../../../shared/core/handover/ownership.ts';
import { Problem } from '../../../shared/core/problems.ts';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';
import { jitteryTable } from '../../support/jittery-table.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { runningClock } from '../../support/running-clock.ts';

const latencies = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 5, maxLength: 25 });
const smallDelay = fc.integer({ min: 0, max: 120 });

function jitteryWorld(latenciesMs: readonly number[]): ChatWorld {
  const clock = runningClock();
  return chatWorld({ clock, table: jitteryTable(memoryTable(), clock, latenciesMs) });
}

async function later<T>(world: ChatWorld, delayMs: number, does: () => Promise<T>): Promise<T> {
  await world.clock.sleep(delayMs);
  return does();
}

/** Undefined when it was refused by a problem of this code. */
const unless = (code: string) => (error: unknown) => {
  if (error instanceof Problem && error.code === code) return undefined;
  throw error;
};

const stampOf = (handoverId: string, seq?: number) => ({ stamp: { handoverId, seq } });

/** Where what the customer said is now: at the desk, or on its way. */
async function reachedDesk(world: ChatWorld): Promise<readonly string[]> {
  const waiting = await world.table.outbox.waiting(world.conversationId, 'desk');
  const texts = waiting.map(({ payload }) => JSON.parse(payload).event.line?.text).filter((text) => text !== undefined);
  return [...world.desk.texts(), ...texts];
}

describe('races', () => {
  test('R1 a take-over and the return after it, in any order: the bot', async () => {
    await fc.assert(
      fc.asyncProperty(latencies, smallDelay, smallDelay, async (latenciesMs, takeMs, leaveMs) => {
        const world = jitteryWorld(latenciesMs);
        await Promise.all([
          later(world, takeMs, () => world.agentTakes(stampOf('h-1', 1))),
          later(world, leaveMs, () => world.agentLeaves(stampOf('h-1', 2))),
        ]);
        expect(await world.says('Hello')).toMatchObject({ paused: false });
      }),
      { numRuns: 150 },
    );
  });

  test('R2 a take-over delivered again after the return changes nothing', async () => {
    for (const more of [stampOf('h-1', 1), { ...stampOf('h-1'), eventId: 'e-1' }, { eventId: 'e-1' }]) {
      const world = chatWorld();
      await world.agentTakes(more);
      await world.agentLeaves({ stamp: { handoverId: undefined, seq: 2 } });
      await Promise.all(Array.from({ length: 20 }, () => world.agentTakes(more)));
      expect(await world.says('Hello')).toMatchObject({ paused: false });
    }
  });

  test('R3 a message at the instant of the return goes to the bot or to the desk, exactly one', async () => {
    await fc.assert(
      fc.asyncProperty(
        latencies,
        smallDelay,
        smallDelay,
        fc.boolean(),
        async (latenciesMs, sayMs, leaveMs, waitFirst) => {
          const world = jitteryWorld(latenciesMs);
          await world.asks();
          if (waitFirst) await world.clock.sleep(60_000);
          const [standing] = await Promise.all([
            later(world, sayMs, () => world.says('Hello?')),
            later(world, leaveMs, () => world.agentLeaves()),
          ]);
          expect((await reachedDesk(world)).includes('Hello?')).toBe(standing.paused);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('R5 of two agents who take a conversation for handovers of their own, one has it', async () => {
    await fc.assert(
      fc.asyncProperty(latencies, smallDelay, async (latenciesMs, delayMs) => {
        const world = jitteryWorld(latenciesMs);
        const outcomes = await Promise.all([
          world.agentTakes(stampOf('h-1')).catch(unless('handover_taken')),
          later(world, delayMs, () => world.agentTakes(stampOf('h-2'))).catch(unless('handover_taken')),
        ]);
        expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
        expect(world.platform.shown).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });

  test('R6 20 who ask for a person at once open one handover, and all hear the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        latencies,
        fc.array(smallDelay, { minLength: 20, maxLength: 20 }),
        async (latenciesMs, delays) => {
          const world = jitteryWorld(latenciesMs);
          const standings = await Promise.all(delays.map((delayMs) => later(world, delayMs, () => world.asks('Help'))));
          expect(world.desk.opened).toHaveLength(1);
          expect(standings.every(({ paused }) => paused)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('R6 20 who ask a desk that refuses all hear that, and it is asked once', async () => {
    const world = chatWorld();
    world.desk.behave(['refuses']);
    world.desk.latencyMs = 300;
    const standings = await Promise.all(Array.from({ length: 20 }, () => world.asks('Help')));
    const refused: Standing = { paused: false, ended: false, reason: 'desk_unavailable' };
    expect(standings).toMatchObject(standings.map(() => refused));
    expect(world.desk.opened).toEqual([]);
  });

  test('R7 the return of a handover that is over, at any moment of the next one, leaves that one alone', async () => {
    await fc.assert(
      fc.asyncProperty(latencies, smallDelay, async (latenciesMs, leaveMs) => {
        const world = jitteryWorld(latenciesMs);
        await world.asks();
        const [first] = world.desk.opened;
        await world.agentLeaves(stampOf(first?.handoverId ?? ''));
        await Promise.all([
          world.asks('Again'),
          later(world, leaveMs, () => world.agentLeaves(stampOf(first?.handoverId ?? ''))),
        ]);
        expect(await world.says('Hello?')).toMatchObject({ paused: true });
      }),
      { numRuns: 150 },
    );
  });

  test('R8 extensions that cross leave the latest end', async () => {
    await fc.assert(
      fc.asyncProperty(
        latencies,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        async (latenciesMs, all) => {
          const world = jitteryWorld(latenciesMs);
          await world.asks();
          const startMs = world.clock.nowMs();
          await Promise.all(all.map((minutes) => world.pushes({ kind: 'says', text: 'Hi', minutes })));
          const state = await world.table.states.read('c-1');
          const wantedMs = startMs + Math.max(10, ...all) * 60_000;
          expect((state?.pausedUntilMs ?? 0) - wantedMs).toBeGreaterThan(-2_000);
        },
      ),
      { numRuns: 100 },
    );
  });
});

type Step =
  | { readonly does: 'ask' | 'say' | 'end' | 'agent says' | 'agent takes' | 'agent leaves' }
  | { readonly does: 'time passes'; readonly minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('ask', 'say', 'end', 'agent says', 'agent takes', 'agent leaves')
      .map((does) => ({ does }) as Step),
  },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 }).map((minutes): Step => ({ does: 'time passes', minutes })) },
);

test('step by step, the conversation is with whom a simple account says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = chatWorld();
      let untilMs = 0;
      const human = () => world.clock.nowMs() < untilMs;
      const goesOn = () => {
        untilMs = Math.max(untilMs, world.clock.nowMs() + 10 * 60_000);
      };
      let count = 0;
      for (const one of steps) {
        const text = `text ${count++}`;
        // Steps far enough apart that what a request takes does not decide who has it.
        await world.clock.sleep(2_000);
        const was = human();
        if (one.does === 'time passes') await world.clock.sleep(one.minutes * 60_000);
        else if (one.does === 'ask') {
          expect(await world.asks(text)).toMatchObject({ paused: true });
          goesOn();
        } else if (one.does === 'say') {
          expect(await world.says(text)).toMatchObject({ paused: was });
          expect(world.desk.texts().includes(text)).toBe(was);
          if (was) goesOn();
        } else if (one.does === 'end') {
          await world.ends();
          untilMs = 0;
        } else if (one.does === 'agent says') {
          const outcome = await world.agentSays(text).catch(unless('not_paused'));
          expect(outcome?.delivered ?? false).toBe(was);
          expect(world.platform.texts().includes(text)).toBe(was);
          if (was) goesOn();
        } else if (one.does === 'agent takes') {
          expect(await world.agentTakes()).toMatchObject({ delivered: true });
          goesOn();
        } else {
          await world.agentLeaves();
          untilMs = 0;
        }
      }
      const ids = world.desk.opened.map(({ handoverId }) => handoverId);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 200 },
  );
});

test('all at once, delivered again and in any order: every word goes to one side, and no handover has two tickets', async () => {
  const timed = fc.record({
    step: step.filter(({ does }) => does !== 'time passes'),
    atMs: fc.integer({ min: 0, max: 400 }),
    again: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(latencies, fc.array(timed, { minLength: 1, maxLength: 12 }), async (latenciesMs, all) => {
      const world = jitteryWorld(latenciesMs);
      const paused = new Map<string, boolean[]>();
      const spoken = new Map<string, boolean[]>();
      const keep = (kept: Map<string, boolean[]>, text: string, value: boolean) =>
        kept.set(text, [...(kept.get(text) ?? []), value]);
      const run = async (does: Step['does'], text: string): Promise<void> => {
        if (does === 'ask') await world.asks();
        else if (does === 'say') keep(paused, text, (await world.says(text)).paused);
        else if (does === 'end') await world.ends();
        else if (does === 'agent says') {
          const outcome = await world
            .agentSays(text, { eventId: `e-${text.replace(' ', '-')}` })
            .catch(unless('not_paused'));
          keep(spoken, text, outcome?.delivered ?? false);
        } else if (does === 'agent takes') await world.agentTakes();
        else await world.agentLeaves();
      };
      await Promise.all(
        all.flatMap(({ step: { does }, atMs, again }, n) => [
          later(world, atMs, () => run(does, `text ${n}`)),
          ...(again === undefined ? [] : [later(world, again, () => run(does, `text ${n}`))]),
        ]),
      );
      const atDesk = await reachedDesk(world);
      for (const [text, answers] of paused) {
        // Delivered twice while the conversation changed hands: the desk has it once if any answer said so.
        expect(atDesk.filter((one) => one === text)).toHaveLength(answers.includes(true) ? 1 : 0);
      }
      for (const [text, answers] of spoken)
        expect(
          world.platform.shown.filter(({ event }) => event.kind === 'message' && event.text === text),
        ).toHaveLength(answers.includes(true) ? 1 : 0);
      const ids = world.desk.opened.map(({ handoverId }) => handoverId);
      expect(new Set(ids).size).toBe(ids.length);
      const state = await world.table.states.read('c-1');
      const now = await world.says('And now?');
      expect(now.paused).toBe(isPaused(state, world.clock.nowMs()));
    }),
    { numRuns: 250 },
  );
});
