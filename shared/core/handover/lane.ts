import type { Parcel } from '../table.ts';
import type { Fate } from './delivery.ts';

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

/** What an instance is delivering now. It only saves requests: what must hold, holds by the table. */
export type Lanes = Map<string, Lane>;

/** A port that every instance has for itself. */
export const openLanes = (): Lanes => new Map();

/** The lane of a parcel, a new one when nobody is there. */
export function laneOf(lanes: Lanes, { conversationId, to }: Parcel): Lane {
  const key = `${to} ${conversationId}`;
  const lane = lanes.get(key) ?? { key, passengers: new Map(), running: undefined };
  lanes.set(key, lane);
  return lane;
}

/** Gets off; the last one takes the lane away. */
export function leave(lanes: Lanes, lane: Lane, passenger: Passenger): void {
  const { passengers } = lane;
  if (passengers.get(passenger.parcel.eventId) === passenger) passengers.delete(passenger.parcel.eventId);
  if (passengers.size === 0 && lane.running === undefined) lanes.delete(lane.key);
}
