import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import { earlier, inTime } from './in-time.ts';
import { NotTaken } from './not-taken.ts';
import { Problem } from './problems.ts';
import type { Outbox, Parcel } from './table.ts';

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

/** How long to wait, step by step, for somebody who is sending an older parcel now. */
const WAITS_MS = [0, 40, 80, 160, 320, 320] as const;

/** What became of a parcel. `waiting`: it stays in the outbox for the next event or the sweep. */
export type Fate = 'delivered' | 'waiting' | 'given-up';

export interface Delivery {
  readonly fate: Fate;
  /** Older parcels that nobody will try again, and this one if it is among them. */
  readonly givenUp: readonly Parcel[];
}

/**
 * Sends one parcel. `isNew` when this request has just written it. Resolves when the other side has it; throws `NotTaken`.
 */
export type SendParcel = (parcel: Parcel, isNew: boolean, deadline: Deadline) => Promise<void>;

export interface DeliveryParts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

type Draft = Pick<Parcel, 'conversationId' | 'to' | 'eventId' | 'payload'>;

/** A parcel that is in the outbox. `isNew` is false when it was waiting there already. */
export interface Posted {
  readonly parcel: Parcel;
  readonly isNew: boolean;
}

/**
 * Puts a parcel into the outbox, in the order of arrival. Who goes on to deliver it keeps it claimed; one that is `left` is
 * free for whoever delivers the next. Throws `state_unavailable`.
 */
export async function post(
  { outbox, clock, deadline }: DeliveryParts,
  draft: Draft,
  then: 'deliver' | 'left',
): Promise<Posted> {
  const nowMs = clock.nowMs();
  const claim = then === 'deliver' ? { claimedUntilMs: nowMs + CLAIM_MS, tries: 1 } : { claimedUntilMs: 0, tries: 0 };
  const parcel: Parcel = { ...draft, order: nowMs, ...claim };
  return { parcel, isNew: await inTime(deadline, AFTER_TRY_MS, outbox.put(parcel)) };
}

/**
 * Delivers a posted parcel and whatever waits before it, in order: the only place that empties an outbox. An older parcel
 * that somebody else is sending is waited for briefly; one that waits for another try keeps this one waiting behind it.
 * Never throws `NotTaken`; a table that fails here leaves the parcel in the outbox, which is `waiting`.
 */
export async function deliver(
  { outbox, clock, deadline }: DeliveryParts,
  { parcel: mine, isNew }: Posted,
  send: SendParcel,
): Promise<Delivery> {
  const givenUp: Parcel[] = [];
  let isHeld = isNew;
  let fate: Fate = 'waiting';

  async function attempt(parcel: Parcel): Promise<Fate> {
    const isMine = parcel.eventId === mine.eventId;
    if (deadline.remainingMs() < MIN_TRY_MS + AFTER_TRY_MS) {
      await outbox.release(parcel, clock.nowMs());
      return 'waiting';
    }
    try {
      await send(parcel, isMine && isNew, earlier(deadline, AFTER_TRY_MS));
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      if (error.kind !== 'refused' && parcel.tries < MAX_TRIES) {
        const waitMs = Math.max(error.retryAfterMs ?? 0, parcel.tries > 1 ? BACK_OFF_MS : 0);
        await outbox.release(parcel, clock.nowMs() + waitMs);
        return 'waiting';
      }
      givenUp.push(parcel);
      await outbox.remove(parcel);
      return 'given-up';
    }
    // The other side has it: if this fails, it is sent once more under the same id.
    await outbox.remove(parcel).catch(() => {});
    return 'delivered';
  }

  /** Goes through what waits, oldest first. False when something older is in somebody else's hands. */
  async function drain(waiting: readonly Parcel[]): Promise<boolean> {
    for (const parcel of waiting) {
      const isMine = parcel.eventId === mine.eventId;
      const nowMs = clock.nowMs();
      const isFree = parcel.claimedUntilMs <= nowMs;
      const held = isMine && isHeld ? mine : isFree && (await outbox.claim(parcel, nowMs, nowMs + CLAIM_MS));
      if (!held) return fate !== 'waiting';
      if (isMine) isHeld = false;
      const became = await attempt(held);
      if (isMine) fate = became;
      if (became === 'waiting') return true;
    }
    return true;
  }

  async function run(): Promise<void> {
    for (const waitMs of WAITS_MS) {
      if (deadline.remainingMs() < waitMs + MIN_TRY_MS + AFTER_TRY_MS) break;
      if (waitMs > 0) await deadline.sleep(waitMs);
      const waiting = await outbox.waiting(mine.conversationId, mine.to);
      if (!waiting.some(({ eventId }) => eventId === mine.eventId)) {
        fate = 'delivered';
        break;
      }
      const isDone = await drain(waiting);
      // Whoever is sending the older one goes on with mine, if it is free.
      if (isHeld) await outbox.release(mine, clock.nowMs());
      isHeld = false;
      if (isDone) break;
    }
    if (isHeld) await outbox.release(mine, clock.nowMs());
  }

  try {
    await inTime(deadline, 0, run());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return { fate, givenUp };
}
