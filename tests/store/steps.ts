import fc from 'fast-check';
import { type Facts, factSources } from '../../shared/core/handover/context.ts';
import type { OwnershipState } from '../../shared/core/handover/ownership.ts';
import { callStatuses, type Parcel, type Table } from '../../shared/core/table.ts';
import { sampleCall, sampleChat, sampleHandover, sampleParcel, sampleTurn } from '../contracts/store.ts';
import { startMs } from './engines.ts';

/** One call of the table. Ids are made unique to a run by `run`. */
export type Step = (table: Table, run: string) => Promise<unknown>;

const few = (letter: string) => fc.integer({ min: 1, max: 2 }).map((n) => `${letter}${n}`);
const time = fc.integer({ min: 0, max: 12 }).map((n) => startMs + n);
const count = fc.integer({ min: 0, max: 3 });
const maybe = (texts: fc.Arbitrary<string>) => fc.option(texts, { nil: undefined });
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });

const state: fc.Arbitrary<OwnershipState> = fc.record({
  epoch: count,
  seq: count,
  mode: fc.constantFrom('bot', 'pending', 'human'),
  pausedUntilMs: time,
  handoverId: few('h'),
  bot: fc.constantFrom('plain', 'botcopy'),
  owner: fc.constantFrom('', 'x'),
  deskSeq: count,
  returned: fc.constantFrom(undefined, { reason: 'expired' }, { reason: 'agent', botEvent: 'SURVEY' }),
});

const line = fc.record({
  by: fc.constantFrom('customer' as const, 'bot' as const, 'agent' as const, 'system' as const),
  text: anyText,
  atMs: fc.constantFrom(startMs, startMs + 1),
  id: few('l'),
});

const parcel = fc
  .record({ conversationId: few('c'), to: fc.constantFrom('desk', 'bot'), eventId: few('e'), order: count })
  .chain((ids) =>
    fc.record({ claimedUntilMs: time, tries: count }).map((rest) => ({ ...sampleParcel, ...ids, ...rest })),
  )
  .map((made) => made as Parcel);

const call = fc
  .record({ requestId: few('r'), status: fc.constantFrom(...callStatuses), topic: maybe(anyText), version: count })
  .map((made) => ({ ...sampleCall, ...made }));

