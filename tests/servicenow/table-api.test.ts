import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { serviceNowSettings } from '../../shared/servicenow/settings.ts';
import { isQueryValue, sysId, type TableApi, tableApi } from '../../shared/servicenow/table-api.ts';
import { type Manner, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const ID = '0123456789abcdef0123456789abcdef';
let standIn: StandIn;
let api: TableApi;
let deadline: OwnedDeadline;
beforeEach(async () => {
  standIn = await startStandIn({ result: [] });
  const env = { SERVICENOW_URL: `${standIn.url}/`, SERVICENOW_USER: 'handover', SERVICENOW_PASSWORD: 'pass:word' };
  api = tableApi(serviceNowSettings.read(env, []), sendHttp);
  deadline = startDeadline(steadyClock, 3_500);
});
afterEach(async () => {
  deadline.close();
  await standIn.close();
});

const search = (where: Readonly<Record<string, string>>) => ({
  table: 'sys_user',
  where,
  fields: ['sys_id', 'name'],
  limit: 2,
  row: v.object({ sys_id: v.string() }),
});

const record = {
  table: 'incident',
  values: { short_description: 'x' },
  fields: ['sys_id', 'number'],
  row: v.object({ sys_id: sysId, number: v.string() }),
};

test('row 43: a query is encoded, asks for a few fields of a few rows, and says who asks', async () => {
  await api.find({ ...search({ email: 'ada&sysparm_limit=1+b@example.com' }), sorted: 'ORDERBYDESCname' }, deadline);
  const { method, path = '', headers } = standIn.seen[0] ?? {};
  expect(method).toBe('GET');
  expect(path).toBe(
    '/events/api/now/v2/table/sys_user?sysparm_query=email%3Dada%26sysparm_limit%3D1%2Bb%40example.com%5EORDERBYDESCname' +
      '&sysparm_fields=email%2Csys_id%2Cname&sysparm_limit=2&sysparm_exclude_reference_link=true&sysparm_no_count=true',
  );
  expect(headers).toMatchObject({
    authorization: `Basic ${Buffer.from('handover:pass:word').toString('base64')}`,
    accept: 'application/json',
  });
});

test.for([
  'a^ORactive=true',
  '^',
  'javascript:gs.getUserID()',
  'x JavaScript :y',
  'a\nb',
  'a\u0000b',
  '',
  '  ',
  '\ud800',
])('row 43: %j never stands in a query', async (value) => {
  await expect(api.find(search({ email: value }), deadline)).rejects.toMatchObject({ kind: 'refused' });
  expect(standIn.seen).toEqual([]);
});

test('whatever may stand in a query is one condition of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      if (!isQueryValue(value)) return;
      expect(`email=${value}`.split('^')).toHaveLength(1);
      expect(value.toLowerCase()).not.toContain('javascript:');
      expect(encodeURIComponent(value)).toEqual(expect.any(String));
    }),
  );
});

test('rows that do not fit what was asked for, or are none, are left out', async () => {
  standIn.answer = {
    result: [
      { sys_id: ID, email: 'ADA@example.com' },
      { sys_id: ID, email: 'bo@example.com' },
      { sys_id: ID },
      { email: 'ada@example.com' },
    ],
  };
  expect(await api.find(search({ email: 'ada@example.com' }), deadline)).toEqual([{ sys_id: ID }]);
});

test('one of several fields may hold one of several values, each of them beside every other condition', async () => {
  const oneOf = { fields: ['phone', 'mobile_phone'], values: ['+1 500', '(500) 555-0006'] };
  standIn.answer = {
    result: [
      { sys_id: ID, active: 'true', phone: '', mobile_phone: '(500) 555-0006' },
      { sys_id: ID, active: 'true', phone: '+1', mobile_phone: '' },
      { sys_id: ID, active: 'false', phone: '+1 500', mobile_phone: '' },
    ],
  };
  expect(await api.find({ ...search({ active: 'true' }), oneOf }, deadline)).toEqual([{ sys_id: ID }]);
  const parameters = new URL(standIn.seen[0]?.path ?? '', standIn.url).searchParams;
  expect(parameters.get('sysparm_query')).toBe(
    'active=true^phoneIN+1 500,(500) 555-0006^ORmobile_phoneIN+1 500,(500) 555-0006',
  );
  expect(parameters.get('sysparm_fields')).toBe('active,phone,mobile_phone,sys_id,name');
});

test.for(['a,b', 'a^ORactive=true', '', 'javascript:x'])('%j never stands among several values', async (value) => {
  const oneOf = { fields: ['phone'], values: ['1', value] };
  await expect(api.find({ ...search({ active: 'true' }), oneOf }, deadline)).rejects.toMatchObject({ kind: 'refused' });
  expect(standIn.seen).toEqual([]);
});

test('a reference that comes with its address is the record that it names', async () => {
  standIn.answer = { result: [{ sys_id: ID, caller_id: { link: 'https://example.com', value: ID } }] };
  expect(await api.find(search({ caller_id: ID }), deadline)).toEqual([{ sys_id: ID }]);
});

test('a record that was made is known by the fields that were asked for', async () => {
  standIn.answer = { result: { sys_id: ID, number: 'INC0010042' } };
  expect(await api.create(record, deadline)).toEqual({ sys_id: ID, number: 'INC0010042' });
  expect(standIn.seen[0]?.path).toBe('/events/api/now/v2/table/incident?sysparm_fields=sys_id%2Cnumber');
});

test.for([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'refused'],
  [406, 'refused'],
  ['redirect', 'refused'],
  [429, 'unreachable'],
  [503, 'unreachable'],
  ['html', 'unreachable'],
  [500, 'unknown'],
  [502, 'unknown'],
  ['reset-after-send', 'unknown'],
  ['truncated-201', 'unknown'],
] as const)('row 43: %s is %s, for reading and for writing, and nothing is repeated', async ([manner, kind]) => {
  standIn.behave(manner as Manner);
  const asks = [
    () => api.find(search({ email: 'ada@example.com' }), deadline),
    () => api.create(record, deadline),
    () => api.update('incident', ID, { comments: 'x' }, deadline),
  ];
  for (const ask of asks) {
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'NotTaken', kind });
    expect(String((error as Error).stack)).not.toContain('pass:word');
  }
  expect(standIn.seen).toHaveLength(3);
});

test('row 43: a wait that is asked for is passed on', async () => {
  standIn.behave(429);
  await expect(api.find(search({ email: 'a@b.de' }), deadline)).rejects.toMatchObject({ retryAfterMs: 1_000 });
});

test('row 43: silence ends in time', async () => {
  standIn.behave('hang');
  const took = stopwatch();
  await expect(api.find(search({ email: 'a@b.de' }), deadline)).rejects.toMatchObject({ kind: 'unknown' });
  expect(took()).toBeLessThan(1_900);
});

test.for([
  'text',
  {},
  { result: 'x' },
  { result: [] },
  { result: { sys_id: 'INC1' } },
  { result: { sys_id: 5 } },
  { result: { sys_id: ID } },
  null,
])('what answers a new record with %j may have made it', async (answer) => {
  standIn.answer = answer;
  await expect(api.create(record, deadline)).rejects.toMatchObject({ kind: 'unknown' });
});

test('an answer of more than 1 MB is cut off', async () => {
  standIn.answer = { result: [{ email: 'a@b.de', sys_id: 'x'.repeat(1_100_000) }] };
  await expect(api.find(search({ email: 'a@b.de' }), deadline)).rejects.toMatchObject({ kind: 'unknown' });
});
