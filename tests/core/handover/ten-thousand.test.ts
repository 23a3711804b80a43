import { describe, expect, test } from 'vitest';
import { type Played, playFaults, type Sent } from '../../support/fault-play.ts';

/** Another one plays other faults, and the message of a failure names it. */
const SEED = Number(process.env.SEED ?? 20_261_128);

const DAY_MS = 86_400_000;

interface Arrival {
  readonly conversationId: string;
  readonly text: string;
  readonly eventId: string;
}

/** Each text once, in the order in which they first came, and those that came under two names. */
function arrivals(events: readonly Arrival[]) {
  const names = new Map<string, Set<string>>();
  for (const { conversationId, text, eventId } of events) {
    const key = `${conversationId} ${text}`;
    names.set(key, (names.get(key) ?? new Set()).add(eventId));
  }
  return { first: [...names.keys()], twice: [...names].filter(([, ids]) => ids.size > 1).map(([key]) => key) };
}

/** What came after something that was said later in the same conversation. */
function late(first: readonly string[]): readonly string[] {
  const latest = new Map<string, number>();
  return first.filter((key) => {
    const [conversationId = '', text = ''] = key.split(' ');
    const number = Number(text.slice(1));
    const before = latest.get(conversationId) ?? -1;
    latest.set(conversationId, Math.max(number, before));
    return number < before;
  });
}

/** What has not come to an end. */
async function waitingIn({ table, ids, clock }: Played): Promise<readonly string[]> {
  const waiting: string[] = [];
  for (const id of ids) {
    for (const to of ['desk', 'bot'] as const)
      for (const { eventId } of await table.outbox.waiting(id, to)) waiting.push(`${eventId} to the ${to} of ${id}`);
    const mode = (await table.states.read(id))?.mode ?? 'bot';
    if (mode !== 'bot') waiting.push(`${id} is ${mode}`);
  }
  const reminders = await table.reminders.due(clock.nowMs() + DAY_MS, 1_000);
  return [...waiting, ...reminders.map(({ conversationId }) => `a look at ${conversationId}`)];
}

const keyOf = ({ conversationId, text }: Sent): string => `${conversationId} ${text}`;

/** What became of all that was accepted: of which somebody was told that it was taken, and nobody that it was not. */
async function verdict(played: Played) {
  const { table, desk, platform, sent, ids, doors, unwritten, toldLost } = played;
  const atDesk = arrivals(
    desk.told.flatMap(({ ref: { conversationId }, event, eventId }) =>
      event.kind === 'said' ? [{ conversationId, text: event.line.text, eventId }] : [],
    ),
  );
  const atCustomer = arrivals(
    platform.shown.flatMap(({ conversationId, event, eventId }) =>
      event.kind === 'message' ? [{ conversationId, text: event.text, eventId }] : [],
    ),
  );
  const opened = desk.linesAtOpen.flatMap((lines, n) =>
    lines.map(({ text }) => `${desk.opened[n]?.conversationId} ${text}`),
  );
  const kept = new Set<string>();
  for (const id of ids)
    for (const { text } of await table.transcripts.lines(id, Number.POSITIVE_INFINITY)) kept.add(`${id} ${text}`);
  const delivered = { customer: new Set([...atDesk.first, ...opened]), agent: new Set(atCustomer.first) };
  // An agent was told by an answer, or by word to the desk; the customer's words the desk was given in vain, and can read.
  const isRefused = (one: Sent): boolean =>
    one.by === 'agent'
      ? toldLost.has(keyOf(one)) || doors.has(`undelivered ${keyOf(one)}`)
      : doors.has(`said ${keyOf(one)}`) && kept.has(keyOf(one));
  const accepted = sent.filter(({ answers }) => answers.includes('taken') && !answers.includes('refused'));
  const missing = accepted.filter((one) => !delivered[one.by].has(keyOf(one)));
  return {
    messages: sent.length,
    accepted: accepted.length,
    delivered: accepted.length - missing.length,
    refused: missing.filter(isRefused).length,
    lost: missing.filter((one) => !isRefused(one)).map(keyOf),
    twice: [...atDesk.twice, ...atCustomer.twice],
    // What the desk was handed because the table was away overtakes what the table keeps.
    late: [...late(atDesk.first.filter((key) => !unwritten.has(key))), ...late(atCustomer.first)],
    waiting: await waitingIn(played),
  };
}

const faults = { faulty: 0.05, deadly: 0.001 } as const;

test('of 10,000 messages with faults at every twentieth step none is lost, shown twice or late, or waits for ever', async () => {
  const found = await verdict(await playFaults({ conversations: 50, messages: 100, faults, seed: SEED }));
  expect(found, `SEED=${SEED}`).toMatchObject({ messages: 10_000, lost: [], twice: [], late: [], waiting: [] });
  expect(found.accepted).toBe(found.delivered + found.refused);
  expect(found.accepted).toBeGreaterThan(8_000);
});

describe('the same check finds', () => {
  const few = { conversations: 8, messages: 60, faults, seed: SEED } as const;

  test('an outbox that forgets', async () => {
    const played = await playFaults({
      ...few,
      store: (table, random) => ({
        ...table,
        outbox: { ...table.outbox, put: async (parcel) => (random() < 0.05 ? true : table.outbox.put(parcel)) },
      }),
    });
    expect((await verdict(played)).lost.length).toBeGreaterThan(5);
  });

  test('an outbox that gives the youngest first', async () => {
    const played = await playFaults({
      ...few,
      store: (table) => ({
        ...table,
        outbox: { ...table.outbox, waiting: async (id, to) => (await table.outbox.waiting(id, to)).toReversed() },
      }),
    });
    expect((await verdict(played)).late.length).toBeGreaterThan(5);
  });

  test('tries under names of their own', async () => {
    const played = await playFaults({
      ...few,
      shows: (model, random) => ({
        ...model,
        platform: { show: (ref, event, _, deadline) => model.platform.show(ref, event, `${random()}`, deadline) },
      }),
    });
    expect((await verdict(played)).twice.length).toBeGreaterThan(5);
  });

  test('a list of reminders that is empty', async () => {
    const played = await playFaults({
      ...few,
      store: (table) => ({ ...table, reminders: { ...table.reminders, due: async () => [] } }),
    });
    expect((await verdict(played)).waiting.length).toBeGreaterThan(5);
  });
});
