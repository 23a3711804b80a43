import { incidentsOf, PIN_FIELD, people } from './people.ts';
import { newSysId } from './sys-id.ts';

/** A record of the instance: all values are texts. */
export type Row = Record<string, string>;

/** The tables that the instance has, and who wrote into them. */
export interface Records {
  /** Undefined for a table that is not there. */
  table(name: string): readonly Row[] | undefined;
  /** Whether a table has a field, also one of a record that it refers to: `assigned_to.name`. */
  hasField(name: string, field: string): boolean;
  find(name: string, sysId: string): Row | undefined;
  /** A field of a record, also of one that it refers to. Empty where it leads nowhere. */
  textOf(row: Row, field: string): string;
  /** The incidents that were made since the beginning, oldest first. */
  made(): readonly Row[];
  /** Makes a record. What stands in a journal field becomes an entry of its own; unknown fields are dropped. */
  insert(name: string, values: Row, by: string): Row;
  /** Changes one, likewise. */
  update(name: string, row: Row, values: Row, by: string): void;
  /** The entries of one journal field of a record, oldest first. */
  journal(sysId: string, element: string): readonly Row[];
  reset(): void;
}

const JOURNALS: readonly string[] = ['comments', 'work_notes'];

const kept = ['sys_id', 'sys_created_by', 'sys_created_on', 'sys_updated_on'];

const fields: Readonly<Record<string, readonly string[]>> = {
  incident: [
    ...kept,
    ...[
      'number',
      'short_description',
      'description',
      'state',
      'active',
      'urgency',
      'impact',
      'priority',
      'contact_type',
    ],
    ...['caller_id', 'opened_by', 'opened_at', 'assigned_to', 'assignment_group', 'correlation_id'],
    ...['correlation_display', ...JOURNALS],
  ],
  sys_user: [...kept, 'user_name', 'name', 'email', 'active', 'phone', 'mobile_phone', PIN_FIELD],
  sys_journal_field: [...kept, 'name', 'element_id', 'element', 'value'],
};

/** What a reference leads to. */
export const references: Readonly<Record<string, string>> = {
  assigned_to: 'sys_user',
  caller_id: 'sys_user',
  opened_by: 'sys_user',
};

/** `2026-11-21 09:00:12`, as the instance keeps times: GMT. */
const written = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

/** 1 to 5 of impact and urgency, as an instance has it out of the box. */
const priorityOf = ({ impact = '3', urgency = '3' }: Row): string => String(Number(impact) + Number(urgency) - 1);

export function instanceRecords(nowMs: () => number): Records {
  const tables = new Map<string, Row[]>();
  let hadBefore = 0;
  const defaults = (by: string): Row => {
    const time = written(nowMs());
    const { length } = tables.get('incident') ?? [];
    return {
      sys_id: newSysId(),
      number: `INC${String(10_001 + length).padStart(7, '0')}`,
      ...{ state: '1', active: 'true', urgency: '3', impact: '3', assigned_to: '', caller_id: '' },
      ...{ sys_created_by: by, sys_created_on: time, sys_updated_on: time, opened_at: time },
      opened_by: tables.get('sys_user')?.find(({ user_name }) => user_name === by)?.sys_id ?? '',
    };
  };
  const reset = () => {
    const users = people();
    const incidents: Row[] = [];
    tables.set('sys_user', users).set('sys_journal_field', []).set('incident', incidents);
    for (const values of incidentsOf(users, nowMs(), written))
      incidents.push({ ...defaults('bo.lind'), priority: '5', ...values });
    hadBefore = incidents.length;
  };
  reset();

  function addEntries(name: string, row: Row, values: Row, by: string): void {
    for (const element of JOURNALS) {
      const value = values[element]?.trim() ?? '';
      if (value === '') continue;
      const about = { name, element_id: row.sys_id ?? '', element, value };
      const entry = { sys_id: newSysId(), ...about, sys_created_by: by, sys_created_on: written(nowMs()) };
      tables.get('sys_journal_field')?.push(entry);
    }
  }
  const keptOf = (name: string, values: Row): Row =>
    Object.fromEntries(
      Object.entries(values).filter(([field]) => fields[name]?.includes(field) && !JOURNALS.includes(field)),
    );
  const find: Records['find'] = (name, sysId) => tables.get(name)?.find((row) => row.sys_id === sysId);

  return {
    table: (name) => tables.get(name),
    hasField(name, field) {
      const [own = '', further, ...more] = field.split('.');
      const isThere = fields[name]?.includes(own) ?? false;
      if (further === undefined) return isThere;
      return isThere && more.length === 0 && (fields[references[own] ?? '']?.includes(further) ?? false);
    },
    find,
    textOf(row, field) {
      const [own = '', further] = field.split('.', 2);
      const value = row[own] ?? '';
      return further === undefined ? value : (find(references[own] ?? '', value)?.[further] ?? '');
    },
    made: () => (tables.get('incident') ?? []).slice(hadBefore),
    insert(name, values, by) {
      const row: Row = { ...defaults(by), ...keptOf(name, values) };
      row.priority = priorityOf(row);
      tables.get(name)?.push(row);
      addEntries(name, row, values, by);
      return row;
    },
    update(name, row, values, by) {
      Object.assign(row, keptOf(name, values), { sys_updated_on: written(nowMs()) });
      row.priority = priorityOf(row);
      if (['7', '8'].includes(row.state ?? '')) row.active = 'false';
      addEntries(name, row, values, by);
    },
    journal: (sysId, element) =>
      (tables.get('sys_journal_field') ?? []).filter((row) => row.element_id === sysId && row.element === element),
    reset,
  };
}
