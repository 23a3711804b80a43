import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OwnedDeadline, startDeadline } from '../../shared/core/deadline.ts';
import { NoAnswer, type SendHttp } from '../../shared/core/http.ts';
import { systemClock } from '../../shared/runtimes/system.ts';
import { incidentSettings, openIncidents } from '../../shared/servicenow/open-incidents.ts';
import { isQueryValue } from '../../shared/servicenow/table-api.ts';
import type { TwinAnswer } from '../../stage/twin.ts';
import { PIN_FIELD } from '../../stage/twins/servicenow/people.ts';
import { instanceRecords } from '../../stage/twins/servicenow/records.ts';
import { tableAnswer } from '../../stage/twins/servicenow/table-api.ts';

const NOW_MS = Date.UTC(2026, 10, 28, 20, 0, 0);
const DAY_MS = 86_400_000;

/** The instance of the stage, without the network between. `lost` answers come to nobody, though all is done. */
function instance() {
  const records = instanceRecords(() => NOW_MS);
  const asked: { readonly query: string; readonly answer: TwinAnswer }[] = [];
  const lost: boolean[] = [];
  const send: SendHttp = async ({ method, url, headers, body = '' }) => {
    const { pathname: path, searchParams: query } = new URL(url);
    const answer = tableAnswer(records, { method, path, query, headers, body }, 'handover.integration');
    asked.push({ query: query.get('sysparm_query') ?? '', answer });
    if (lost.shift()) throw new NoAnswer(true, 'connection failed');
    return { status: answer.status, headers: {}, body: JSON.stringify(answer.body) };
  };
  const env = {
    ...{ SERVICENOW_URL: 'https://example.service-now.com', SERVICENOW_USER: 'handover.integration' },
    ...{ SERVICENOW_PASSWORD: 'secret', SERVICENOW_PIN_FIELD: PIN_FIELD, ALLOWED_COUNTRIES: 'US' },
  };
  const incidents = openIncidents(incidentSettings.read(env, []), send);
  if (!incidents) throw new Error('no instance');
  return { incidents, records, asked, lost };
}

let deadline: OwnedDeadline;
beforeEach(() => {
  deadline = startDeadline(systemClock, 60_000);
});
afterEach(() => deadline.close());

