const HOUR_MS = 3_600_000;

/** The clock on a wall of some place. Times on it are written as milliseconds, as if it hung in Greenwich. */
export interface WallClock {
  /** What it shows at a moment, to the second. */
  wallMs(momentMs: number): number;
  /**
   * The moments at which it may come to show a time: it does at one of them, at two in the hour that autumn repeats, at none
   * in the hour that spring leaves out. When the clock is changed around then, the moment of that is among them.
   */
  momentsOf(wallMs: number): readonly number[];
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    const digits = 'numeric' as const;
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: digits,
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  } catch {
    return undefined;
  }
}

/** The clock of a time zone like `Europe/Berlin`; undefined when there is no such zone. */
export function wallClock(timeZone: string): WallClock | undefined {
  const format = formatIn(timeZone);
  if (!format) return undefined;

  function wallMs(momentMs: number): number {
    const shown: Record<string, number> = {};
    for (const { type, value } of format?.formatToParts(momentMs) ?? []) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  const aheadMs = (momentMs: number) => wallMs(momentMs) - Math.floor(momentMs / 1_000) * 1_000;

  /** The moment between two at which the clock was changed. */
  function changed(before: number, after: number): number {
    let [low, high] = [before, after];
    const old = aheadMs(before);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (aheadMs(middle) === old) low = middle;
      else high = middle;
    }
    return high;
  }

  return {
    wallMs,
    momentsOf(wanted) {
      // No clock is further from Greenwich than 15 hours.
      const [before, after] = [wanted - 16 * HOUR_MS, wanted + 16 * HOUR_MS];
      const [old, now] = [aheadMs(before), aheadMs(after)];
      if (old === now) return [wanted - now];
      return [wanted - old, wanted - now, changed(before, after)];
    },
  };
}
