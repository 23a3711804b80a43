import { describe, expect, test } from 'vitest';
import { instanceRecords, type Row } from '../../stage/twins/servicenow/records.ts';
import { tableAnswer } from '../../stage/twins/servicenow/table-api.ts';

const NOW_MS = Date.UTC(2026, 10, 28, 20, 0, 0);
const json = { accept: 'application/json', 'content-type': 'application/json' };
const records = instanceRecords(() => NOW_MS);

interface Asked {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: string;
}

function ask(path: string, { method = 'GET', query = {}, body = '', headers = json, version = 'v2/' }: Asked = {}) {
  const answer = tableAnswer(
    records,
    {
      ...{ method, path: `/api/now/${version}table/${path}`, query: new URLSearchParams(query), headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    'handover.integration',
  );
  const { result } = Object(answer.body) as { readonly result?: readonly Row[] };
  return { ...answer, result: result ?? [] };
}

const named = (sysparm_query: string, more: Readonly<Record<string, string>> = {}) =>
  ask('sys_user', { query: { sysparm_query, sysparm_fields: 'user_name', ...more } }).result.map(
    ({ user_name }) => user_name,
  );
const everybody = named('').length;

describe('an encoded query', () => {
  test.for([
    ['email=w.huang@example.com', ['w.huang']],
    ['email=W.HUANG@EXAMPLE.COM', ['w.huang']],
    ['email=jane.doe@example.com^active=true', ['jane.doe']],
    ['phoneIN5005550126,500.555.0130^active=true', ['fred.luddy', 'jane.doe']],
    ['active=true^phoneIN5005550126^ORmobile_phoneIN5005550126', ['jane.doe']],
    ['active=false^ORname=Tom', ['jane.doe.left', 'tom99']],
    ['name=Tom^active=false^NQname=Li Na', ['li-na']],
    ['emailSTARTSWITHsue', ['sue.white']],
    ['emailENDSWITHbespoken.io', ['jpk']],
    ['emailLIKE_o@', ['mike_o']],
    [
      'phoneISNOTEMPTY^ORDERBYphone^active=true',
      ['abraham.lincoln', 'mike_o', 'david.miller', 'fred.luddy', 'jane.doe'],
    ],
  ] as const)('%s finds %j', ([query, found]) => {
    expect(named(query)).toHaveLength(found.length);
    expect(new Set(named(query))).toEqual(new Set(found));
  });

  test.for(['nonsense', 'email', 'e mail=x', 'no_such_field=x', 'email~x', 'email=javascript:gs.getUserID()'])(
    'loses the part %s, so that more is found than was asked for',
    (part) => {
      expect(named(part)).toHaveLength(everybody);
      expect(named(`${part}^active=false`)).toEqual(['jane.doe.left']);
    },
  );

  test('sorts, up and down, by more than one field', () => {
    const up = named('ORDERBYname');
    expect(up.toReversed()).toEqual(
      named('ORDERBYDESCname').toSorted((a = '', b = '') => up.indexOf(b) - up.indexOf(a)),
    );
    const two = ask('sys_user', { query: { sysparm_query: 'ORDERBYDESCactive^ORDERBYname' } }).result;
    expect([two[0]?.name, two.at(-1)?.active]).toEqual(['Abraham Lincoln', 'false']);
  });
});

describe('an answer', () => {
  test('is a page, and says how many there are and where the others are', () => {
    const page = ask('sys_user', { query: { sysparm_limit: '4', sysparm_offset: '4' } });
    expect(page.result).toHaveLength(4);
    expect(page.headers?.['x-total-count']).toBe(String(everybody));
    const rels = [...(page.headers?.link ?? '').matchAll(/sysparm_offset=(\d+)>;rel="(\w+)"/g)];
    expect(rels.map(([, offset, rel]) => `${rel} ${offset}`)).toEqual(['first 0', 'prev 0', 'next 8', 'last 12']);
    const plain = { sysparm_suppress_pagination_header: 'true' };
    expect(Object.keys(ask('sys_user', { query: plain }).headers ?? {})).toEqual(['x-total-count']);
    expect(ask('sys_user', { query: { sysparm_no_count: 'true' } }).headers).toEqual({});
  });

  test('has values, what is shown for them, or both; references with their address unless nobody wants it', () => {
    const of = (query: Readonly<Record<string, string>>) =>
      ask('incident', {
        query: {
          ...{
            sysparm_query: 'short_description=Problem with email',
            sysparm_fields: 'state,caller_id,opened_at,nothing',
          },
          ...query,
        },
      }).result[0];
    const sysId = records.table('sys_user')?.find(({ user_name }) => user_name === 'abraham.lincoln')?.sys_id;
    const link = `https://example.service-now.com/api/now/v2/table/sys_user/${sysId}`;
    const plain = { sysparm_exclude_reference_link: 'true' };
    expect(of({})).toEqual({ state: '1', caller_id: { link, value: sysId }, opened_at: '2026-11-27 20:00:00' });
    expect(of(plain)).toEqual({ state: '1', caller_id: sysId, opened_at: '2026-11-27 20:00:00' });
    expect(of({ sysparm_display_value: 'true' })).toEqual({
      state: 'New',
      caller_id: { display_value: 'Abraham Lincoln', link },
      opened_at: '2026-11-27 12:00:00',
    });
    expect(of({ ...plain, sysparm_display_value: 'all' })).toEqual({
      state: { display_value: 'New', value: '1' },
      caller_id: { display_value: 'Abraham Lincoln', value: sysId },
      opened_at: { display_value: '2026-11-27 12:00:00', value: '2026-11-27 20:00:00' },
    });
  });

  test('that finds nothing is empty in version 2 and a 404 in version 1', () => {
    const query = { sysparm_query: 'email=nobody@example.com' };
    expect(ask('sys_user', { query })).toMatchObject({ status: 200, result: [] });
    expect(ask('sys_user', { query, version: 'v1/' })).toMatchObject({ status: 404 });
  });

  test.for([
    [400, 'no_such_table', {}],
    [404, `incident/${'0'.repeat(32)}`, {}],
    [403, 'sys_user', { method: 'POST', body: { name: 'Eve' } }],
    [
      415,
      'incident',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [406, 'incident', { headers: { accept: 'text/csv' } }],
    [400, 'incident', { method: 'POST', body: 'no JSON' }],
    [405, 'incident', { method: 'PUT', body: {} }],
  ] as const)('refuses with %i what is asked of %s in the form of %j', ([status, path, asked]) => {
    expect(ask(path, asked)).toMatchObject({
      status,
      body: { error: { message: expect.any(String) }, status: 'failure' },
    });
  });
});

describe('an incident', () => {
  const make = (body: object) =>
    Object(ask('incident', { method: 'POST', body, query: { sysparm_exclude_reference_link: 'true' } }).result) as Row;

  test('has a number, a time, and a priority of its impact and urgency; unknown fields and people are dropped', () => {
    const [one, other] = [
      make({ short_description: 'x', urgency: '1', impact: '1', correlation_id: 'h-1', u_nothing: 'x' }),
      make({ urgency: '1', caller_id: 'f'.repeat(32), correlation_id: 'h-1' }),
    ];
    expect(one).toMatchObject({ state: '1', priority: '1', opened_at: '2026-11-28 20:00:00', correlation_id: 'h-1' });
    expect(one).not.toHaveProperty('u_nothing');
    expect(other).toMatchObject({ priority: '3', caller_id: '', correlation_id: 'h-1' });
    expect(Number(other.number?.slice(3))).toBe(Number(one.number?.slice(3)) + 1);
    expect(records.made()).toHaveLength(2);
  });

  test('of those before is there in every state, and is not among those that were made', () => {
    const states = new Set(records.table('incident')?.map(({ state }) => state));
    expect(states).toEqual(new Set(['1', '2', '3', '6', '7', '8', '11']));
    records.reset();
    expect(records.made()).toEqual([]);
  });
});
