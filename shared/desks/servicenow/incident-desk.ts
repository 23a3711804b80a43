import * as v from 'valibot';
import type { Deadline } from '../../core/deadline.ts';
import type { Desk, HandoverRef } from '../../core/handover/desk.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { HandoverRecord } from '../../core/table.ts';
import { findCaller } from '../../servicenow/find-caller.ts';
import { madeOnce } from '../../servicenow/made-once.ts';
import { sysId, type TableApi, type Values } from '../../servicenow/table-api.ts';
import { toldByIncident } from './incident-events.ts';
import { correlationOf, type Entry, entryOf, incidentOf } from './incident-texts.ts';
import type { Along } from './summary.ts';

/** Of the newest comments so many are looked at: more are not written in the minute between two looks. */
const LOOKED_AT = 20;

const named = v.object({ sys_id: sysId });

/** A dotted field that leads nowhere is empty, or not there. */
const dotted = v.optional(v.string(), '');

const incidentRow = v.object({
  state: v.string(),
  correlation_id: v.string(),
  sys_updated_on: dotted,
  'assigned_to.user_name': dotted,
  'assigned_to.name': dotted,
  'caller_id.user_name': dotted,
});

const journalRow = v.object({
  sys_id: sysId,
  value: v.string(),
  sys_created_by: v.string(),
  sys_created_on: v.string(),
});

interface IncidentParts {
  readonly table: TableApi;
  /** Our user name on the instance. */
  readonly user: string;
  readonly along: (handover: HandoverRecord) => Along;
}

/** As journals keep it: with other ends of lines, and without blanks at the end. */
const asKept = (text: string): string => text.replace(/\s+/g, ' ').trim();

function journal(incident: string, more: Values, limit: number) {
  return {
    table: 'sys_journal_field',
    where: { name: 'incident', element_id: incident, ...more },
    fields: ['sys_id', 'value', 'sys_created_by', 'sys_created_on'],
    sorted: 'ORDERBYDESCsys_created_on' as const,
    limit,
    row: journalRow,
  };
}

/** Opens an incident for each handover, and carries comments both ways: for instances without a chat for agents. */
export function incidentDesk({ table, user, along }: IncidentParts): Desk {
  async function firstOf(where: Values, sorted: `ORDERBY${string}`, deadline: Deadline): Promise<string | undefined> {
    const search = { table: 'incident', where, fields: ['sys_id'], sorted, limit: 1, row: named };
    return (await table.find(search, deadline))[0]?.sys_id;
  }

  /** The oldest incident of a handover, so that two would be one to everybody. */
  function ofHandover(handoverId: string, deadline: Deadline): Promise<string | undefined> {
    return firstOf({ correlation_id: handoverId }, 'ORDERBYsys_created_on', deadline);
  }

  /** By the ticket; without one, as when an opening broke off, by the handover, else the newest of the conversation. */
  async function incidentFor({ ticket, handoverId, conversationId }: HandoverRef, deadline: Deadline): Promise<string> {
    if (v.is(sysId, ticket)) return ticket;
    const correlation = correlationOf(conversationId);
    const found =
      handoverId !== ''
        ? await ofHandover(handoverId, deadline)
        : correlation && (await firstOf({ ...correlation, active: 'true' }, 'ORDERBYDESCsys_created_on', deadline));
    if (found === undefined) throw new NotTaken('refused', 'there is no incident of this handover');
    return found;
  }

  /** Adds to a journal what is not there yet: a journal only grows, so a lost answer must not be repeated blindly. */
  async function addOnce(incident: string, { element, text }: Entry, deadline: Deadline): Promise<void> {
    const own = await table.find(journal(incident, { element, sys_created_by: user }, LOOKED_AT), deadline);
    if (own.some(({ value }) => asKept(value) === asKept(text))) return;
    await table.update('incident', incident, { [element]: text }, deadline);
  }

  return {
    async open(handover, lines, deadline) {
      const { handoverId, fields } = handover;
      // Whose incident it is, is worth knowing, but no reason to leave the customer without one.
      const caller = findCaller(table, fields.email, deadline).catch(() => undefined);
      const look = () => ofHandover(handoverId, deadline);
      const make = async () => {
        const values = incidentOf(handover, lines, along(handover), await caller);
        const made = await table.create({ table: 'incident', values, fields: ['sys_id'], row: named }, deadline);
        return made.sys_id;
      };
      return madeOnce({ look, make }, deadline);
    },
    async tell(ref, event, _eventId, deadline) {
      const entry = entryOf(event);
      if (entry) await addOnce(await incidentFor(ref, deadline), entry, deadline);
    },
    async look({ ticket: incident, handoverId }, deadline) {
      if (!v.is(sysId, incident)) return [];
      const where = { sys_id: incident };
      const fields = Object.keys(incidentRow.entries);
      const [[row], entries] = await Promise.all([
        table.find({ table: 'incident', where, fields, limit: 1, row: incidentRow }, deadline),
        table.find(journal(incident, { element: 'comments' }, LOOKED_AT), deadline),
      ]);
      if (row === undefined || row.correlation_id !== handoverId) return [];
      const seen = {
        incident,
        handoverId,
        state: row.state,
        updatedAt: row.sys_updated_on,
        assignedTo: { id: row['assigned_to.user_name'], name: row['assigned_to.name'] },
        caller: row['caller_id.user_name'],
        comments: entries
          .map((entry) => ({ id: entry.sys_id, by: entry.sys_created_by, text: entry.value, at: entry.sys_created_on }))
          .reverse(),
      };
      return toldByIncident(seen, user);
    },
  };
}
