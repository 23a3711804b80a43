import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import { answerTo, NotTaken, takenAnswer } from '../core/handover/not-taken.ts';
import type { HttpRequest, SendHttp } from '../core/http.ts';
import { latePattern } from '../core/late-pattern.ts';
import { instanceHeaders, instanceUrl, type ServiceNowSettings } from './settings.ts';

/** One try, where nobody says how long. Nothing is repeated here: who asks knows whether that could do something twice. */
const TRY_MS = 1_500;

/** A `sys_id`, as ServiceNow names every record. */
export const sysId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** What is written into a record. */
export type Values = Readonly<Record<string, string>>;

/** Which records are wanted. */
export interface Search<T> {
  readonly table: string;
  /** All of these must be so. Compared without regard to letter case, as ServiceNow does. */
  readonly where: Values;
  /** And one of these fields holds one of these values, in which there is no comma. */
  readonly oneOf?: { readonly fields: readonly string[]; readonly values: readonly string[] };
  /** Besides those of `where`, which come in any case. */
  readonly fields: readonly string[];
  readonly sorted?: `${'ORDERBY' | 'ORDERBYDESC'}${string}`;
  readonly limit: number;
  readonly tryMs?: number;
  readonly row: v.GenericSchema<unknown, T>;
}

/** A record that is to be made, and what is to be known of it then. */
export interface NewRecord<T> {
  readonly table: string;
  readonly values: Values;
  readonly fields: readonly string[];
  readonly row: v.GenericSchema<unknown, T>;
}

/**
 * ServiceNow's Table API, version 2, in which nothing found is an empty list. Each call is one request within the deadline
 * and answers of at most 1 MB. All throw `NotTaken`: `refused` for a status that will not change (wrong login, no right, no
 * record), `unreachable` for 429 and 503, with the `Retry-After` of the answer, `unknown` where it may have been done.
 * Source: ServiceNow REST API reference, Table API, release australia, read 2026-11-21.
 */
export interface TableApi {
  /** The records that fit. A row that does not fit, or that `row` does not know, is left out. */
  find<T>(search: Search<T>, deadline: Deadline): Promise<readonly T[]>;
  /** Makes a record. */
  create<T>(record: NewRecord<T>, deadline: Deadline): Promise<T>;
  /** Changes fields of a record. What is written to a journal field is added to it. */
  update(table: string, id: string, values: Values, deadline: Deadline): Promise<void>;
}

const notInQuery = latePattern(String.raw`[\^\p{Cc}\p{Cs}]|javascript\s*:`, 'iu');

/**
 * Whether a value may stand in a query: `^` would begin another condition, `javascript:` would be run, and a part that
 * ServiceNow cannot read is dropped, so that more is found than was asked for.
 */
export const isQueryValue = (value: string): boolean => value.trim() !== '' && !notInQuery().test(value);

function queryOf({ where, oneOf, sorted }: Pick<Search<unknown>, 'where' | 'oneOf' | 'sorted'>): string {
  const refuse = (field: string): never => {
    throw new NotTaken('refused', `a value of ${field} that must not stand in a query`);
  };
  const conditions = Object.entries(where).map(([field, value]) =>
    isQueryValue(value) ? `${field}=${value}` : refuse(field),
  );
  // OR binds more closely than what stands before it.
  const alternatives = oneOf?.fields.map((field) =>
    oneOf.values.every((value) => isQueryValue(value) && !value.includes(','))
      ? `${field}IN${oneOf.values.join(',')}`
      : refuse(field),
  );
  return [...conditions, ...(alternatives ? [alternatives.join('^OR')] : []), ...(sorted ? [sorted] : [])].join('^');
}

/** An instance that gives up in the middle of a list says so after it, in an answer of 200. Source: ServiceNow KB1297438. */
const listed = v.object({ result: v.array(v.record(v.string(), v.unknown())), error: v.optional(v.undefined()) });

/** The text of a field. A reference may come with its address. */
const textOf = (field: unknown): string => String(Object(field).value ?? field);

/** Holds each row against the conditions again: a condition that was dropped must not widen what we do. */
function rowsOf<T>(answer: unknown, { where, oneOf, row }: Search<T>): readonly T[] {
  const parsed = v.safeParse(listed, answer);
  if (!parsed.success) throw new NotTaken('unknown', 'not what the Table API answers');
  const same = (field: unknown, value: string) => textOf(field).toLowerCase() === value.toLowerCase();
  const fits = (found: Readonly<Record<string, unknown>>) =>
    Object.entries(where).every(([field, value]) => same(found[field], value)) &&
    (!oneOf || oneOf.fields.some((field) => oneOf.values.some((value) => same(found[field], value))));
  return parsed.output.result.filter(fits).flatMap((found) => {
    const known = v.safeParse(row, found);
    return known.success ? [known.output] : [];
  });
}

export function tableApi(settings: ServiceNowSettings, send: SendHttp): TableApi {
  const headers = instanceHeaders(settings);

  async function ask(
    request: Pick<HttpRequest, 'method'> & { readonly path: string; readonly values?: Values; readonly tryMs?: number },
    deadline: Deadline,
  ) {
    const { method, path, values, tryMs = TRY_MS } = request;
    const body = values === undefined ? {} : { body: JSON.stringify(values) };
    const url = instanceUrl(settings, `/api/now/v2/table/${path}`);
    return takenAnswer(await answerTo(send, { method, url, headers, ...body, tryMs, deadline }));
  }

  return {
    async find(search, deadline) {
      const { table, where, oneOf, fields, limit, tryMs = TRY_MS } = search;
      const parameters = new URLSearchParams({
        sysparm_query: queryOf(search),
        sysparm_fields: [...new Set([...Object.keys(where), ...(oneOf?.fields ?? []), ...fields])].join(','),
        sysparm_limit: String(limit),
        sysparm_exclude_reference_link: 'true',
        sysparm_no_count: 'true',
      });
      return rowsOf(await ask({ method: 'GET', path: `${table}?${parameters}`, tryMs }, deadline), search);
    },
    async create({ table, values, fields, row }, deadline) {
      const path = `${table}?${new URLSearchParams({ sysparm_fields: fields.join(',') })}`;
      const made = v.object({ result: row });
      const parsed = v.safeParse(made, await ask({ method: 'POST', path, values }, deadline));
      if (!parsed.success) throw new NotTaken('unknown', 'made, but not what the Table API answers');
      return parsed.output.result;
    },
    async update(table, id, values, deadline) {
      const path = `${table}/${encodeURIComponent(id)}?sysparm_fields=sys_id`;
      await ask({ method: 'PATCH', path, values }, deadline);
    },
  };
}
