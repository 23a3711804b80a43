import { expect, test } from 'vitest';
import { startDeadline } from '../../../shared/core/deadline.ts';
import { openLanes } from '../../../shared/core/handover/lane.ts';
import type { OwnershipState } from '../../../shared/core/handover/ownership.ts';
import { chatHandover } from '../../../shared/core/web-chat/chat-handover.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { runningClock } from '../../support/running-clock.ts';

const conversationId = 'session-1';
const clock = runningClock();
const nowMs = clock.nowMs();
const minutes = (count: number) => nowMs + count * 60_000;

const human: OwnershipState = {
  ...{
    epoch: 3,
    seq: 7,
    mode: 'human',
    pausedUntilMs: minutes(5),
    handoverId: 'h1',
    bot: 'watson',
    owner: 'T-1',
    deskSeq: 0,
  },
};

/** What a chat makes of a state. */
async function after(before: OwnershipState | undefined, handoverId: string) {
  const table = memoryTable();
  if (before) await table.states.swap(conversationId, undefined, before);
  const deadline = startDeadline(clock, 8_000);
  const parts = { table, lanes: openLanes(), clock, deadline, pauseMinutes: 10 };
  await chatHandover(parts).has({ handoverId, conversationId, ticket: 'CH1' });
  deadline.close();
  const waiting = await table.outbox.waiting(conversationId, 'desk');
  return { state: await table.states.read(conversationId), waiting: waiting.map(({ eventId }) => eventId) };
}

test.for<[string, OwnershipState]>([
  ['another desk has', human],
  ['is just being handed over', { ...human, mode: 'pending', owner: 'r1' }],
])('a chat does not take a conversation that %s', async ([, state]) => {
  expect(await after(state, 'h2')).toEqual({ state, waiting: [] });
});

test.for<[string, OwnershipState | undefined, readonly string[]]>([
  ['nobody has', undefined, []],
  ['the bot has again', { ...human, mode: 'bot', pausedUntilMs: 0 }, []],
  ['nobody speaks in any more', { ...human, pausedUntilMs: minutes(-1) }, ['h1-ended']],
  ['nobody took', { ...human, mode: 'pending', pausedUntilMs: minutes(-1) }, ['h1-ended']],
])('a chat takes a conversation that %s, as another handover whose desk hears of it', async ([, state, waiting]) => {
  const came = await after(state, 'h2');
  expect(came.waiting).toEqual(waiting);
  expect(came.state).toMatchObject({
    ...{ mode: 'human', handoverId: 'h2', bot: 'web-chat', owner: 'CH1', epoch: (state?.epoch ?? 0) + 1 },
    seq: (state?.seq ?? 0) + 1,
  });
});

test('a chat that comes back goes on, and never takes up again what was ended', async () => {
  const own = { ...human, handoverId: 'h2', bot: 'web-chat', owner: 'CH1' };
  expect((await after(own, 'h2')).state).toMatchObject({ epoch: 3, mode: 'human' });
  const silent = { ...own, pausedUntilMs: minutes(-1) };
  expect((await after(silent, 'h2')).state).toMatchObject({ epoch: 3, mode: 'human' });
  const ended = { ...own, mode: 'bot', pausedUntilMs: 0 } as const;
  expect((await after(ended, 'h2')).state).toEqual(ended);
});
