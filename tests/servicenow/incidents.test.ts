import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import { sendHttp } from '../../shared/http/client.ts';
import type { Incidents } from '../../shared/servicenow/incidents.ts';
import { incidentSettings, openIncidents } from '../../shared/servicenow/open-incidents.ts';
import { type Manner, type SeenRequest, type StandIn, startStandIn } from '../support/stand-in.ts';
import { steadyClock, stopwatch } from '../support/steady-clock.ts';

const ADA = '0123456789abcdef0123456789abcdef';
const BO = '11111111111111111111111111111111';
const login = { SERVICENOW_USER: 'handover', SERVICENOW_PASSWORD: 'pass:word', ALLOWED_COUNTRIES: 'US DE' };
let standIn: StandIn;
let incidents: Incidents;
let deadline: OwnedDeadline;

function opened(more: Readonly<Record<string, string>> = {}): Incidents {
  const faults: string[] = [];
  const settings = incidentSettings.read({ ...login, SERVICENOW_URL: standIn.url, ...more }, faults);
  expect(faults).toEqual([]);
  const made = openIncidents(settings, sendHttp);
  if (!made) throw new Error('no instance');
  return made;
}

beforeEach(async () => {
  standIn = await startStandIn({ result: [] });
  incidents = opened();
  deadline = startDeadline(steadyClock, 2_550);
});
afterEach(async () => {
  deadline.close();
  await standIn.close();
});

const askedAt = (at: number) => new URL(standIn.seen[at]?.path ?? '', standIn.url).searchParams;
const ada = { sys_id: ADA, active: 'true', email: 'ada@example.com', name: 'Ada Berg', phone: '', mobile_phone: '' };
const wish = {
  correlationId: 'h-1-w-1',
  callerId: ADA,
  title: 'Problem with email',
  description: 'Outlook does not start',
  priority: 'high',
} as const;

const asks = {
  userByEmail: () => incidents.userByEmail('ada@example.com', deadline),
  userByPhone: () => incidents.userByPhone('+15005550006', deadline),
  open: () => incidents.open(wish, deadline),
  newest: () => incidents.newest(ADA, deadline),
};

describe('row 43: every request', () => {
  test.for([
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    ['redirect', 'refused'],
    [429, 'unreachable'],
    [503, 'unreachable'],
    ['html', 'unreachable'],
    [500, 'unknown'],
    ['truncated-201', 'unknown'],
    ['reset-after-send', 'unknown'],
  ] as const)('that meets %s is %s, is made once, and tells nobody who was asked for', async ([manner, kind]) => {
    standIn.behave(manner as Manner);
    for (const ask of Object.values(asks)) {
      const error = await ask().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'NotTaken', kind });
      expect(String((error as Error).stack)).not.toMatch(/pass:word|ada@|5550006/);
    }
    expect(standIn.seen).toHaveLength(4);
  });

  test.for(['text', {}, { result: 'x' }, null, { result: [], error: { message: 'cancelled' }, status: 'failure' }])(
    'that is answered with %j is unknown',
    async (answer) => {
      standIn.answer = answer;
      for (const ask of Object.values(asks)) await expect(ask()).rejects.toMatchObject({ kind: 'unknown' });
    },
  );

  test('that hangs ends before its turn does, the look before an opening so soon that there is time to open', async () => {
    standIn.behave('hang');
    const took = stopwatch();
    const ended = Object.entries(asks).map(async ([name, ask]) => {
      await expect(ask()).rejects.toMatchObject({ name: 'NotTaken', kind: 'unknown' });
      expect(took()).toBeLessThan(name === 'open' ? 1_300 : 2_400);
    });
    await Promise.all(ended);
  });
});

