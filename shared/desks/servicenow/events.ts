import * as v from 'valibot';
import { sameAsAny } from '../../core/callers/secrets.ts';
import type { Caller } from '../../core/function.ts';
import type { DeskTelling } from '../../core/handover/desk-telling.ts';
import { Problem } from '../../core/problems.ts';
import { required, type SettingsOf, settings, together, words } from '../../core/settings.ts';
import { serviceNowSettings } from '../../servicenow/settings.ts';
import { toldByAgent } from './agent-events.ts';
import { incidentSeen, toldByIncident } from './incident-events.ts';
import { callback } from './payloads.ts';

/** ServiceNow signs nothing that it sends: a header of ours, set there, is all the proof that there is. */
const HEADER = 'x-handover-token';

const callerSettings = together(
  serviceNowSettings,
  settings({
    SERVICENOW_WEBHOOK_TOKEN: required(words, {
      is: 'what ServiceNow presents to desk-events in the header X-Handover-Token; two while it is rotated',
      secret: true,
    }),
  }),
);

type CallerSettings = SettingsOf<typeof callerSettings>;

const serviceNowCaller: Caller<'servicenow', CallerSettings> = {
  kind: 'token',
  settings: callerSettings,
  needsRawBody: false,
  async check({ inbound, settings: { SERVICENOW_WEBHOOK_TOKEN } }) {
    if (!sameAsAny(inbound.headers[HEADER], SERVICENOW_WEBHOOK_TOKEN))
      throw new Problem('unauthorized', { reason: 'no SERVICENOW_WEBHOOK_TOKEN' });
    return 'servicenow';
  },
};

/** What Virtual Agent calls back with, and what the business rule for incidents sends. */
export const serviceNowTelling: DeskTelling<CallerSettings> = {
  caller: serviceNowCaller,
  told(body, _inbound, { SERVICENOW_USER }) {
    const incident = v.safeParse(incidentSeen, body);
    if (incident.success) return toldByIncident(incident.output, SERVICENOW_USER);
    const called = v.safeParse(callback, body);
    return called.success ? toldByAgent(called.output) : [];
  },
};
