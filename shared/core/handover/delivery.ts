import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { earlier, inTime } from '../in-time.ts';
import { Problem } from '../problems.ts';
import type { Outbox, Parcel } from '../table.ts';
import { type Lane, type Lanes, laneOf, leave, type Passenger } from './lane.ts';
import { NotTaken } from './not-taken.ts';
import { type Reminders, soonMs } from './reminders.ts';

/** Longer than any request lives, so a claim that is over was left behind by a crash. */
const CLAIM_MS = 5_000;

/** After so many the parcel is given up. */
const MAX_TRIES = 3;

/** Between a second failure and the third try; the first failure is tried again with the next event. */
const BACK_OFF_MS = 5_000;

/** A try is not worth beginning when less time is left. */
const MIN_TRY_MS = 400;

/** What the table may take after a try. */
const AFTER_TRY_MS = 300;

/** What is left to answer when the table does not. */
const ANSWER_MS = 100;

/** How long to wait, step by step, for another instance that is sending an older parcel now. */
const WAITS_MS = [0, 40, 80, 160, 320, 320, 320, 320] as const;

/** In place of the end of a claim: given up, and a younger one was sent since. Nobody sends it any more, it is only told of. */
const GIVEN_UP = -1;

/** What became of a parcel. `waiting`: it stays in the outbox for the next event or the sweep. */
export type Fate = 'delivered' | 'waiting' | 'given-up';

export interface Delivery {
  readonly fate: Fate;
  /** Parcels that this request has seen fail for the last time: this one, or older ones. */
  readonly givenUp: readonly Parcel[];
}

/**
 * Sends one parcel. `isOurs` when it was posted in this instance, so that what must be stored with it is. Resolves when the
 * other side has it; throws `NotTaken`.
 */
export type SendParcel = (parcel: Parcel, isOurs: boolean, deadline: Deadline) => Promise<void>;

/**
 * What is to be done when parcels were tried for the last time, and with what became of the one that was to be delivered:
 * telling whoever sent them. They leave the outbox after it, so whoever dies in between is made up for.
 */
export type TellGivenUp = (givenUp: readonly Parcel[], fate: Fate) => Promise<void>;

