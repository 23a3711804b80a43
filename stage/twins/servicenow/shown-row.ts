import { type Records, type Row, references } from './records.ts';

/** What an instance shows for values, out of the box. A state of its own is shown as it is. */
const labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  state: {
    1: 'New',
    2: 'In Progress',
    3: 'On Hold',
    6: 'Resolved',
    7: 'Closed',
    8: 'Canceled',
    11: 'With the supplier',
  },
  urgency: { 1: '1 - High', 2: '2 - Medium', 3: '3 - Low' },
  impact: { 1: '1 - High', 2: '2 - Medium', 3: '3 - Low' },
  priority: { 1: '1 - Critical', 2: '2 - High', 3: '3 - Moderate', 4: '4 - Low', 5: '5 - Planning' },
  contact_type: { phone: 'Phone', chat: 'Chat' },
};

/** The time zone in which times are shown: an instance is in California unless somebody changes it. */
const ZONE_MS = -8 * 3_600_000;

function displayOf(records: Records, field: string, value: string): string {
  const target = references[field];
  if (target !== undefined) return records.find(target, value)?.name ?? '';
  if (/_(on|at)$/.test(field) && value !== '') {
    const atMs = Date.parse(`${value.replace(' ', 'T')}Z`) + ZONE_MS;
    return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  }
  return labels[field]?.[value] ?? value;
}

/**
 * A record as `sysparm_fields`, `sysparm_display_value` and `sysparm_exclude_reference_link` want it. Fields that the table
 * has not are not there.
 */
export function shownRow(records: Records, table: string, row: Row, query: URLSearchParams): Record<string, unknown> {
  const wanted = query.get('sysparm_fields')?.split(',') ?? Object.keys(row);
  const display = query.get('sysparm_display_value') ?? 'false';
  const hasLinks = query.get('sysparm_exclude_reference_link') !== 'true';
  const shownAs = (field: string): unknown => {
    const value = records.textOf(row, field);
    const shownValue = displayOf(records, field, value);
    const target = references[field];
    const link = `https://example.service-now.com/api/now/v2/table/${target}/${value}`;
    const isLinked = hasLinks && target !== undefined && value !== '';
    if (display === 'all') return { display_value: shownValue, value, ...(isLinked ? { link } : {}) };
    if (!isLinked) return display === 'true' ? shownValue : value;
    return display === 'true' ? { display_value: shownValue, link } : { link, value };
  };
  const known = wanted.filter((field) => records.hasField(table, field));
  return Object.fromEntries(known.map((field) => [field, shownAs(field)]));
}
