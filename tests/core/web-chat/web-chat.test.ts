import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startDeadline } from '../../../shared/core/deadline.ts';
import { Problem } from '../../../shared/core/problems.ts';
import type { Chats } from '../../../shared/core/table.ts';
import { type BeginChat, endChat, openChat, startChat } from '../../../shared/core/web-chat/web-chat.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { type RunningClock, runningClock } from '../../support/running-clock.ts';

const starting = (chats: Chats, clock: RunningClock, begin: BeginChat) =>
  startChat({ chats, clock, deadline: startDeadline(clock, 8_000) }, 'visitor-1', begin);

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error.code : error),
  );

test('who comes while nobody knows what became of a chat waits, then is told that it is in progress', async () => {
  const { chats } = memoryTable();
  const clock = runningClock();
  let begun = 0;
  const begin: BeginChat = async () => {
    begun++;
    return 'unknown';
  };
  expect(await codeOf(starting(chats, clock, begin))).toBe('chat_unavailable');
  const beforeMs = clock.monotonicMs();
  expect(await codeOf(starting(chats, clock, begin))).toBe('in_progress');
  expect(clock.monotonicMs() - beforeMs).toBeGreaterThan(5_000);
  expect(clock.monotonicMs() - beforeMs).toBeLessThan(8_000);
  expect(begun).toBe(1);
  await clock.sleep(30_000);
  expect(await codeOf(starting(chats, clock, begin))).toBe('chat_unavailable');
  expect(begun).toBe(2);
});

test('who comes while a chat is being begun gets that one as soon as it is there', async () => {
  const { chats } = memoryTable();
  const clock = runningClock();
  const slow: BeginChat = async () => {
    await clock.sleep(1_500);
    return { conversationSid: 'CH1' };
  };
  const all = await Promise.all([1, 2, 3].map(() => starting(chats, clock, slow)));
  expect(all).toEqual(['CH1', 'CH1', 'CH1']);
  expect(clock.monotonicMs()).toBeLessThan(2_500);
});

test('one that came too late for its lease is not written over the one begun since', async () => {
  const { chats } = memoryTable();
  const clock = runningClock();
  const frozen: BeginChat = async () => {
    await clock.sleep(60_000);
    return { conversationSid: 'CH-late' };
  };
  const late = codeOf(starting(chats, clock, frozen));
  await clock.sleep(30_001);
  expect(await starting(chats, clock, async () => ({ conversationSid: 'CH-new' }))).toBe('CH-new');
  expect(await late).toBe('chat_unavailable');
  expect(await openChat(chats, 'visitor-1')).toMatchObject({ conversationSid: 'CH-new' });
});

test('whatever happens in whatever order, no chat is begun while another is open or may be', async () => {
  const step = fc.record({
    what: fc.constantFrom('start' as const, 'end' as const, 'refresh' as const),
    atMs: fc.integer({ min: 0, max: 60_000 }),
    took: fc.integer({ min: 0, max: 6_000 }),
    came: fc.constantFrom('open' as const, 'unknown' as const, 'refused' as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { chats } = memoryTable();
      const clock = runningClock();
      let open: string | undefined;
      let untilMs = 0;
      let count = 0;
      const run = async ({ what, atMs, took, came }: (typeof steps)[number]) => {
        await clock.sleep(atMs);
        if (what === 'refresh') return void (await openChat(chats, 'visitor-1'));
        if (what === 'end') {
          const code = await codeOf(endChat({ chats, clock }, 'visitor-1'));
          if (code === undefined) open = undefined;
          return;
        }
        await codeOf(
          starting(chats, clock, async () => {
            expect([open, clock.nowMs() >= untilMs]).toEqual([undefined, true]);
            untilMs = clock.nowMs() + 30_000;
            await clock.sleep(took);
            if (came === 'unknown') return 'unknown';
            untilMs = 0;
            if (came === 'refused') throw new Problem('chat_unavailable');
            open = `CH${++count}`;
            return { conversationSid: open };
          }),
        );
      };
      await Promise.all(steps.map(run));
      expect((await openChat(chats, 'visitor-1'))?.conversationSid).toBe(open);
    }),
    { numRuns: 300 },
  );
});