export interface DeliveryParts {
  readonly outbox: Outbox;
  readonly reminders: Reminders;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

export type Draft = Pick<Parcel, 'conversationId' | 'to' | 'eventId' | 'payload'> & {
  /** The `seq` of the state that it follows from: puts what is posted within one millisecond in order. */
  readonly seq?: number;
};

/** Within a millisecond what follows from a later state comes later. */
const orderOf = (nowMs: number, seq = 0): number => nowMs + (seq % 1_000) / 1_000;

/** A parcel that is in the outbox. `isNew` is false when it was waiting there already. */
export interface Posted {
  readonly parcel: Parcel;
  readonly isNew: boolean;
}

/**
 * Puts a parcel into the outbox, in the order of arrival. Who goes on to deliver it keeps it claimed; one that is `left` is
 * free for whoever delivers the next, and for the sweep. Throws `state_unavailable`.
 */
export async function post(
  { outbox, reminders, clock, deadline }: DeliveryParts,
  { seq, ...draft }: Draft,
  then: 'deliver' | 'left',
): Promise<Posted> {
  const nowMs = clock.nowMs();
  const { conversationId } = draft;
  const claim = then === 'deliver' ? { claimedUntilMs: nowMs + CLAIM_MS, tries: 1 } : { claimedUntilMs: 0, tries: 0 };
  const parcel: Parcel = { ...draft, order: orderOf(nowMs, seq), ...claim };
  const remind = then === 'left' ? reminders.add({ conversationId, atMs: soonMs(nowMs) }) : undefined;
  const [isNew] = await inTime(deadline, AFTER_TRY_MS, Promise.all([outbox.put(parcel), remind]));
  return { parcel, isNew };
}

/** One request's turn at emptying the outbox of one side of one conversation: for all who wait in this instance. */
function turn({ outbox, reminders, clock, deadline }: DeliveryParts, lane: Lane, mine: Passenger, send: SendParcel) {
  const { conversationId, to } = mine.parcel;
  const givenUp: Parcel[] = [];

  /** Has the sweep come back. Where that cannot be written down, the next event and the handover's own reminder are left. */
  async function remindAt(atMs: number): Promise<void> {
    await reminders.add({ conversationId, atMs: Math.max(atMs, soonMs(clock.nowMs())) }).catch(() => {});
  }

  async function letGo(passenger: Passenger): Promise<void> {
    if (!passenger.isHeld) return;
    passenger.isHeld = false;
    await outbox.release(passenger.parcel, clock.nowMs());
  }

  async function attempt(parcel: Parcel, isOurs: boolean): Promise<Fate> {
    try {
      await send(parcel, isOurs, earlier(deadline, AFTER_TRY_MS));
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      if (error.kind !== 'refused' && parcel.tries < MAX_TRIES) {
        const retryAtMs = clock.nowMs() + Math.max(error.retryAfterMs ?? 0, parcel.tries > 1 ? BACK_OFF_MS : 0);
        await Promise.all([outbox.release(parcel, retryAtMs), remindAt(retryAtMs)]);
        return 'waiting';
      }
      // It stays in the outbox, claimed, until whoever sent it has been told.
      givenUp.push(parcel);
      return 'given-up';
    }
    // What was given up must not come behind this, not even if nobody can be told of it now.
    await Promise.all(givenUp.map((older) => outbox.release(older, GIVEN_UP))).catch(() => {});
    // The other side has it: if this fails, it is sent once more under the same id.
    await outbox.remove(parcel).catch(() => {});
    return 'delivered';
  }

  /** Sends what waits, oldest first, until something cannot be sent now or is in another instance's hands. */
  async function goThrough(waiting: readonly Parcel[]): Promise<'through' | 'stuck' | 'others first' | 'out of time'> {
    for (const parcel of waiting) {
      if (givenUp.some(({ eventId }) => eventId === parcel.eventId)) continue;
      if (deadline.remainingMs() < MIN_TRY_MS + AFTER_TRY_MS) return 'out of time';
      const passenger = lane.passengers.get(parcel.eventId);
      if (parcel.claimedUntilMs === GIVEN_UP) {
        givenUp.push(parcel);
        if (passenger) passenger.fate = 'given-up';
        continue;
      }
      const nowMs = clock.nowMs();
      const isFree = parcel.claimedUntilMs <= nowMs;
      const isOurs = passenger?.isHeld === true;
      const held = isOurs ? passenger.parcel : isFree && (await outbox.claim(parcel, nowMs, nowMs + CLAIM_MS));
      if (!held) return 'others first';
      if (isOurs) passenger.isHeld = false;
      const fate = await attempt(held, isOurs);
      if (passenger) passenger.fate = fate;
      if (fate === 'waiting') return 'stuck';
    }
    return 'through';
  }

  async function run(): Promise<void> {
    for (const waitMs of WAITS_MS) {
      if (deadline.remainingMs() < waitMs + MIN_TRY_MS + AFTER_TRY_MS) break;
      if (waitMs > 0) await deadline.sleep(waitMs);
      const aboard = [...lane.passengers.values()];
      const waiting = await outbox.waiting(conversationId, to);
      const ids = new Set(waiting.map(({ eventId }) => eventId));
      // What is gone from the outbox was taken there by somebody else.
      for (const passenger of aboard) if (!ids.has(passenger.parcel.eventId)) passenger.fate ??= 'delivered';
      const came = await goThrough(waiting);
      if (came === 'stuck') {
        // Behind it all wait for the next event.
        const left = aboard.filter(({ fate }) => fate === undefined);
        for (const passenger of left) passenger.fate = 'waiting';
        await Promise.all(left.map(letGo));
      }
      if (mine.fate !== undefined) break;
    }
    if (mine.fate !== undefined) return;
    mine.fate = 'waiting';
    await Promise.all([letGo(mine), remindAt(clock.nowMs())]);
  }

  async function settle(tell: TellGivenUp): Promise<void> {
    if (givenUp.length === 0) return;
    await tell(givenUp, mine.fate ?? 'waiting');
    await inTime(deadline, ANSWER_MS, Promise.all(givenUp.map((parcel) => outbox.remove(parcel))));
  }

  return { run, settle, givenUp };
}

/**
 * Delivers a posted parcel and whatever waits before it, in order: the only place that empties an outbox. Requests of one
 * instance take turns and are served together; an older parcel that another instance is sending is waited for briefly; one
 * that waits for another try keeps this one waiting behind it. Never throws `NotTaken`; a table that fails here leaves the
 * parcel in the outbox, which is `waiting`.
 */
export async function deliver(
  parts: DeliveryParts,
  { parcel, isNew }: Posted,
  send: SendParcel,
  tell: TellGivenUp = async () => {},
): Promise<Delivery> {
  const { outbox, lanes, deadline } = parts;
  const lane = laneOf(lanes, parcel);
  const mine: Passenger = lane.passengers.get(parcel.eventId) ?? { parcel, isHeld: false, fate: undefined };
  mine.isHeld ||= isNew;
  lane.passengers.set(parcel.eventId, mine);
  const { run, settle, givenUp } = turn(parts, lane, mine, send);
  try {
    while (mine.fate === undefined) {
      if (lane.running)
        await inTime(
          deadline,
          MIN_TRY_MS,
          lane.running.catch(() => {}),
        );
      else {
        lane.running = inTime(deadline, ANSWER_MS, run()).finally(() => {
          lane.running = undefined;
        });
        await lane.running;
      }
    }
    await settle(tell);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (mine.isHeld) await inTime(deadline, 0, outbox.release(parcel, parts.clock.nowMs())).catch(() => {});
  } finally {
    leave(lanes, lane, mine);
  }
  const isMissing = mine.fate === 'given-up' && !givenUp.some(({ eventId }) => eventId === parcel.eventId);
  return { fate: mine.fate ?? 'waiting', givenUp: isMissing ? [...givenUp, parcel] : givenUp };
}
