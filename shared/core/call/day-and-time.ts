/** Day and time in a locale. Times on a wall are written as if it hung in Greenwich. */
export function dayAndTime(locale: string, wallMs: number): string {
  const long = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(locale, { ...long, ...time, timeZone: 'UTC' }).format(wallMs);
}