describe('row 43: a user by e-mail address', () => {
  test('is asked for in one condition of an encoded query, in a few fields, of two rows', async () => {
    standIn.answer = { result: [{ ...ada, email: 'a&b+c@example.com' }] };
    await opened({ SERVICENOW_PIN_FIELD: 'u_pin' }).userByEmail(' a&b+c@example.com ', deadline);
    expect(standIn.seen[0]?.path).toBe(
      '/events/api/now/v2/table/sys_user?sysparm_query=email%3Da%26b%2Bc%40example.com%5Eactive%3Dtrue' +
        '&sysparm_fields=email%2Cactive%2Csys_id%2Cname%2Cphone%2Cmobile_phone%2Cu_pin&sysparm_limit=2' +
        '&sysparm_exclude_reference_link=true&sysparm_no_count=true',
    );
  });

  test.for([
    'a^ORactive=true@example.com',
    'a@example.com^ORactive=true',
    'a@example.com^NQactive=true',
    'javascript:gs.getUserID()@example.com',
    'a\n@example.com',
    'ada',
    '',
  ])('%j asks nothing and is nobody', async (email) => {
    expect(await incidents.userByEmail(email, deadline)).toBeUndefined();
    expect(standIn.seen).toEqual([]);
  });

  test('is whoever has it, with what is on file about them', async () => {
    const row = { ...ada, email: 'ADA@example.com', phone: '(500) 555-0006', mobile_phone: '+49 170 1234567' };
    standIn.answer = { result: [{ ...row, u_pin: '4711' }] };
    expect(await opened({ SERVICENOW_PIN_FIELD: 'u_pin' }).userByEmail('ada@example.com', deadline)).toEqual({
      sysId: ADA,
      email: 'ADA@example.com',
      name: 'Ada Berg',
      phones: ['+15005550006', '+491701234567'],
      mobile: '+491701234567',
      pin: '4711',
    });
  });

  test('has no name, phone or PIN where there is nothing that is one', async () => {
    for (const u_pin of ['', '12', 'abcd', '12345678901234', 4711, { value: '4711' }]) {
      standIn.answer = { result: [{ ...ada, name: ' ', phone: 'reception', mobile_phone: '555-0006 x12', u_pin }] };
      expect(await opened({ SERVICENOW_PIN_FIELD: 'u_pin' }).userByEmail('ada@example.com', deadline)).toEqual({
        ...{ sysId: ADA, email: 'ada@example.com', name: undefined, phones: [], mobile: undefined, pin: undefined },
      });
    }
    standIn.answer = { result: [{ ...ada, u_pin: '4711' }] };
    expect(await incidents.userByEmail('ada@example.com', deadline)).toMatchObject({ pin: undefined });
  });

  test('is nobody where there are two, or where others are answered than were asked for', async () => {
    standIn.answer = { result: [ada, { ...ada, sys_id: BO }] };
    expect(await incidents.userByEmail('ada@example.com', deadline)).toBeUndefined();
    standIn.answer = { result: [{ ...ada, email: 'bo@example.com' }] };
    expect(await incidents.userByEmail('ada@example.com', deadline)).toBeUndefined();
    standIn.answer = { result: [{ ...ada, active: 'false' }] };
    expect(await incidents.userByEmail('ada@example.com', deadline)).toBeUndefined();
  });
});

describe('row 43: a user by phone number', () => {
  test('is asked for by the ways to write it, of two rows', async () => {
    await asks.userByPhone();
    const query = askedAt(0).get('sysparm_query') ?? '';
    const [active, numbers = '', mobiles = '', ...more] = query.split('^');
    expect([active, more]).toEqual(['active=true', []]);
    const forms = numbers.replace('phoneIN', '').split(',');
    expect(mobiles).toBe(`ORmobile_phoneIN${forms.join(',')}`);
    for (const form of ['+15005550006', '+1 500 555 0006', '(500) 555-0006', '500-555-0006', '1-500-555-0006'])
      expect(forms).toContain(form);
    expect(askedAt(0).get('sysparm_limit')).toBe('2');
    expect(standIn.seen[0]?.path.length).toBeLessThan(4_000);
  });

  test.for(['', '15005550006', '+1500^ORactive=true', 'anonymous', '+1 500 555 0006'])(
    '%j asks nothing and is nobody',
    async (phone) => {
      expect(await incidents.userByPhone(phone, deadline)).toBeUndefined();
      expect(standIn.seen).toEqual([]);
    },
  );

  test('is the one whose number it is, and nobody where two have it', async () => {
    const row = { ...ada, mobile_phone: '(500) 555-0006' };
    standIn.answer = { result: [row, { ...ada, sys_id: BO, phone: '+1 500 555 0007' }] };
    expect(await asks.userByPhone()).toMatchObject({ sysId: ADA, phones: ['+15005550006'] });
    standIn.answer = { result: [row, { ...ada, sys_id: BO, phone: '+1 500 555 0006' }] };
    expect(await asks.userByPhone()).toBeUndefined();
  });

  test('is read without a country code in the first of the countries only, and nowhere where there is none', async () => {
    standIn.answer = { result: [{ ...ada, phone: '(500) 555-0006' }] };
    for (const ALLOWED_COUNTRIES of ['DE US', ''])
      expect(await opened({ ALLOWED_COUNTRIES }).userByPhone('+15005550006', deadline)).toBeUndefined();
    expect(askedAt(1).get('sysparm_query')).not.toContain('IN(500)');
  });
});

