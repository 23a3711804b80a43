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

/** The sign that an agent types which was sent on last. */
export interface TypingShown {
  /** By the monotonic clock. */
  readonly atMs: number;
  readonly isShown: Promise<boolean>;
}

/** What an instance is delivering now. It only saves requests: what must hold, holds by the table. */
export interface Lanes {
  readonly busy: Map<string, Lane>;
  /** By conversation, the oldest first. */
  readonly typing: Map<string, TypingShown>;
}

/** A port that every instance has for itself. */
export const openLanes = (): Lanes => ({ busy: new Map(), typing: new Map() });

/** What a lane is known by. */
export const laneKey = ({ conversationId, to }: Pick<Parcel, 'conversationId' | 'to'>): string =>
  `${to} ${conversationId}`;

/** The lane of a parcel, a new one when nobody is there. */
export function laneOf({ busy }: Lanes, parcel: Parcel): Lane {
  const key = laneKey(parcel);
  const lane = busy.get(key) ?? { key, passengers: new Map(), running: undefined };
  busy.set(key, lane);
  return lane;
}

/** Gets off; the last one takes the lane away. */
export function leave({ busy }: Lanes, lane: Lane, passenger: Passenger): void {
  const { passengers } = lane;
  if (passengers.get(passenger.parcel.eventId) === passenger) passengers.delete(passenger.parcel.eventId);
  if (passengers.size === 0 && lane.running === undefined) busy.delete(lane.key);
}
