import * as v from 'valibot';
import type { Incident, incidentStates } from './incidents.ts';
import { timeOf } from './time.ts';

/** Values, not what an instance shows for them: that is in its language. Source: ServiceNow KB0564465. */
const states: Readonly<Record<string, (typeof incidentStates)[number]>> = {
  1: 'new',
  2: 'in_progress',
  3: 'on_hold',
  6: 'resolved',
  7: 'closed',
  8: 'canceled',
};

const text = v.fallback(v.string(), '');

/** How an incident is read. */
export const incidentRow = {
  fields: ['number', 'short_description', 'opened_at', 'state'],
  row: v.pipe(
    v.object({ number: v.string(), short_description: text, opened_at: text, state: text }),
    v.transform(
      ({ number, short_description, opened_at, state }): Incident => ({
        number,
        title: short_description,
        openedAtMs: timeOf(opened_at),
        state: (Object.hasOwn(states, state) ? states[state] : undefined) ?? 'unknown',
      }),
    ),
  ),
};
