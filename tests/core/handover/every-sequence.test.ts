import { expect, test } from 'vitest';
import type { PushOutcome } from '../../../shared/core/handover/agent-side.ts';
import { Problem } from '../../../shared/core/problems.ts';
import { type ChatWorld, chatWorld } from '../../support/chat-world.ts';
import { type TestClock, testClock } from '../../support/clock.ts';

const steps = ['pause', 'resume', 'message', 'agent message', 'expiry', 'duplicate'] as const;
type Step = (typeof steps)[number];

const LONGEST = 6;
const PAUSE_MS = 10 * 60_000;

/** What must be true after each step, told without any of the rules that are tested. */
interface Truth {
  isPaused: boolean;
  /** What the agent has read, and what the customer has read of the agent. */
  readonly atDesk: string[];
  readonly shown: string[];
}

interface Play {
  readonly clock: TestClock;
  readonly world: ChatWorld;
  readonly truth: Truth;
  /** Delivers the last event again. */
  again: () => Promise<void>;
}

const asked = (work: Promise<PushOutcome>): Promise<boolean> =>
  work.then(
    ({ delivered }) => delivered,
    (error: unknown) => {
      if (error instanceof Problem && error.code === 'not_paused') return false;
      throw error;
    },
  );

/** One delivery of the customer's words: to the desk, or to the bot. */
async function hears({ world, truth }: Play, text: string): Promise<void> {
  const { paused } = await world.says(text);
  expect(paused).toBe(truth.isPaused);
  if (paused && !truth.atDesk.includes(text)) truth.atDesk.push(text);
}

async function does(play: Play, step: Step, eventId: string): Promise<void> {
  const { world, truth, clock } = play;
  const more = { eventId };
  switch (step) {
    case 'pause':
      await world.agentTakes(more);
      truth.isPaused = true;
      play.again = async () => void (await world.agentTakes(more));
      return;
    case 'resume':
      await world.agentLeaves(more);
      truth.isPaused = false;
      play.again = async () => void (await world.agentLeaves(more));
      return;
    case 'message':
      await hears(play, eventId);
      play.again = () => hears(play, eventId);
      return;
    case 'agent message':
      expect(await asked(world.agentSays(eventId, more))).toBe(truth.isPaused);
      if (truth.isPaused) truth.shown.push(eventId);
      // What was shown stays shown; what was refused is asked for anew, and nobody has it in the meantime.
      play.again = async () => expect(await asked(world.agentSays(eventId, more))).toBe(truth.shown.includes(eventId));
      return;
    case 'expiry':
      clock.advance(PAUSE_MS);
      truth.isPaused = false;
      return;
    case 'duplicate':
      return play.again();
    default:
      return step satisfies never;
  }
}

async function plays(sequence: readonly Step[]): Promise<void> {
  const clock = testClock();
  const world = chatWorld({ clock: { ...clock, sleep: async () => {} } });
  Object.assign(world.desk, { latencyMs: 0 });
  Object.assign(world.platform, { latencyMs: 0 });
  const play: Play = {
    clock,
    world,
    truth: { isPaused: false, atDesk: [], shown: [] },
    again: async () => {},
  };
  for (const [n, step] of sequence.entries()) {
    await does(play, step, `e-${n}`);
    clock.advance(1);
  }
  await hears(play, 'last');
  expect(world.desk.texts()).toEqual(play.truth.atDesk);
  expect(world.platform.texts()).toEqual(play.truth.shown);
  const waiting = async (to: 'desk' | 'bot') => (await world.table.outbox.waiting(world.conversationId, to)).length;
  clock.advance(1);
  // What nobody was there to bring, the sweep brings.
  if ((await waiting('desk')) > 0) await world.sweeps();
  expect([await waiting('desk'), await waiting('bot')]).toEqual([0, 0]);
}

function* sequences(length: number): Generator<readonly Step[]> {
  if (length === 0) yield [];
  else for (const rest of sequences(length - 1)) for (const step of steps) yield [...rest, step];
}

test('every sequence of up to six of pause, resume, message, agent message, expiry and duplicate ends right', async () => {
  let count = 0;
  for (let length = 1; length <= LONGEST; length++) {
    for (const sequence of sequences(length)) {
      count++;
      await plays(sequence).catch((error: unknown) => {
        throw new Error(sequence.join(', '), { cause: error });
      });
    }
  }
  expect(count).toBe(55_986);
}, 120_000);