describe('row 43: an incident', () => {
  const answers =
    (found: readonly object[], made: object = { number: 'INC0010042' }) =>
    ({ method }: SeenRequest) => ({ result: method === 'GET' ? found : made });

  test('is looked for by its wish, then opened with urgency and impact', async () => {
    standIn.answer = answers([]);
    expect(await asks.open()).toEqual({ number: 'INC0010042' });
    expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(standIn.seen[0]?.path).toBe(
      '/events/api/now/v2/table/incident?sysparm_query=correlation_id%3Dh-1-w-1%5EORDERBYsys_created_on' +
        '&sysparm_fields=correlation_id%2Cnumber&sysparm_limit=1&sysparm_exclude_reference_link=true&sysparm_no_count=true',
    );
    expect(JSON.parse(standIn.seen[1]?.body ?? '')).toEqual({
      short_description: 'Problem with email',
      description: 'Outlook does not start',
      urgency: '1',
      impact: '1',
      contact_type: 'phone',
      correlation_id: 'h-1-w-1',
      correlation_display: 'Voice helpdesk',
      caller_id: ADA,
      opened_by: ADA,
    });
  });

  test.for([
    ['low', '3'],
    ['medium', '2'],
    ['high', '1'],
  ] as const)('of %s priority has %s for both', async ([priority, value]) => {
    standIn.answer = answers([]);
    await incidents.open({ ...wish, priority, callerId: undefined }, deadline);
    const sent = JSON.parse(standIn.seen[1]?.body ?? '');
    expect(sent).toMatchObject({ urgency: value, impact: value });
    expect(Object.keys(sent)).not.toContain('caller_id');
    expect(Object.keys(sent)).not.toContain('opened_by');
  });

  test('of this wish that is there is the one, and no other is opened', async () => {
    standIn.answer = answers([{ correlation_id: 'h-1-w-1', number: 'INC0010007' }]);
    expect(await asks.open()).toEqual({ number: 'INC0010007' });
    standIn.answer = answers([{ correlation_id: 'h-1-w-2', number: 'INC0010008' }]);
    expect(await asks.open()).toEqual({ number: 'INC0010042' });
    expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });

  test.for(['reset-after-send', 'truncated-201', 500, 504] as const)(
    'whose opening met %s is looked for again and never opened blindly',
    async (manner) => {
      let isThere = false;
      standIn.answer = () => ({ result: isThere ? [{ correlation_id: 'h-1-w-1', number: 'INC0010007' }] : [] });
      standIn.behave(['ok', manner]);
      await expect(asks.open()).rejects.toMatchObject({ kind: 'unknown' });
      expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
      isThere = true;
      standIn.behave(['ok']);
      expect(await asks.open()).toEqual({ number: 'INC0010007' });
    },
  );

  test('whose number got lost on its way is found by the second look', async () => {
    let looks = 0;
    standIn.answer = ({ method }: SeenRequest) => ({
      result: method === 'GET' && looks++ === 0 ? [] : [{ correlation_id: 'h-1-w-1', number: 'INC0010007' }],
    });
    standIn.behave(['ok', 'reset-after-send']);
    expect(await asks.open()).toEqual({ number: 'INC0010007' });
    expect(standIn.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });

  test('whose number cannot be read is opened once, however often it is asked for', async () => {
    let isThere = false;
    standIn.answer = ({ method }: SeenRequest) => {
      if (method === 'GET') return { result: isThere ? [{ correlation_id: 'h-1-w-1', number: '' }] : [] };
      isThere = true;
      return { result: { number: '' } };
    };
    await expect(asks.open()).rejects.toMatchObject({ kind: 'unknown' });
    await expect(asks.open()).rejects.toMatchObject({ kind: 'refused' });
    expect(standIn.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('that could not be looked for is not opened', async () => {
    standIn.behave([500]);
    await expect(asks.open()).rejects.toMatchObject({ kind: 'unknown' });
    expect(standIn.seen).toHaveLength(1);
  });

  test('of a wish that must not stand in a query, or would be cut, is refused', async () => {
    for (const correlationId of ['h^ORactive=true', 'h'.repeat(101)])
      await expect(incidents.open({ ...wish, correlationId }, deadline)).rejects.toMatchObject({ kind: 'refused' });
    expect(standIn.seen).toEqual([]);
  });

  test('with more words than people read is cut', async () => {
    standIn.answer = answers([]);
    await incidents.open({ ...wish, title: 'ä'.repeat(500), description: 'x'.repeat(50_000) }, deadline);
    const { short_description, description } = JSON.parse(standIn.seen[1]?.body ?? '');
    expect(Buffer.byteLength(short_description)).toBeLessThanOrEqual(160);
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(4_000);
  });
});

describe('row 43: the newest incidents of a user', () => {
  const row = (n: number, more: object = {}) => ({
    caller_id: ADA,
    number: `INC${n}`,
    short_description: `No ${n}`,
    opened_at: `2026-11-${String(n).padStart(2, '0')} 09:00:12`,
    state: '1',
    ...more,
  });

  test('are asked for newest first, by values, in a few fields of a few rows', async () => {
    await asks.newest();
    expect(standIn.seen[0]?.path).toBe(
      `/events/api/now/v2/table/incident?sysparm_query=caller_id%3D${ADA}%5EORDERBYDESCopened_at` +
        '&sysparm_fields=caller_id%2Cnumber%2Cshort_description%2Copened_at%2Cstate&sysparm_limit=30' +
        '&sysparm_exclude_reference_link=true&sysparm_no_count=true',
    );
  });

  test('are three, in their order, and those of nobody else are counted', async () => {
    standIn.answer = { result: [row(1), row(4), row(3), row(2), row(9, { caller_id: BO }), row(5)] };
    const { incidents: told, more } = await asks.newest();
    expect(told.map(({ number }) => number)).toEqual(['INC5', 'INC4', 'INC3']);
    expect(more).toBe(2);
    standIn.answer = { result: [row(1)] };
    expect(await asks.newest()).toEqual({
      incidents: [{ number: 'INC1', title: 'No 1', openedAtMs: Date.UTC(2026, 10, 1, 9, 0, 12), state: 'new' }],
      more: 0,
    });
    standIn.answer = { result: [] };
    expect(await asks.newest()).toEqual({ incidents: [], more: 0 });
  });

  test.for([
    ['1', 'new'],
    ['2', 'in_progress'],
    ['3', 'on_hold'],
    ['6', 'resolved'],
    ['7', 'closed'],
    ['8', 'canceled'],
    ['4', 'unknown'],
    ['Closed', 'unknown'],
    ['constructor', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
  ] as const)('row 42: state %j is %s', async ([state, known]) => {
    standIn.answer = { result: [row(1, { state })] };
    expect((await asks.newest()).incidents[0]?.state).toBe(known);
  });

  test('have no time where there is none that can be read', async () => {
    for (const opened_at of ['', 'yesterday', '2026-13-45 99:00:00', '21.11.2026 09:00:12', undefined]) {
      standIn.answer = { result: [row(1, { opened_at, short_description: undefined })] };
      expect((await asks.newest()).incidents[0]).toMatchObject({ openedAtMs: undefined, title: '' });
    }
  });

  test('of what is no user are none, and nothing is asked', async () => {
    expect(await incidents.newest('^ORactive=true', deadline)).toEqual({ incidents: [], more: 0 });
    expect(standIn.seen).toEqual([]);
  });
});

describe('the settings', () => {
  const faultsOf = (env: Readonly<Record<string, string>>) => {
    const faults: string[] = [];
    const settings = incidentSettings.read(env, faults);
    return { faults, incidents: faults.length === 0 ? openIncidents(settings, sendHttp) : undefined };
  };

  test('name no instance: then there are no incidents, and nothing is missing', () => {
    expect(faultsOf({})).toEqual({ faults: [], incidents: undefined });
    expect(incidentSettings.infos.every(({ optional }) => optional)).toBe(true);
  });

  test('that name one half are at fault', () => {
    expect(faultsOf({ SERVICENOW_URL: 'https://example.service-now.com' }).faults).toHaveLength(2);
    for (const SERVICENOW_PIN_FIELD of ['Pin', 'u_pin,password', '^', 'u'])
      expect(faultsOf({ SERVICENOW_PIN_FIELD }).faults).toHaveLength(1);
  });
});
