import * as v from 'valibot';
import { isPhoneNumber } from '../core/call/phone-number.ts';
import { writtenForms } from '../core/call/written-phone.ts';
import { clipped } from '../core/handover/line.ts';
import { NotTaken } from '../core/handover/not-taken.ts';
import type { SendHttp } from '../core/http.ts';
import { findByEmail, findUser } from './find-caller.ts';
import { incidentRow } from './incident-row.ts';
import { type Incidents, importance, type NewIncident } from './incidents.ts';
import { madeOnce } from './made-once.ts';
import type { ServiceNowSettings } from './settings.ts';
import { sysId, tableApi, type Values } from './table-api.ts';
import { userRow } from './user-row.ts';

/** A request that is alone in its turn: nearly all of the 2.4 s that a turn leaves. */
const ALONE_MS = 2_200;
/** The look before an incident is opened: what it leaves is enough to open it, and mostly to look again. */
const FIRST_LOOK_MS = 900;

const MOST_TOLD = 3;
/**
 * So many incidents are read to know how many there are: each is held against the condition. `X-Total-Count` would cost the
 * instance another query, counts what its rules of access hide, and counts everything where a condition was dropped.
 */
const MOST_COUNTED = 30;

/** What `correlation_id` holds: a longer one would be cut, and found by nobody. */
const MAX_CORRELATION = 100;
/** As forms show it. */
const MAX_TITLE_BYTES = 160;
const MAX_DESCRIPTION_BYTES = 4_000;

function valuesOf({ correlationId, callerId, title, description, priority }: NewIncident): Values {
  return {
    short_description: clipped(title, MAX_TITLE_BYTES),
    description: clipped(description, MAX_DESCRIPTION_BYTES),
    urgency: importance[priority],
    impact: importance[priority],
    contact_type: 'phone',
    correlation_id: correlationId,
    correlation_display: 'Voice helpdesk',
    ...(callerId === undefined ? {} : { caller_id: callerId, opened_by: callerId }),
  };
}

const number = v.pipe(v.string(), v.regex(/^\S{1,40}$/));
const numbered = { fields: ['number'], row: v.object({ number }) };
/** One without a number that we may read is there all the same. */
const there = { fields: ['number'], row: v.object({ number: v.fallback(v.optional(number), undefined) }) };

/** The incidents of an instance. `home` is the country of numbers without a country code. */
export function tableIncidents(
  serviceNow: ServiceNowSettings,
  { pinField, home }: { readonly pinField: string | undefined; readonly home: string | undefined },
  send: SendHttp,
): Incidents {
  const table = tableApi(serviceNow, send);
  const people = { ...userRow(pinField, home), tryMs: ALONE_MS };

  return {
    userByEmail: (email, deadline) => findByEmail(table, email, people, deadline),
    async userByPhone(phone, deadline) {
      if (!isPhoneNumber(phone)) return undefined;
      const oneOf = { fields: ['phone', 'mobile_phone'], values: writtenForms(phone, home) };
      return findUser(table, { where: {}, oneOf }, people, deadline);
    },
    async open(incident, deadline) {
      if (incident.correlationId.length > MAX_CORRELATION) throw new NotTaken('refused', 'too long a name of a wish');
      const where = { correlation_id: incident.correlationId };
      // The oldest, so that two would be one to everybody.
      const search = { table: 'incident', where, sorted: 'ORDERBYsys_created_on', limit: 1, ...there } as const;
      const look = async () => {
        const [found] = await table.find({ ...search, tryMs: FIRST_LOOK_MS }, deadline);
        if (found === undefined) return undefined;
        if (found.number === undefined) throw new NotTaken('refused', 'opened, but its number cannot be read');
        return { number: found.number };
      };
      const make = () => table.create({ table: 'incident', values: valuesOf(incident), ...numbered }, deadline);
      return madeOnce({ look, make }, deadline);
    },
    async newest(userSysId, deadline) {
      if (!v.is(sysId, userSysId)) return { incidents: [], more: 0 };
      // By what is read to the caller: so the order that they hear is the order of these times.
      const order = { sorted: 'ORDERBYDESCopened_at', limit: MOST_COUNTED } as const;
      const search = { table: 'incident', where: { caller_id: userSysId }, ...order, ...incidentRow, tryMs: ALONE_MS };
      const found = await table.find(search, deadline);
      const newestFirst = found.toSorted((a, b) => (b.openedAtMs ?? 0) - (a.openedAtMs ?? 0));
      return { incidents: newestFirst.slice(0, MOST_TOLD), more: Math.max(0, found.length - MOST_TOLD) };
    },
  };
}
