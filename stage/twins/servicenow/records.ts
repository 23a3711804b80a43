import { randomUUID } from 'node:crypto';

/** A record of the instance: all values are texts. */
export type Row = Record<string, string>;

/** The tables that the instance has, and who wrote into them. */
export interface Records {
  /** Undefined for a table that is not there. */
  table(name: string): readonly Row[] | undefined;
  find(name: string, sysId: string): Row | undefined;
  /** Makes a record. What stands in a journal field becomes an entry of its own. */
  insert(name: string, values: Row, by: string): Row;
  /** Changes one, likewise. */
  update(name: string, row: Row, values: Row, by: string): void;
  /** The entries of one journal field of a record, oldest first. */
  journal(sysId: string, element: string): readonly Row[];
  reset(): void;
}

const JOURNALS: readonly string[] = ['comments', 'work_notes'];

export const newSysId = (): string => randomUUID().replaceAll('-', '');

/** `2026-11-21 09:00:12`, as the instance keeps times: GMT. */
const written = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

/** People whom the instance knows: one caller, one agent, and us. */
const people = (): Row[] => [
  { sys_id: newSysId(), user_name: 'ada.berg', name: 'Ada Berg', email: 'ada@example.com', active: 'true' },
  { sys_id: newSysId(), user_name: 'bo.lind', name: 'Bo Lind', email: 'bo.lind@example.com', active: 'true' },
];

export function instanceRecords(nowMs: () => number): Records {
  const tables = new Map<string, Row[]>();
  const reset = () => {
    tables.clear();
    for (const name of ['incident', 'sys_journal_field']) tables.set(name, []);
    tables.set('sys_user', people());
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
  const withoutJournals = (values: Row): Row =>
    Object.fromEntries(Object.entries(values).filter(([field]) => !JOURNALS.includes(field)));

  return {
    table: (name) => tables.get(name),
    find: (name, sysId) => tables.get(name)?.find((row) => row.sys_id === sysId),
    insert(name, values, by) {
      const rows = tables.get(name) ?? [];
      const time = written(nowMs());
      const row: Row = {
        sys_id: newSysId(),
        number: `INC${String(10_001 + rows.length).padStart(7, '0')}`,
        state: '1',
        active: 'true',
        assigned_to: '',
        caller_id: '',
        sys_created_by: by,
        sys_created_on: time,
        sys_updated_on: time,
        ...withoutJournals(values),
      };
      rows.push(row);
      addEntries(name, row, values, by);
      return row;
    },
    update(name, row, values, by) {
      Object.assign(row, withoutJournals(values), { sys_updated_on: written(nowMs()) });
      if (['7', '8'].includes(row.state ?? '')) row.active = 'false';
      addEntries(name, row, values, by);
    },
    journal: (sysId, element) =>
      (tables.get('sys_journal_field') ?? []).filter((row) => row.element_id === sysId && row.element === element),
    reset,
  };
}
