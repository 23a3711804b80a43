import * as v from 'valibot';
import { jsonOf, optional, settings } from '../settings.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

const DAY_MS = 86_400_000;
/** Whoever has not opened in so many days is not waited for. */
const DAYS_AHEAD = 400;

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

type Day = (typeof days)[number];

/** From the first minute of a day to the one that no longer belongs to it. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** When people can be reached, on the clock of the place where they are. */
export interface BusinessHours {
  readonly clock: WallClock;
  readonly weekly: Readonly<Partial<Record<Day, readonly Span[]>>>;
  /** Days on which nobody is there, by their first moment as the clock shows it. */
  readonly holidays: ReadonlySet<number>;
}

const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

const span = v.pipe(
  v.string(),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/),
  v.transform((text): Span => ({ from: minuteOf(text), to: minuteOf(text.slice(6)) })),
  v.check(({ from, to }) => from < to),
);

/** A date like `2026-12-25` as its first moment in Greenwich. */
const date = v.pipe(
  v.string(),
  v.regex(/^2\d{3}-\d\d-\d\d$/),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const [year = 0, month = 0, day = 0] = dataset.value.split('-').map(Number);
    const midnightMs = Date.UTC(year, month - 1, day);
    if (month >= 1 && month <= 12 && day >= 1 && midnightMs <= Date.UTC(year, month, 0)) return midnightMs;
    addIssue({ message: 'no date' });
    return NEVER;
  }),
);

const schema = v.pipe(
  v.strictObject({
    timeZone: v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        const clock = wallClock(dataset.value);
        if (clock) return clock;
        addIssue({ message: 'no time zone' });
        return NEVER;
      }),
    ),
    weekly: v.strictObject(v.entriesFromList(days, v.optional(v.array(span), []))),
    holidays: v.optional(v.array(date), []),
  }),
  v.transform(
    ({ timeZone, weekly, holidays }): BusinessHours => ({ clock: timeZone, weekly, holidays: new Set(holidays) }),
  ),
);

/** `BUSINESS_HOURS`; undefined where somebody is always there. */
export const businessHours = settings({
  BUSINESS_HOURS: optional(jsonOf(schema), undefined, {
    is: 'JSON: time zone, weekly hours, holidays of the people who answer; absent means always open',
    example: '{"timeZone":"Europe/Berlin","weekly":{"mon":["09:00-12:00","13:00-17:30"]},"holidays":["2026-12-25"]}',
  }),
});

function spansOn({ weekly, holidays }: BusinessHours, midnightMs: number): readonly Span[] {
  if (holidays.has(midnightMs)) return [];
  // The first of January 1970 was a Thursday.
  return weekly[days[(4 + midnightMs / DAY_MS) % 7] ?? 'sun'] ?? [];
}

/** The day on which a clock is that shows this, as its first moment. */
const midnightOf = (wallMs: number) => wallMs - (wallMs % DAY_MS);

/** Whether people can be reached at a moment: from the first minute of a span on, no longer in its last. */
export function isOpen(hours: BusinessHours | undefined, nowMs: number): boolean {
  if (!hours) return true;
  const wallMs = hours.clock.wallMs(nowMs);
  const minute = Math.floor((wallMs % DAY_MS) / 60_000);
  return spansOn(hours, midnightOf(wallMs)).some(({ from, to }) => from <= minute && minute < to);
}

/** The moments of one day at which people begin to be there: when a span begins, or the clock is put into one. */
function beginnings(hours: BusinessHours, midnightMs: number): readonly number[] {
  const { clock } = hours;
  return spansOn(hours, midnightMs)
    .flatMap(({ from }) => clock.momentsOf(midnightMs + from * 60_000))
    .filter((ms) => isOpen(hours, ms) && midnightOf(clock.wallMs(ms)) === midnightMs);
}

/**
 * The first moment from now on at which people can be reached: now when they are there. Undefined when they are not in the
 * next 400 days. A span that the clock jumps over in spring begins when it jumps, one that it repeats in autumn twice.
 */
export function opensAt(hours: BusinessHours | undefined, nowMs: number): number | undefined {
  if (!hours || isOpen(hours, nowMs)) return nowMs;
  const todayMs = midnightOf(hours.clock.wallMs(nowMs));
  for (let day = 0; day <= DAYS_AHEAD; day++) {
    const moments = beginnings(hours, todayMs + day * DAY_MS).filter((ms) => ms > nowMs);
    if (moments.length > 0) return Math.min(...moments);
  }
  return undefined;
}
