import * as v from 'valibot';
import type { TwinAnswer, TwinRequest } from '../../twin.ts';
import { encodedQuery } from './query.ts';
import { type Records, type Row, references } from './records.ts';
import { shownRow } from './shown-row.ts';

/** The error form of the instance. */
export const refusal = (status: number, message: string, detail: string | null = null): TwinAnswer => ({
  status,
  body: { error: { message, detail }, status: 'failure' },
});

const PATH = /^\/api\/now\/(v[12]\/)?table\/([a-z_]+)(?:\/([0-9a-f]{32}))?$/;

/** What our user may write: callers' data are for others to change. */
const WRITABLE: readonly string[] = ['incident'];

const values = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

/** Where the pages around this one are. */
function linksOf(path: string, query: URLSearchParams, at: { offset: number; limit: number; total: number }): string {
  const { offset, limit, total } = at;
  const to = (rel: string, from: number) => {
    const parameters = new URLSearchParams(query);
    parameters.set('sysparm_offset', String(from));
    return `<https://example.service-now.com${path}?${parameters}>;rel="${rel}"`;
  };
  return [
    to('first', 0),
    ...(offset > 0 ? [to('prev', Math.max(0, offset - limit))] : []),
    ...(offset + limit < total ? [to('next', offset + limit)] : []),
    to('last', Math.max(0, Math.floor((total - 1) / limit) * limit)),
  ].join(',');
}

const numberOf = (text: string | null, fallback: number): number =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : fallback;

/** The rows that fit, a page of them, with what is known of the others. */
function found(records: Records, name: string, { path, query }: TwinRequest) {
  const { fits, sorted } = encodedQuery(query.get('sysparm_query') ?? '', (field) => records.hasField(name, field));
  const fitting = (records.table(name) ?? []).filter((row) => fits((field) => records.textOf(row, field)));
  // What is equal comes newest first where the order goes down.
  const ordered = (sorted[0]?.isDown ? fitting.toReversed() : fitting).toSorted((a, b) => {
    const differences = sorted.map(({ field, isDown }) => {
      const difference = records.textOf(a, field).localeCompare(records.textOf(b, field));
      return isDown ? -difference : difference;
    });
    return differences.find((difference) => difference !== 0) ?? 0;
  });
  const limit = Math.max(1, numberOf(query.get('sysparm_limit'), 10_000));
  const offset = numberOf(query.get('sysparm_offset'), 0);
  const total = ordered.length;
  const isCounted = query.get('sysparm_no_count') !== 'true';
  const hasLinks = isCounted && query.get('sysparm_suppress_pagination_header') !== 'true';
  return {
    rows: ordered.slice(offset, offset + limit),
    headers: {
      ...(isCounted ? { 'x-total-count': String(total) } : {}),
      ...(hasLinks ? { link: linksOf(path, query, { offset, limit, total }) } : {}),
    },
  };
}

/** Why a request is refused before anything is looked at; undefined for one that is taken. */
function refused({ method, headers }: TwinRequest): TwinAnswer | undefined {
  const accepts = headers.accept ?? '*/*';
  if (!/\*\/\*|application\/(json|\*)/.test(accepts)) return refusal(406, 'Not Acceptable', accepts);
  const isRead = method === 'GET' || method === 'DELETE';
  if (!isRead && !/^application\/json\b/.test(headers['content-type'] ?? ''))
    return refusal(415, 'Unsupported Media Type', headers['content-type'] ?? null);
  return undefined;
}

/**
 * Answers the Table API in the name of one user. In version 1 nothing found is a 404, in version 2 an empty list. Sources:
 * ServiceNow REST API reference, Table API, release australia, read 2026-11-21; the texts of errors are as we remember them.
 */
export function tableAnswer(records: Records, request: TwinRequest, by: string): TwinAnswer {
  const { method, path, query, body } = request;
  const [, version, name = '', sysId] = PATH.exec(path) ?? [];
  if (!records.table(name)) return refusal(400, `Invalid table ${name}`);
  const refusedAtOnce = refused(request);
  if (refusedAtOnce) return refusedAtOnce;
  const missing = refusal(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  const show = (row: Row) => shownRow(records, name, row, query);
  if (method === 'GET' && sysId === undefined) {
    const { rows, headers } = found(records, name, request);
    if (rows.length === 0 && version !== 'v2/') return { ...missing, headers };
    return { status: 200, headers, body: { result: rows.map(show) } };
  }
  const row = sysId === undefined ? undefined : records.find(name, sysId);
  if (method === 'GET') return row ? { status: 200, body: { result: show(row) } } : missing;
  if (!WRITABLE.includes(name))
    return refusal(403, 'Operation Failed', 'ACL Exception Insert Failed due to security constraints');
  const given = v.safeParse(values, body);
  if (!given.success) return refusal(400, 'Exception while reading request', 'The payload is not valid JSON');
  const dangling = Object.entries(given.output).find(
    ([field, value]) => references[field] && value !== '' && !records.find(references[field], value),
  );
  const taken = dangling ? { ...given.output, [dangling[0]]: '' } : given.output;
  if (method === 'POST' && sysId === undefined) {
    const made = records.insert(name, taken, by);
    return { status: 201, body: { result: show(made) } };
  }
  if (method !== 'PATCH' || sysId === undefined) return refusal(405, 'Method not allowed');
  if (!row) return missing;
  records.update(name, row, taken, by);
  return { status: 200, body: { result: show(row) } };
}