describe('row 43: on the instance of the stage', () => {
  test('everybody who can be is found by each of their numbers, however it is written there', async () => {
    const { incidents, records } = instance();
    const written = (records.table('sys_user') ?? []).filter(({ active }) => active === 'true');
    for (const { email = '', phone, mobile_phone } of written) {
      const user = await incidents.userByEmail(email, deadline);
      expect(user).toMatchObject({ email });
      expect(user?.phones).toHaveLength([phone, mobile_phone].filter(Boolean).length);
      for (const number of user?.phones ?? []) {
        const isShared = number === '+15005550130';
        expect((await incidents.userByPhone(number, deadline))?.email).toBe(isShared ? undefined : email);
      }
    }
    expect(await incidents.userByPhone('+15005550199', deadline)).toBeUndefined();
  });

  test('a user is whoever has not left, with a mobile phone and a PIN where there are such', async () => {
    const { incidents } = instance();
    expect(await incidents.userByEmail('abraham.lincoln@example.com', deadline)).toMatchObject({
      ...{ name: 'Abraham Lincoln', phones: ['+15005550120', '+15005550121'], mobile: '+15005550121', pin: '2468' },
    });
    expect(await incidents.userByEmail('jane.doe@example.com', deadline)).toMatchObject({ mobile: undefined });
  });

  test('an incident is opened once, whatever gets lost, and is the newest of its caller', async () => {
    const { incidents, records, lost } = instance();
    const user = await incidents.userByEmail('beth.anglin@example.com', deadline);
    const wish = {
      ...{ correlationId: 'h-1-w-1', callerId: user?.sysId, title: 'Problem with email', priority: 'high' as const },
      description: 'R&D <mail> ^ does not start',
    };
    lost.push(true, false, true, true, false, true);
    const opened = async () => incidents.open(wish, deadline).catch(({ kind }) => kind);
    const outcomes = [];
    for (let n = 0; n < 5; n++) outcomes.push(await opened());
    const [made, ...others] = records.made();
    expect(others).toEqual([]);
    expect(outcomes).toEqual(['unknown', 'unknown', { number: made?.number }, 'unknown', { number: made?.number }]);
    expect(made).toMatchObject({ priority: '1', contact_type: 'phone', description: wish.description });
    expect(await incidents.newest(user?.sysId ?? '', deadline)).toEqual({
      incidents: [
        { number: made?.number, title: 'Problem with email', openedAtMs: NOW_MS, state: 'new' },
        {
          number: 'INC0010006',
          title: 'R&D printer is out of <toner>',
          openedAtMs: NOW_MS - 8 * DAY_MS,
          state: 'resolved',
        },
        {
          number: 'INC0010005',
          title: 'Badge for the new building',
          openedAtMs: NOW_MS - 40 * DAY_MS,
          state: 'canceled',
        },
      ],
      more: 0,
    });
  });

  test('row 42: the newest three of four are told, and a state of the instance’s own is unknown', async () => {
    const { incidents } = instance();
    const statesOf = async (email: string) => {
      const user = await incidents.userByEmail(email, deadline);
      const { incidents: told, more } = await incidents.newest(user?.sysId ?? '', deadline);
      return [told.map(({ state }) => state), more];
    };
    expect(await statesOf('abraham.lincoln@example.com')).toEqual([['new', 'in_progress', 'on_hold'], 1]);
    expect(await statesOf('david.miller@example.com')).toEqual([['unknown'], 0]);
    expect(await statesOf('tom99@example.com')).toEqual([[], 0]);
  });

  const hostile = fc.oneof(
    fc.emailAddress(),
    fc.string({ unit: 'binary' }),
    fc
      .tuple(
        fc.constantFrom('tom99@example.com', 'x@example.com', ''),
        fc.constantFrom('^OR', '^NQ', '^', '&sysparm_query=', '%5EOR', '\n^OR', '^ORDERBYDESC', '=', 'IN', '"', "'"),
        fc.constantFrom(
          'active=true',
          'emailLIKE@',
          'email!=x',
          'javascript:gs.getUserID()',
          'nonsense',
          '@example.com',
        ),
      )
      .map((parts) => parts.join('')),
  );

  test('no text for an e-mail address finds anybody but whose address it is, or widens the query', async () => {
    const { incidents, asked } = instance();
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        asked.length = 0;
        const user = await incidents.userByEmail(text, deadline);
        if (user) expect(user.email).toBe(text.trim().toLowerCase());
        for (const { query, answer } of asked) {
          expect(query).toBe(`email=${text.trim()}^active=true`);
          expect(isQueryValue(text)).toBe(true);
          const { result } = answer.body as { readonly result: readonly { readonly email: string }[] };
          for (const { email } of result) expect(email).toBe(text.trim().toLowerCase());
        }
      }),
      { numRuns: 500 },
    );
  });

  test('no text for a phone number or a wish widens a query either', async () => {
    const { incidents, asked, records } = instance();
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        asked.length = 0;
        records.reset();
        expect(await incidents.userByPhone(text, deadline)).toBeUndefined();
        expect(asked).toEqual([]);
        const wish = { correlationId: text, callerId: undefined, title: '', description: '', priority: 'low' } as const;
        await incidents.open(wish, deadline).catch(({ kind }) => expect(kind).toBe('refused'));
        expect(asked.length).toBe(isQueryValue(text) && text.length <= 100 ? 2 : 0);
        if (asked[0]) expect(asked[0].query).toBe(`correlation_id=${text}^ORDERBYsys_created_on`);
      }),
      { numRuns: 300 },
    );
  });
});
