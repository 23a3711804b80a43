import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeskTold } from '../../shared/core/handover/desk-told.ts';
import { serviceNowTelling } from '../../shared/desks/servicenow/events.ts';
import fixtures from '../fixtures/servicenow/callbacks.json' with { type: 'json' };
import { inboundOf } from '../support/calls.ts';
import { stopwatch } from '../support/steady-clock.ts';

const settings = {
  SERVICENOW_URL: 'https://example.service-now.com',
  SERVICENOW_USER: 'handover.integration',
  SERVICENOW_PASSWORD: 'servicenow-password',
  SERVICENOW_WEBHOOK_TOKEN: ['a-token'],
};
const told = (body: unknown): readonly DeskTold[] => serviceNowTelling.told(body, inboundOf(''), settings);

/** Without the members that are there and undefined. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

const ID = /^[A-Za-z0-9._:@+-]{1,200}$/;

describe('a callback of Virtual Agent', () => {
  test.for(fixtures.callbacks)('says: $about ($from)', ({ body, told: expected }) => {
    const heard = told(body);
    expect(plain(heard.map(({ event }) => event))).toEqual(expected);
    for (const { about, eventId } of heard) {
      expect(about).toEqual({ handoverId: 'h7f2' });
      expect(eventId).toMatch(ID);
    }
    expect(new Set(heard.map(({ eventId }) => eventId)).size).toBe(heard.length);
  });

  test('is known by the names of its messages, so a repeated one is the same and another is another', () => {
    const says = (messageId: string | undefined, value: string, requestId = 'r-1') =>
      told({ clientSessionId: 'h7f2', requestId, body: [{ uiType: 'OutputText', value, messageId }] })[0]?.eventId;
    expect(says('m-1', 'Hello')).toBe(says('m-1', 'Hello'));
    expect(says('m-1', 'Hello')).not.toBe(says('m-2', 'Hello'));
    expect(says(undefined, 'Hello')).toBe(says(undefined, 'Hello'));
    expect(says(undefined, 'Hello')).not.toBe(says(undefined, 'Hello', 'r-2'));
    expect(says('not an id of ours', 'Hello')).toMatch(ID);
  });

  test('is of a stream when its parts share a name: each is another', () => {
    const part = (value: string) =>
      told({ clientSessionId: 'h7f2', requestId: 'r-1', body: [{ uiType: 'StreamChunk', value, messageId: 'm-1' }] });
    expect(part('Hello, ')[0]?.eventId).toBe(part('Hello, ')[0]?.eventId);
    expect(part('Hello, ')[0]?.eventId).not.toBe(part('Ada')[0]?.eventId);
  });

  test('ends a handover under one name, whatever says so', () => {
    const ids = [
      { completed: true },
      { takeControl: true },
      { body: [{ uiType: 'ActionMsg', actionType: 'SwitchToVirtualAgent' }] },
    ]
      .flatMap((more) => told({ clientSessionId: 'h7f2', ...more }))
      .map(({ eventId }) => eventId);
    expect(ids).toEqual(['h7f2-over', 'h7f2-over', 'h7f2-over']);
  });

  test('is of the handover in what we asked to have back, else of the session', () => {
    const aboutOf = (more: object) => told({ completed: true, ...more })[0]?.about;
    expect(aboutOf({ clientVariables: { handoverId: 'h1' }, clientSessionId: 'h2' })).toEqual({ handoverId: 'h1' });
    expect(aboutOf({ clientSessionId: 'h2' })).toEqual({ handoverId: 'h2' });
    expect(aboutOf({ clientVariables: { handoverId: 'not an id' }, clientSessionId: 'h2' })).toEqual({
      handoverId: 'h2',
    });
    expect(aboutOf({})).toBeUndefined();
  });
});

describe('what the business rule sends', () => {
  const incident = '0123456789abcdef0123456789abcdef';
  const comment = (n: number, more: object = {}) => ({
    ...{ id: n.toString(16).padStart(32, '0'), by: 'bo.lind', text: `comment ${n}`, at: '2026-01-01 00:06:00' },
    ...more,
  });
  const posted = { incident, handoverId: 'h7f2', state: '2', comments: [comment(1)] };

  test('is understood like a look at the tables', () => {
    const seen = told({
      ...{ ...posted, state: '7', updatedAt: '2026-01-01 00:07:00', assignedTo: { id: 'bo.lind', name: 'Bo Lind' } },
      comments: [comment(1), comment(2, { by: 'HANDOVER.integration' }), comment(3, { by: 'eva' })],
    });
    expect(plain(seen.map(({ event }) => event))).toEqual([
      { kind: 'joined', agent: { name: 'Bo Lind' }, agentId: 'bo.lind' },
      { kind: 'says', text: 'comment 1', agent: { name: 'Bo Lind' }, isShown: false },
      { kind: 'says', text: 'comment 3', isShown: false },
      { kind: 'ended', by: 'agent', agent: { name: 'Bo Lind' } },
    ]);
    expect(seen.map(({ atMs }) => atMs)).toEqual([7, 6, 6, 7].map((minute) => Date.UTC(2026, 0, 1, 0, minute)));
  });

  test.for([
    ['no list of comments', { comments: 'none' }],
    ['comments that are none', { comments: [null, 'text', {}, { id: 'x' }] }],
    ['a comment without an id of theirs', { comments: [comment(1, { id: 'INC1' })] }],
    ['an empty comment', { comments: [comment(1, { text: ' [code]<br>[/code] ' })] }],
    ['nobody named as its owner', { comments: [], assignedTo: { id: 5 } }],
  ] as const)('with %s tells nothing', ([, more]) => {
    expect(told({ ...posted, ...more })).toEqual([]);
  });

  test('with a time that nobody can read says no time', () => {
    for (const at of ['today', '2026-13-45 99:00:00', 5, undefined])
      expect(told({ ...posted, comments: [comment(1, { at })] })[0]?.atMs).toBeUndefined();
  });

  test.for(['[code]<script><', '<', '<br', '</p', '&a'])(
    'with a comment of many broken %s is read in no time',
    (broken) => {
      const text = `[code]${broken.repeat(600_000 / broken.length)}[/code]`;
      const took = stopwatch();
      told({ ...posted, comments: [comment(1, { text })] });
      told({ clientSessionId: 'h7f2', body: [{ uiType: 'OutputHtml', value: text, messageId: 'm' }] });
      expect(took()).toBeLessThan(1_000);
    },
  );
});

test('the business rule of the documentation sends just that', () => {
  const page = readFileSync(new URL('../../shared/desks/servicenow/README.md', import.meta.url), 'utf8');
  const script = /^```js\n(.*?)^```/ms.exec(page)?.[1] ?? '';
  const entries = [
    { sys_id: '2'.repeat(32), sys_created_by: 'bo.lind', value: 'Hello', sys_created_on: '2026-01-01 00:06:00' },
    { sys_id: '1'.repeat(32), sys_created_by: 'eva', value: 'Hi', sys_created_on: '2026-01-01 00:05:00' },
  ];
  const incident = {
    ...{ sys_id: '0'.repeat(32), correlation_id: 'h7f2', state: '2', sys_updated_on: '2026-01-01 00:06:00' },
  } as Record<string, string>;
  const current = {
    assigned_to: { user_name: 'bo.lind', name: 'Bo Lind' },
    caller_id: { user_name: 'ada.berg' },
    getUniqueValue: () => incident.sys_id,
    getValue: (field: string) => incident[field],
  };
  const request: Record<string, unknown> = {};
  const headers: Record<string, string> = {};
  // A GlideRecord of an instance, as far as the script knows it.
  function GlideRecord() {
    let at = -1;
    const row = () => (entries as unknown as Record<string, string>[])[at];
    return {
      addQuery: () => {},
      orderByDesc: () => {},
      setLimit: () => {},
      query: () => {},
      next: () => ++at < entries.length,
      getUniqueValue: () => row()?.sys_id,
      getValue: (field: string) => row()?.[field],
    };
  }
  const RESTMessageV2 = () => ({
    setEndpoint: (url: string) => Object.assign(request, { url }),
    setHttpMethod: (method: string) => Object.assign(request, { method }),
    setRequestHeader: (name: string, value: string) => Object.assign(headers, { [name]: value }),
    setRequestBody: (body: string) => Object.assign(request, { body }),
    executeAsync: () => Object.assign(request, { isSent: true }),
  });
  const gs = { getProperty: (name: string) => `value of ${name}` };
  runInNewContext(script, {
    current,
    GlideRecord,
    gs,
    sn_ws: {
      RESTMessageV2: function Message() {
        return RESTMessageV2();
      },
    },
  });
  expect(request).toMatchObject({ method: 'post', url: 'value of handover.desk_events_url', isSent: true });
  expect(headers).toEqual({ 'Content-Type': 'application/json', 'X-Handover-Token': 'value of handover.token' });
  const bo = { name: 'Bo Lind' };
  expect(plain(told(JSON.parse(`${request.body}`)).map(({ event }) => event))).toEqual([
    { kind: 'joined', agent: bo, agentId: 'bo.lind' },
    { kind: 'says', text: 'Hi', isShown: false },
    { kind: 'says', text: 'Hello', agent: bo, isShown: false },
  ]);
});

test('whatever comes, nothing is thrown', () => {
  const member = fc.constantFrom(
    'clientSessionId',
    'clientVariables',
    'body',
    'agentChat',
    'completed',
    'incident',
    'handoverId',
    'state',
    'comments',
    'assignedTo',
  );
  const whole = fc.dictionary(member, fc.jsonValue());
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), whole), (body) => {
      for (const { eventId } of told(body)) expect(eventId).toMatch(ID);
    }),
  );
  const items = fc.array(
    fc.dictionary(
      fc.constantFrom(
        'uiType',
        'actionType',
        'value',
        'label',
        'options',
        'values',
        'content',
        'data',
        'agentInfo',
        'messageId',
        'waitTime',
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom('OutputHtml', 'ActionMsg', 'OutputCard', 'StreamChunk', '{"fields":[1]}', '<&#xfffffff;'),
      ),
    ),
  );
  fc.assert(
    fc.property(items, (body) => {
      for (const { eventId } of told({ clientSessionId: 'h7f2', body })) expect(eventId).toMatch(ID);
    }),
  );
});
