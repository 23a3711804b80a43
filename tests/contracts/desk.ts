import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk, HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import type { HandoverRecord } from '../../shared/core/table.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { type Manner, type StandIn, startStandIn } from '../support/stand-in.ts';

export const sampleHandover: HandoverRecord = {
  handoverId: 'haaaaaaaaaaaaaaaa',
  conversationId: 'bot-1:user-1',
  openedAtMs: 1767225900000,
  topic: 'billing',
  reason: undefined,
  name: undefined,
  language: 'de',
  fields: { plan: 'gold' },
};

export const sampleLine: Line = { by: 'customer', text: 'Grüße', atMs: 1767225900000, id: 'c-1' };

export const sampleRef: HandoverRef = {
  handoverId: 'haaaaaaaaaaaaaaaa',
  conversationId: 'bot-1:user-1',
  ticket: 'T-1',
};

export const toldEvents: readonly ToDesk[] = [
  { kind: 'said', line: sampleLine },
  { kind: 'typing' },
  { kind: 'undelivered', line: sampleLine },
  { kind: 'ended', reason: 'expired' },
];

interface DeskUnderTest {
  readonly name: string;
  /** What the desk's own side answers to an opening, and the ticket that is in it. */
  readonly opens: unknown;
  readonly ticket: string;
  /** None of these may stand in an error. */
  readonly secrets: readonly string[];
  make(url: string): Desk;
}

/** How a try may end and what it is then: the same for every desk. */
const manners: readonly (readonly [Manner, NotTaken['kind']])[] = [
  [400, 'refused'],
  [401, 'refused'],
  [404, 'refused'],
  [410, 'refused'],
  ['redirect', 'refused'],
  [429, 'unreachable'],
  [503, 'unreachable'],
  ['success-false', 'unreachable'],
  ['html', 'unreachable'],
  [500, 'unknown'],
  [502, 'unknown'],
  ['reset-after-send', 'unknown'],
  ['truncated-201', 'unknown'],
];

/** What every desk must do that is reached over HTTP. */
export function deskContract({ name, opens, ticket, secrets, make }: DeskUnderTest): void {
  describe(`the desk ${name}`, () => {
    let standIn: StandIn;
    let desk: Desk;
    let deadline: OwnedDeadline;
    beforeAll(async () => {
      standIn = await startStandIn(opens);
      desk = make(standIn.url);
    });
    afterAll(() => standIn.close());
    beforeEach(() => {
      standIn.seen.length = 0;
      standIn.behave('ok');
      deadline = startDeadline(systemClock, 3_500);
      return () => deadline.close();
    });

    test('opens with one request that carries the handover and every line', async () => {
      const lines = Array.from({ length: 20 }, (_, n) => ({ ...sampleLine, id: `c-${n}`, text: `line ${n}` }));
      expect(await desk.open(sampleHandover, lines, deadline)).toBe(ticket);
      expect(standIn.seen).toHaveLength(1);
      const body = standIn.seen[0]?.body ?? '';
      for (const part of [sampleHandover.handoverId, sampleHandover.conversationId, ...lines.map(({ text }) => text)])
        expect(body).toContain(part);
    });

    test('opening the same handover again is the same request to the other side', async () => {
      await desk.open(sampleHandover, [sampleLine], deadline);
      await desk.open(sampleHandover, [sampleLine], deadline);
      const [first, second] = standIn.bodies().map((body) => body.data ?? body);
      expect(second).toEqual(first);
    });

    test.for(toldEvents)('tells %j in one request that says which handover', async (event) => {
      await desk.tell(sampleRef, event, 'e-1', deadline);
      expect(standIn.seen).toHaveLength(1);
      for (const part of Object.values(sampleRef)) expect(standIn.seen[0]?.body).toContain(part);
    });

    test.for(manners)('an answer of %s is %s, for an opening and for everything else', async ([manner, kind]) => {
      standIn.behave(manner);
      for (const does of [
        () => desk.open(sampleHandover, [sampleLine], deadline),
        () => desk.tell(sampleRef, { kind: 'said', line: sampleLine }, 'e-1', deadline),
      ]) {
        const error = await does().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(NotTaken);
        expect(error).toMatchObject({ kind });
        for (const secret of [...secrets, sampleLine.text])
          expect(String((error as Error).stack)).not.toContain(secret);
      }
    });

    test('who asked for time says how much', async () => {
      standIn.behave(429);
      const telling = desk.tell(sampleRef, { kind: 'typing' }, 'e-1', deadline);
      await expect(telling).rejects.toMatchObject({ retryAfterMs: 1_000 });
    });

    test('silence ends within 1.6 s and is unknown', async () => {
      standIn.behave('hang');
      const startedMs = systemClock.monotonicMs();
      await expect(desk.open(sampleHandover, [sampleLine], deadline)).rejects.toMatchObject({ kind: 'unknown' });
      expect(systemClock.monotonicMs() - startedMs).toBeLessThan(1_900);
    });

    test('nobody there is unreachable', async () => {
      const gone = await startStandIn();
      await gone.close();
      const opening = make(gone.url).open(sampleHandover, [sampleLine], deadline);
      await expect(opening).rejects.toMatchObject({ kind: 'unreachable' });
    });
  });
}
