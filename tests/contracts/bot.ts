import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { BotPlatform, ToBot } from '../../shared/core/handover/bot.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import { type Manner, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const agent = { name: 'Jane' };

export const shownEvents: readonly ToBot[] = [
  { kind: 'message', text: 'Guten Tag', agent, minutesPaused: 10 },
  { kind: 'typing', agent: undefined, minutesPaused: 10 },
  { kind: 'agent', agent, minutesPaused: 10 },
  { kind: 'ended', reason: 'agent', agent, botEvent: 'SURVEY' },
];

interface PlatformUnderTest {
  readonly name: string;
  readonly conversationId: string;
  /** None of these may stand in an error. */
  readonly secrets: readonly string[];
  make(url: string): BotPlatform;
}

const manners: readonly (readonly [Manner, NotTaken['kind']])[] = [
  [400, 'refused'],
  [401, 'refused'],
  ['redirect', 'refused'],
  [429, 'unreachable'],
  [503, 'unreachable'],
  ['success-false', 'unreachable'],
  ['html', 'unreachable'],
  [500, 'unknown'],
  ['reset-after-send', 'unknown'],
  ['truncated-201', 'unknown'],
];

/** What every platform must do on which customers see what agents say. */
export function botContract({ name, conversationId, secrets, make }: PlatformUnderTest): void {
  describe(`the platform ${name}`, () => {
    let standIn: StandIn;
    let platform: BotPlatform;
    let deadline: OwnedDeadline;
    beforeAll(async () => {
      standIn = await startStandIn();
      platform = make(standIn.url);
    });
    afterAll(() => standIn.close());
    beforeEach(() => {
      standIn.seen.length = 0;
      standIn.behave('ok');
      deadline = startDeadline(steadyClock, 4_000);
      return () => deadline.close();
    });

    const ref = { conversationId, handoverId: 'haaaaaaaaaaaaaaaa', ticket: 'T-1' };
    const show = (event: ToBot) => platform.show(ref, event, 'a-1', deadline);

    test.for(shownEvents)('shows %j with one request', async (event) => {
      await show(event);
      expect(standIn.seen).toHaveLength(1);
      const [{ method, headers, body } = { method: '', headers: {} as Record<string, string>, body: '' }] =
        standIn.seen;
      expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
      if (event.kind === 'message') expect(body).toContain(event.text);
      expect(`${JSON.stringify(headers)}${body}`).toContain('haaaaaaaaaaaaaaaa');
      expect(`${JSON.stringify(headers)}${body}`).toContain(conversationId);
    });

    test('an empty answer means that it is shown', async () => {
      standIn.answer = undefined;
      await show(shownEvents[0] as ToBot);
    });

    test.for(manners)('an answer of %s is %s', async ([manner, kind]) => {
      standIn.behave(manner);
      const error = await show(shownEvents[0] as ToBot).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotTaken);
      expect(error).toMatchObject({ kind });
      for (const secret of [...secrets, 'Guten Tag']) expect(String((error as Error).stack)).not.toContain(secret);
    });

    test('silence ends within 2.1 s and is unknown', async () => {
      standIn.behave('hang');
      const took = stopwatch();
      await expect(show(shownEvents[0] as ToBot)).rejects.toMatchObject({ kind: 'unknown' });
      expect(took()).toBeLessThan(2_400);
    });
  });
}