const chat = fc
  .record({ identity: few('v'), conversationSid: maybe(anyText), version: count })
  .map((made) => ({ ...sampleChat, ...made }));

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    topic: maybe(anyText),
    name: maybe(anyText),
    returns: count,
    fields: fc.dictionary(fc.constantFrom('order', 'city'), anyText, { noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const dayMs = 86_400_000;
const runs = new Map<string, number>();

/** The lists are by day, so each run has days of its own: a time on one of them. */
function listed(run: string, offsetMs: number): number {
  const nth = runs.get(run) ?? runs.size;
  runs.set(run, nth);
  return startMs + (1 + nth) * 20 * dayMs + offsetMs;
}

const listTime = fc.tuple(fc.integer({ min: 0, max: 9 }), count).map(([days, ms]) => days * dayMs + ms);
const limit = fc.integer({ min: 0, max: 4 });

const of = <A extends unknown[]>(
  arbitraries: { [K in keyof A]: fc.Arbitrary<A[K]> },
  name: string,
  step: (table: Table, run: string, ...given: A) => Promise<unknown>,
): fc.Arbitrary<Step> =>
  fc.tuple(...arbitraries).map((given) =>
    Object.assign((table: Table, run: string) => step(table, run, ...(given as unknown as A)), {
      [fc.toStringMethod]: () => `${name}(${fc.stringify(given)})`,
    }),
  );

const turn = fc
  .record({
    caller: few('p'),
    callSid: few('s'),
    atMs: fc.constantFrom(startMs, startMs + 1),
    nth: count,
    said: anyText,
  })
  .map(({ nth, said, ...ids }) => ({
    ...sampleTurn,
    call: ids,
    turn: nth,
    lines: [{ by: 'bot' as const, text: said }],
  }));

const ofCaller = (run: string, { call: { caller, ...rest } }: typeof sampleTurn) => ({ ...rest, caller: run + caller });

const mine = (run: string, made: Parcel): Parcel => ({ ...made, conversationId: run + made.conversationId });

const everyStep: readonly fc.Arbitrary<Step>[] = [
  of([few('c')], 'read', (table, run, id) => table.states.read(run + id)),
  of([few('c'), fc.option(state, { nil: undefined }), state], 'swap', (table, run, id, from, next) =>
    table.states.swap(run + id, from, next),
  ),
  of([few('c'), state], 'advance', async ({ states }, run, id, next) => {
    const from = await states.read(run + id);
    return states.swap(run + id, from, { ...next, seq: (from?.seq ?? 0) + 1 });
  }),
  of([few('c'), line], 'add', (table, run, id, said) => table.transcripts.add(run + id, said)),
  of([few('c'), few('h'), fc.array(line, { maxLength: 4 })], 'putHistory', (table, run, id, handoverId, lines) =>
    table.transcripts.putHistory(run + id, handoverId, lines),
  ),
  of([few('c'), fc.integer({ min: 0, max: 6 })], 'lines', (table, run, id, limit) =>
    table.transcripts.lines(run + id, limit),
  ),
  of([few('h'), maybe(anyText)], 'putHandover', (table, run, id, reason) =>
    table.transcripts.putHandover({ ...sampleHandover, handoverId: run + id, reason }),
  ),
  of([few('h')], 'handover', (table, run, id) => table.transcripts.handover(run + id)),
  of([parcel], 'put', (table, run, made) => table.outbox.put(mine(run, made))),
  of([few('c'), fc.constantFrom('desk' as const, 'bot' as const)], 'waiting', (table, run, id, to) =>
    table.outbox.waiting(run + id, to),
  ),
  of([parcel, time, time], 'claim', (table, run, made, nowMs, untilMs) =>
    table.outbox.claim(mine(run, made), nowMs, untilMs),
  ),
  of([parcel, time], 'release', (table, run, made, retryAtMs) => table.outbox.release(mine(run, made), retryAtMs)),
  of([parcel], 'remove', (table, run, made) => table.outbox.remove(mine(run, made))),
  of([few('k'), few('f'), time, count], 'claimOnce', (table, run, key, fingerprint, nowMs, leaseMs) =>
    table.once.claim(run + key, fingerprint, nowMs, leaseMs),
  ),
  of([few('k'), few('f'), fc.jsonValue(), time], 'finish', (table, run, key, fingerprint, result, nowMs) =>
    table.once.finish(run + key, fingerprint, JSON.parse(JSON.stringify(result)), nowMs, 3),
  ),
  of([few('k'), few('f')], 'forget', (table, run, key, fingerprint) => table.once.forget(run + key, fingerprint)),
  of([call], 'create', (table, run, made) => table.calls.create({ ...made, requestId: run + made.requestId })),
  of([few('r')], 'readCall', (table, run, id) => table.calls.read(run + id)),
  of([call, call], 'swapCall', (table, run, from, next) => {
    const requestId = run + from.requestId;
    return table.calls.swap({ ...from, requestId }, { ...next, requestId });
  }),
  of([few('p'), few('r'), time, time], 'occupy', (table, run, phone, id, nowMs, untilMs) =>
    table.calls.occupy(run + phone, id, nowMs, untilMs),
  ),
  of([few('p'), few('r'), time], 'vacate', (table, run, phone, id, untilMs) =>
    table.calls.vacate(run + phone, id, untilMs),
  ),
  of([few('s')], 'begin', (table, run, sid) => table.progress.begin(run + sid, startMs)),
  of([few('s'), fc.constantFrom('ringing', 'busy'), count], 'advanceCall', (table, run, sid, status, sequence) =>
    table.progress.advance(run + sid, status, sequence, startMs),
  ),
  of([few('k'), time], 'take', (table, run, key, nowMs) => table.rates.take(run + key, 2, 5, nowMs)),
  of([few('k'), time], 'takeDaily', (table, run, key, nowMs) => table.rates.takeDaily(run + key, 3, nowMs)),
  of([few('v')], 'readChat', (table, run, id) => table.chats.read(run + id)),
  of([fc.option(chat, { nil: undefined }), chat], 'swapChat', (table, run, from, next) => {
    const identity = run + (from ?? next).identity;
    return table.chats.swap(from && { ...from, identity }, { ...next, identity });
  }),
  of([few('h'), fc.constantFrom(...factSources), facts, time], 'tell', (table, run, id, source, known, nowMs) =>
    table.contexts.tell(run + id, source, known, nowMs),
  ),
  of([few('h'), few('c'), time], 'link', (table, run, id, conversationId, nowMs) =>
    table.contexts.link(run + id, run + conversationId, nowMs),
  ),
  of([few('h')], 'readContext', (table, run, id) => table.contexts.read(run + id)),
  of([few('h'), listTime, fc.constantFrom('chat' as const, 'call' as const)], 'open', (table, run, id, atMs, kind) => {
    const openedAtMs = listed(run, atMs);
    return table.openings.add({ handoverId: run + id, conversationId: `${run}${kind}`, kind, openedAtMs });
  }),
  of([listTime, limit], 'newest', (table, run, nowMs, most) => table.openings.newest(listed(run, nowMs), most)),
  of([few('r'), listTime], 'addDue', (table, run, id, atMs) => table.due.add(run + id, listed(run, atMs))),
  of([listTime, limit], 'until', (table, run, nowMs, most) => table.due.until(listed(run, nowMs), most)),
  of([few('r'), listTime], 'removeDue', (table, run, id, atMs) => table.due.remove(run + id, listed(run, atMs))),
  of([few('c'), listTime], 'remind', (table, run, id, atMs) =>
    table.reminders.add({ conversationId: run + id, atMs: listed(run, atMs) }),
  ),
  of([listTime, limit], 'reminded', (table, run, nowMs, most) => table.reminders.due(listed(run, nowMs), most)),
  of([turn], 'putTurn', ({ voice }, run, made) => voice.put({ ...made, call: ofCaller(run, made) })),
  of([turn], 'around', ({ voice }, run, made) => voice.around(ofCaller(run, made), made.turn)),
  of([few('p')], 'newestTurn', ({ voice }, run, caller) => voice.newest(run + caller)),
  of([turn], 'turnsOfCall', ({ voice }, run, made) => voice.ofCall(ofCaller(run, made))),
  of([few('c'), listTime], 'attended', (table, run, id, atMs) =>
    table.reminders.remove({ conversationId: run + id, atMs: listed(run, atMs) }),
  ),
];

/** Any calls of the table in any order, on few ids, so that they meet. */
export const steps = (least: number, most: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(fc.oneof(...everyStep), { minLength: least, maxLength: most });
