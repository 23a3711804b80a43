/** A time as the instance keeps it: `2026-11-21 09:00:12`, GMT where nobody asks for another form. */
export function timeOf(written: string): number | undefined {
  const ms = Date.parse(`${written.replace(' ', 'T')}Z`);
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(written) && !Number.isNaN(ms) ? ms : undefined;
}
