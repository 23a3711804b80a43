import { describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../../shared/core/deadline.ts';
import { slowBot } from '../../../shared/core/voice-bot/slow-bot.ts';
import type { BotAnswer, Heard } from '../../../shared/core/voice-bot/voice-bot.ts';
import { testClock } from '../../support/clock.ts';
import { scriptedBot } from '../../support/voice-calls.ts';

const words = (text: string): Heard => ({ is: 'words', text, confidence: 0.9 });
const goOn: Heard = { is: 'go-on' };
const WAIT = { says: [{ text: 'One moment please.' }], next: 'go-on' };

/** A call with a bot that takes so long for each answer, turn by turn, through the table. */
function call(tookMs: readonly number[], answers: readonly Partial<BotAnswer>[] = []) {
  const clock = testClock();
  const own = scriptedBot((_, nth) => {
    clock.advance(tookMs[nth - 1] ?? 0);
    return { state: { nth }, ...answers[nth - 1] };
  });
  const bot = slowBot(own, 'en');
  let state: unknown;
  let before: unknown;
  let last: { readonly heard: Heard; readonly leftMs: number; readonly isResumed: boolean };
  async function ask(): Promise<BotAnswer> {
    const deadline: OwnedDeadline = startDeadline(clock, last.leftMs + 150);
    const { heard, isResumed } = last;
    const same = { caller: { phone: undefined, isAttested: false }, conversationId: 'h1', turnId: 't', nowMs: 0 };
    const answer = await bot.turn({ ...same, state: before, heard, isResumed, deadline, note: () => {} });
    deadline.close();
    state = answer.state === undefined ? undefined : JSON.parse(JSON.stringify(answer.state));
    return answer;
  }
  return {
    turns: own.turns,
    heard: () => own.turns.map(({ heard }) => heard),
    turn(heard: Heard, leftMs: number, isResumed = false) {
      before = state;
      last = { heard, leftMs, isResumed };
      return ask();
    },
    again: () => ask(),
    kept: () => JSON.stringify(state),
  };
}

describe('a bot that is quick', () => {
  test('is told everything at once, and has its own state', async () => {
    const { turn, turns } = call([300, 1_000, 0]);
    await turn({ is: 'start' }, 2_400);
    for (const text of ['one', 'two']) expect(await turn(words(text), 1_200)).toMatchObject({ next: 'listen' });
    expect(turns.map(({ state }) => state)).toEqual([undefined, { nth: 1 }, { nth: 2 }]);
  });

  test('is told after a few words all the same where less than 1.2 s are left', async () => {
    const { turn, heard, turns } = call([]);
    await turn({ is: 'start' }, 2_400);
    expect(await turn(words('one'), 1_199)).toMatchObject(WAIT);
    expect(heard()).toHaveLength(1);
    await turn(goOn, 2_400);
    expect(turns.at(-1)).toMatchObject({ heard: words('one'), state: { nth: 1 }, isResumed: false });
    expect(await turn(words('two'), 1_200)).toMatchObject({ next: 'listen' });
  });
});

describe('a bot that was slow the turn before', () => {
  test.for<Heard>([
    words('one'),
    { is: 'words', text: 'one', confidence: undefined },
    { is: 'keys', keys: '12' },
    { is: 'choice', title: 'High', value: '/high' },
    { is: 'start', from: 'https://orders.example.com' },
  ])('is told after a few words, once, with all that there was: %j', async (given) => {
    const { turn, heard, kept } = call([1_001, 1_500]);
    await turn({ is: 'start' }, 2_400);
    expect(await turn(given, 1_900)).toMatchObject(WAIT);
    expect(heard()).toEqual([{ is: 'start' }]);
    await turn(goOn, 2_400);
    expect(heard()).toEqual([{ is: 'start' }, given]);
    expect(kept()).not.toContain('untold');
  });

  test('is told at once where there is time enough, as after keys', async () => {
    const { turn, heard } = call([1_500]);
    await turn({ is: 'start' }, 2_400);
    expect(await turn({ is: 'keys', keys: '1' }, 2_400)).toMatchObject({ next: 'listen' });
    expect(heard()).toHaveLength(2);
  });

  test('and has been quick again is told at once', async () => {
    const { turn } = call([1_500, 500, 500]);
    await turn({ is: 'start' }, 2_400);
    await turn(words('one'), 1_900);
    await turn(goOn, 2_400);
    expect(await turn(words('two'), 1_900)).toMatchObject({ next: 'listen' });
  });

  test('knows of a call that is gone on with, after the words too', async () => {
    const { turn, turns } = call([1_500]);
    await turn({ is: 'start' }, 2_400);
    await turn({ is: 'start' }, 1_900, true);
    await turn(goOn, 2_400);
    expect(turns.at(-1)).toMatchObject({ heard: { is: 'start' }, isResumed: true, state: { nth: 1 } });
  });

  test('forgets what it was not told when the call is cut off meanwhile', async () => {
    const { turn, heard, kept } = call([1_500, 0]);
    await turn({ is: 'start' }, 2_400);
    await turn(words('ada@example.com'), 1_900);
    await turn({ is: 'start' }, 2_400, true);
    expect(heard()).toEqual([{ is: 'start' }, { is: 'start' }]);
    expect(kept()).not.toContain('ada');
  });

  test('answers a repeated request as the first, and is told nothing for it', async () => {
    const { turn, again, heard } = call([1_500]);
    await turn({ is: 'start' }, 2_400);
    const first = await turn(words('one'), 1_900);
    expect(await again()).toEqual(first);
    expect(heard()).toHaveLength(1);
  });

  test('is told a secret at once: it is kept nowhere', async () => {
    const { turn, heard, kept } = call([1_500, 0], [{ listens: { for: 'keys', isSecret: true } }]);
    await turn({ is: 'start' }, 2_400);
    await turn(words('one two three'), 800);
    expect(heard().at(-1)).toEqual(words('one two three'));
    expect(kept()).not.toContain('one two three');
  });
});

describe('a bot that wants another turn', () => {
  const again: Partial<BotAnswer> = { next: 'go-on', says: [{ text: 'Wait.' }], state: { again: true } };

  test('gets it at once where the caller has heard some words already', async () => {
    const { turn, turns } = call([1_500, 0, 0], [{}, again, { says: [{ text: 'Done.' }] }]);
    await turn({ is: 'start' }, 2_400);
    await turn(words('one'), 1_900);
    expect(await turn(goOn, 2_400)).toMatchObject({ says: [{ text: 'Done.' }], next: 'listen' });
    expect(turns.at(-1)).toMatchObject({ heard: goOn, state: { again: true } });
  });

  test('gets it after its own words where they have not', async () => {
    const { turn, turns } = call([], [{}, again, {}]);
    await turn({ is: 'start' }, 2_400);
    expect(await turn(words('one'), 1_900)).toMatchObject({ says: [{ text: 'Wait.' }], next: 'go-on' });
    await turn(goOn, 2_400);
    expect(turns.at(-1)).toMatchObject({ heard: goOn, state: { again: true } });
  });
});

test('in German it asks for a moment in German', async () => {
  const bot = slowBot(
    scriptedBot(() => ({})),
    'de',
  );
  const deadline = startDeadline(testClock(), 1_000);
  const turn = { caller: { phone: undefined, isAttested: false }, isResumed: false, conversationId: 'h', turnId: 't' };
  const answer = await bot.turn({ ...turn, state: undefined, heard: words('x'), deadline, nowMs: 0, note: () => {} });
  expect(answer.says).toEqual([{ text: 'Einen Moment bitte.' }]);
  deadline.close();
});
