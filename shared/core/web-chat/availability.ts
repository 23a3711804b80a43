import { bestEffort } from '../best-effort.ts';
import { type BusinessHours, isOpen, opensAt } from '../call/hours.ts';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { Availability, Desk } from '../handover/desk.ts';
import { earlier } from '../in-time.ts';
import { isoTime } from '../iso-time.ts';

/** Asks whether somebody is there for a topic. Never throws: what cannot be found out is `null`. */
export type AskAvailability = (topic: string | undefined, deadline: Deadline) => Promise<Availability>;

/** How a line of people who wait stands now. */
export interface Queue {
  /** People who could answer, busy ones too. */
  readonly online: number;
  readonly waiting: number;
  /** How long the first in line has waited, or the next one is expected to; undefined where that cannot be said. */
  readonly longestWaitSec: number | undefined;
}

/** Looks at the line. Undefined when it cannot be seen. */
export type ReadQueue = (deadline: Deadline) => Promise<Queue | undefined>;

/** Whoever asks has a customer before them. */
const LIMIT_MS = 1_000;
/** How long an answer serves everybody who asks this instance: the figures are seconds old when they come. */
const FRESH_MS = 5_000;

/** Whether somebody is there, from how the line stands: for nobody online and 3 who wait it is `{online: false}`. */
function availabilityOf(queue: Queue | undefined): Availability {
  if (!queue) return { online: null };
  const { online, waiting, longestWaitSec } = queue;
  if (online === 0) return { online: false };
  // Who has waited longest is the best that is known of how long the next one will.
  const wait = longestWaitSec === undefined ? {} : { waitSeconds: longestWaitSec };
  return waiting === 0 ? { online: true } : { online: true, positionInQueue: waiting + 1, ...wait };
}

interface AvailabilityParts {
  readonly hours: BusinessHours | undefined;
  /** Absent where the line cannot be seen. */
  readonly readQueue: ReadQueue | undefined;
  readonly clock: Clock;
}

/** Asks by the hours first: whoever is closed is not looked at. */
function withinHours(hours: BusinessHours | undefined, clock: Clock, ask: AskAvailability): AskAvailability {
  return async (topic, deadline) => {
    const nowMs = clock.nowMs();
    if (isOpen(hours, nowMs)) return ask(topic, deadline);
    const atMs = opensAt(hours, nowMs);
    return { online: false, ...(atMs === undefined ? {} : { opensAt: isoTime(atMs) }) };
  };
}

/** Asks by the hours, then by the line: within a second, and at most once in five. */
export function availabilityBy({ hours, readQueue, clock }: AvailabilityParts): AskAvailability {
  let last: { readonly asked: Promise<Queue | undefined>; readonly atMs: number } | undefined;

  function look(deadline: Deadline): Promise<Queue | undefined> {
    const nowMs = clock.nowMs();
    if (last && Math.abs(nowMs - last.atMs) < FRESH_MS) return last.asked;
    const short = earlier(deadline, Math.max(0, deadline.remainingMs() - LIMIT_MS));
    const asked = readQueue?.(short).catch(() => undefined) ?? Promise.resolve(undefined);
    last = { asked, atMs: nowMs };
    return asked;
  }

  return withinHours(hours, clock, async (_topic, deadline) => availabilityOf(await look(deadline)));
}

/** Asks the desk that a conversation would go to, by the hours first. What it does not say within a second is not known. */
export function availabilityAt(
  desk: Pick<Desk, 'availability'>,
  hours: BusinessHours | undefined,
  clock: Clock,
): AskAvailability {
  return withinHours(hours, clock, async (topic, deadline) => {
    const said = desk.availability && (await bestEffort(deadline, LIMIT_MS, desk.availability(topic, deadline)));
    return said ?? { online: null };
  });
}
