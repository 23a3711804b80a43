import * as v from 'valibot';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import type { Records, Row } from './records.ts';

/** The error form of the instance. */
export const refusal = (status: number, message: string, detail: string | null = null): TwinAnswer => ({
  status,
  body: { error: { message, detail }, status: 'failure' },
});

/** What a reference leads to. */
const references: Readonly<Record<string, string>> = { assigned_to: 'sys_user', caller_id: 'sys_user' };

/** A field of a row, also of one that it refers to: `assigned_to.name`. Journals are empty when they are read. */
function fieldOf(records: Records, row: Row, field: string): string {
  const [own = '', further] = field.split('.', 2);
  if (further === undefined) return row[own] ?? '';
  return records.find(references[own] ?? '', row[own] ?? '')?.[further] ?? '';
}

/** Conditions that the instance cannot read are dropped, as it does: then more is found than was asked for. */
function conditionsOf(query: string): readonly (readonly [string, string])[] {
  const read = query.split('^').map((part) => /^([a-z_][a-z_.]*)=(.*)$/s.exec(part));
  return read.filter((found) => found !== null).map(([, field = '', value = '']) => [field, value]);
}

function sorted(rows: readonly Row[], query: string): readonly Row[] {
  const [, descending, field] = /(?:^|\^)ORDERBY(DESC)?([a-z_]+)$/.exec(query) ?? [];
  if (field === undefined) return rows;
  const up = rows.toSorted((a, b) => (a[field] ?? '').localeCompare(b[field] ?? ''));
  return descending ? up.reverse() : up;
}

function listed(records: Records, rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const asked = query.get('sysparm_query') ?? '';
  const conditions = conditionsOf(asked);
  const fits = (row: Row) =>
    conditions.every(([field, value]) => fieldOf(records, row, field).toLowerCase() === value.toLowerCase());
  const limit = Number(query.get('sysparm_limit') ?? 10_000);
  return sorted(rows.filter(fits), asked).slice(0, limit);
}

const shown = (records: Records, row: Row, query: URLSearchParams): Row => {
  const fields = query.get('sysparm_fields')?.split(',') ?? Object.keys(row);
  return Object.fromEntries(fields.map((field) => [field, fieldOf(records, row, field)]));
};

const values = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

const PATH = /^\/api\/now\/(v2\/)?table\/([a-z_]+)(?:\/([0-9a-f]{32}))?$/;

/** Answers the Table API in the name of one user. In version 1 nothing found is a 404, in version 2 an empty list. */
export function tableAnswer(records: Records, { method, path, query, body }: TwinRequest, by: string): TwinAnswer {
  const [, version, name = '', sysId] = PATH.exec(path) ?? [];
  const rows = records.table(name);
  if (!rows) return refusal(400, `Invalid table ${name}`);
  const missing = refusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  if (method === 'GET' && sysId === undefined) {
    const found = listed(records, rows, query);
    if (found.length === 0 && version === undefined) return missing;
    return { status: 200, body: { result: found.map((row) => shown(records, row, query)) } };
  }
  const row = sysId === undefined ? undefined : records.find(name, sysId);
  if (method === 'GET') return row ? { status: 200, body: { result: shown(records, row, query) } } : missing;
  const given = v.safeParse(values, body);
  if (!given.success) return refusal(400, 'Exception while reading request', 'The payload is not valid JSON');
  if (method === 'POST' && sysId === undefined) {
    const made = records.insert(name, given.output, by);
    return { status: 201, body: { result: shown(records, made, query) } };
  }
  if (method !== 'PATCH' || sysId === undefined) return refusal(405, 'Method not allowed');
  if (!row) return missing;
  records.update(name, row, given.output, by);
  return { status: 200, body: { result: shown(records, row, query) } };
}
