import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessHours, isOpen, opensAt } from '../../../shared/core/call/hours.ts';

function hoursOf(value: unknown) {
  const faults: string[] = [];
  const { BUSINESS_HOURS } = businessHours.read({ BUSINESS_HOURS: JSON.stringify(value) }, faults);
  expect(faults).toEqual([]);
  return BUSINESS_HOURS;
}

const isRefused = (text: string) => {
  const faults: string[] = [];
  businessHours.read({ BUSINESS_HOURS: text }, faults);
  return faults.length === 1 && faults[0]?.startsWith('BUSINESS_HOURS is malformed');
};

const weekdays = ['09:00-12:00', '13:00-17:30'];
const office = {
  timeZone: 'Europe/Berlin',
  weekly: { mon: weekdays, tue: weekdays, wed: weekdays, thu: weekdays, fri: ['09:00-12:00'] },
  holidays: ['2026-12-25', '2027-01-01'],
};

const at = (text: string) => Date.parse(text);
const text = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toJSON());

describe('business hours', () => {
  it.each([
    ['2026-11-23T08:59:59.999+01:00', false, '2026-11-23T09:00:00+01:00'],
    ['2026-11-23T09:00:00+01:00', true, '2026-11-23T09:00:00+01:00'],
    ['2026-11-23T11:59:59.999+01:00', true, '2026-11-23T11:59:59.999+01:00'],
    ['2026-11-23T12:00:00+01:00', false, '2026-11-23T13:00:00+01:00'],
    ['2026-11-23T17:30:00+01:00', false, '2026-11-24T09:00:00+01:00'],
    // Friday afternoon waits for Monday, Christmas for the Monday after it.
    ['2026-11-27T12:00:00+01:00', false, '2026-11-30T09:00:00+01:00'],
    ['2026-12-25T10:00:00+01:00', false, '2026-12-28T09:00:00+01:00'],
    ['2026-12-31T18:00:00+01:00', false, '2027-01-04T09:00:00+01:00'],
    // A Friday in summer, and the weekend after which the clock is an hour back.
    ['2026-07-03T08:30:00+02:00', false, '2026-07-03T09:00:00+02:00'],
    ['2026-10-23T12:00:00+02:00', false, '2026-10-26T09:00:00+01:00'],
    ['2026-03-27T12:00:00+01:00', false, '2026-03-30T09:00:00+02:00'],
  ])('at %s: open is %s, and the next moment is %s', (now, open, next) => {
    const hours = hoursOf(office);
    expect(isOpen(hours, at(now))).toBe(open);
    expect(text(opensAt(hours, at(now)))).toBe(text(at(next)));
  });

  it('are always, when nothing is said', () => {
    expect(isOpen(undefined, 5)).toBe(true);
    expect(opensAt(undefined, 5)).toBe(5);
    expect(businessHours.read({}, [])).toEqual({ BUSINESS_HOURS: undefined });
  });

  it('that never come again have no next moment', () => {
    const hours = hoursOf({ timeZone: 'UTC', weekly: {} });
    expect(isOpen(hours, at('2026-11-23T10:00:00Z'))).toBe(false);
    expect(opensAt(hours, at('2026-11-23T10:00:00Z'))).toBeUndefined();
  });

  it('last to the end of the day when they say 24:00', () => {
    const hours = hoursOf({ timeZone: 'UTC', weekly: { sun: ['22:00-24:00'] } });
    expect(isOpen(hours, at('2026-11-22T23:59:59.999Z'))).toBe(true);
    expect(isOpen(hours, at('2026-11-23T00:00:00Z'))).toBe(false);
  });

  it('that spring jumps over begin with the jump, and those that autumn repeats come twice', () => {
    const night = hoursOf({ timeZone: 'Europe/Berlin', weekly: { sun: ['02:30-04:00'] } });
    expect(text(opensAt(night, at('2026-03-29T00:00:00Z')))).toBe('2026-03-29T01:00:00.000Z');
    const brief = hoursOf({ timeZone: 'Europe/Berlin', weekly: { sun: ['02:30-02:45'] } });
    expect(text(opensAt(brief, at('2026-10-24T22:00:00Z')))).toBe('2026-10-25T00:30:00.000Z');
    expect(text(opensAt(brief, at('2026-10-25T00:50:00Z')))).toBe('2026-10-25T01:30:00.000Z');
    expect(text(opensAt(brief, at('2026-03-28T22:00:00Z')))).toBe('2026-04-05T00:30:00.000Z');
  });

  it('are found to the minute as somebody finds them who looks at every minute, across changes of the clock', () => {
    const changes = {
      'Europe/Berlin': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
      'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
      // Half an hour, and a change at midnight.
      'Australia/Lord_Howe': ['2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z'],
      'America/Havana': ['2026-03-08T05:00:00Z', '2026-11-01T05:00:00Z'],
      'Asia/Kathmandu': ['2026-06-01T00:00:00Z'],
    };
    const place = fc.constantFrom(...Object.entries(changes).flatMap(([zone, when]) => when.map((t) => [zone, t])));
    const quarter = fc.integer({ min: 0, max: 95 });
    const clock = (quarters: number) =>
      `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`;
    const spans = fc.array(
      fc.tuple(quarter, quarter).map(([a, b]) => `${clock(Math.min(a, b))}-${clock(Math.max(a, b) + 1)}`),
      { maxLength: 2 },
    );
    const weekly = fc.record({ fri: spans, sat: spans, sun: spans, mon: spans });
    fc.assert(
      fc.property(place, weekly, fc.integer({ min: -30 * 60, max: 12 * 60 }), ([zone, when], week, minutes) => {
        const hours = hoursOf({ timeZone: zone, weekly: week });
        const nowMs = at(when ?? '') + minutes * 60_000;
        const inADay = Array.from({ length: 24 * 60 }, (_, minute) => nowMs + minute * 60_000);
        const found = opensAt(hours, nowMs);
        const looked = inADay.find((ms) => isOpen(hours, ms));
        if (looked !== undefined || (found ?? Number.POSITIVE_INFINITY) <= (inADay.at(-1) ?? 0)) {
          expect([zone, text(found)]).toEqual([zone, text(looked)]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('that mean nothing are refused', () => {
    const weekly = { mon: ['09:00-12:00'] };
    for (const value of [
      { weekly },
      { timeZone: 'Europe/Berlin' },
      { timeZone: 'Mars/Olympus', weekly },
      { timeZone: '', weekly },
      { timeZone: 'UTC', weekly: { mon: ['9:00-12:00'] } },
      { timeZone: 'UTC', weekly: { mon: ['12:00-09:00'] } },
      { timeZone: 'UTC', weekly: { mon: ['09:00-09:00'] } },
      { timeZone: 'UTC', weekly: { mon: ['09:00-25:00'] } },
      { timeZone: 'UTC', weekly: { mon: '09:00-12:00' } },
      { timeZone: 'UTC', weekly: { monday: ['09:00-12:00'] } },
      { timeZone: 'UTC', weekly, holidays: ['2026-02-30'] },
      { timeZone: 'UTC', weekly, holidays: ['25.12.'] },
      { timeZone: 'UTC', weekly, holidays: ['2026-13-01'] },
      { timeZone: 'UTC', weekly, holidays: ['2026-04-00'] },
      { timeZone: 'UTC', weekly, lunch: true },
    ])
      expect(isRefused(JSON.stringify(value)), JSON.stringify(value)).toBe(true);
    expect(isRefused('{')).toBe(true);
  });
});
