import type { Fate } from './delivery.ts';
import type { Outbox, Parcel } from './table.ts';

/** A parcel for whose delivery a request of this instance is waiting. */
export interface Passenger {
  readonly parcel: Parcel;
  /** Whether the claim of its posting is still ours. */
  isHeld: boolean;
  fate: Fate | undefined;
}

/** One side of one conversation, as far as this instance is busy with it. */
export interface Lane {
  readonly key: string;
  readonly passengers: Map<string, Passenger>;
  /** The turn that is under way. */
  running: Promise<void> | undefined;
}

/** By the instance's own outbox. They only save requests: what must hold, holds by the table. */
const lanes = new WeakMap<Outbox, Map<string, Lane>>();

/** The lane of a parcel, a new one when nobody is there. */
export function laneOf(outbox: Outbox, { conversationId, to }: Parcel): Lane {
  const ofInstance = lanes.get(outbox) ?? new Map<string, Lane>();
  lanes.set(outbox, ofInstance);
  const key = `${to} ${conversationId}`;
  const lane = ofInstance.get(key) ?? { key, passengers: new Map(), running: undefined };
  ofInstance.set(key, lane);
  return lane;
}

/** Gets off; the last one takes the lane away. */
export function leave(outbox: Outbox, lane: Lane, passenger: Passenger): void {
  const { passengers } = lane;
  if (passengers.get(passenger.parcel.eventId) === passenger) passengers.delete(passenger.parcel.eventId);
  if (passengers.size === 0 && lane.running === undefined) lanes.get(outbox)?.delete(lane.key);
}
