import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import type { Desk, HandoverRef, ToDesk } from '../../shared/core/handover/desk.ts';
import type { Line } from '../../shared/core/handover/line.ts';
import { NotTaken } from '../../shared/core/handover/not-taken.ts';
import type { HandoverRecord } from '../../shared/core/table.ts';
import { type Manner, type SeenRequest, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

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
  /** What the desk's own side answers: to everything, or a function that makes the answer to one request. */
  readonly opens: unknown;
  /** What an opening gives with these answers. */
  readonly ticket: string;
  /** How many requests an opening takes, and telling something, where that is not one. 0 for what it cannot be told. */
  readonly requests?: { readonly open?: number } & Partial<Readonly<Record<ToDesk['kind'], number>>>;
  /** What must stand in the requests of an opening beside the lines, where that is not both ids. */
  readonly namesAtOpening?: readonly string[];
  /** What says in the requests which handover an event is about, where that is not every part of the reference. */
  readonly names?: (ref: HandoverRef) => readonly string[];
  /** The ticket of a handover that is told of, where any will not do. */
  readonly toldTicket?: string;
  /** What the desk takes an answer for, where that is not what every other desk does. */
  readonly takes?: Partial<Readonly<Record<Manner, NotTaken['kind']>>>;
  /** How long it says that one must wait who was told to wait for a second, where that is not a second. */
  readonly asksMs?: number;
  /** How long silence may last, where that is not 1.9 s. */
  readonly silenceMs?: number;
  /** None of these may stand in an error. */
  readonly secrets: readonly string[];
  make(url: string): Desk;
}

/** All that was sent, in words: paths and bodies, with forms decoded, and the ids that go along in headers. */
const wordsOf = (seen: readonly SeenRequest[]): string =>
  seen
    .flatMap(({ path, body, headers }) => {
      const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
      const ids = [headers['x-handover-id'] ?? '', headers['x-conversation-id'] ?? ''];
      return [decodeURIComponent(path), ...ids, ...(isForm ? [...new URLSearchParams(body).values()] : [body])];
    })
    .join('\n');

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
export function deskContract(underTest: DeskUnderTest): void {
  const { name, opens, ticket, requests = {}, secrets, make } = underTest;
  const namesAtOpening = underTest.namesAtOpening ?? [sampleHandover.handoverId, sampleHandover.conversationId];
  const toldRef = { ...sampleRef, ticket: underTest.toldTicket ?? sampleRef.ticket };
  const names = underTest.names ?? ((ref: HandoverRef): readonly string[] => Object.values(ref));
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
      deadline = startDeadline(steadyClock, 3_500);
      return () => deadline.close();
    });

    test('opens with as few requests as it can, which carry the handover and every line', async () => {
      const lines = Array.from({ length: 20 }, (_, n) => ({ ...sampleLine, id: `c-${n}`, text: `line ${n}` }));
      expect(await desk.open(sampleHandover, lines, deadline)).toBe(ticket);
      expect(standIn.seen).toHaveLength(requests.open ?? 1);
      const sent = wordsOf(standIn.seen);
      for (const part of [...namesAtOpening, ...lines.map(({ text }) => text)]) expect(sent).toContain(part);
    });

    test('opening the same handover again is the same to the other side', async () => {
      expect(await desk.open(sampleHandover, [sampleLine], deadline)).toBe(ticket);
      const first = standIn.seen.map(({ body }) => body);
      standIn.seen.length = 0;
      expect(await desk.open(sampleHandover, [sampleLine], deadline)).toBe(ticket);
      const saidTwice = standIn.seen.map(({ body }) => body).filter((body) => body !== '');
      const untimed = (body: string) => body.replace(/"timestamp":"[^"]*"/, '');
      for (const body of saidTwice) expect(first.map(untimed)).toContain(untimed(body));
    });

    test.for(toldEvents)('tells %j in requests that say which handover', async (event) => {
      await desk.tell(toldRef, event, 'e-1', deadline);
      const count = requests[event.kind] ?? 1;
      expect(standIn.seen).toHaveLength(count);
      const sent = wordsOf(standIn.seen);
      for (const part of count > 0 ? names(toldRef) : []) expect(sent).toContain(part);
    });

    test.for(manners)('an answer of %s is %s, for an opening and for everything else', async ([manner, usual]) => {
      const kind = underTest.takes?.[manner] ?? usual;
      standIn.behave(manner);
      for (const does of [
        () => desk.open(sampleHandover, [sampleLine], deadline),
        () => desk.tell(toldRef, { kind: 'said', line: sampleLine }, 'e-1', deadline),
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
      const telling = desk.tell(toldRef, { kind: 'said', line: sampleLine }, 'e-1', deadline);
      await expect(telling).rejects.toMatchObject({ retryAfterMs: underTest.asksMs ?? 1_000 });
    });

    test('silence ends in time and is unknown', async () => {
      standIn.behave('hang');
      const took = stopwatch();
      await expect(desk.open(sampleHandover, [sampleLine], deadline)).rejects.toMatchObject({ kind: 'unknown' });
      expect(took()).toBeLessThan(underTest.silenceMs ?? 1_900);
    });

    test('nobody there is unreachable', async () => {
      const gone = await startStandIn();
      await gone.close();
      const opening = make(gone.url).open(sampleHandover, [sampleLine], deadline);
      await expect(opening).rejects.toMatchObject({ kind: 'unreachable' });
    });
  });
}
