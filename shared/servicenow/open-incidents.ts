import * as v from 'valibot';
import { callBackCountries } from '../core/call/allowed-countries.ts';
import type { SendHttp } from '../core/http.ts';
import { optional, type SettingsOf, settings, together } from '../core/settings.ts';
import type { Incidents } from './incidents.ts';
import { serviceNowIfThere } from './settings.ts';
import { tableIncidents } from './table-incidents.ts';

/** Where the incidents are, if anywhere, and how the people there are read. */
export const incidentSettings = together(
  serviceNowIfThere,
  settings({
    SERVICENOW_PIN_FIELD: optional(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{1,79}$/)), undefined, {
      is: 'the field of sys_user in which the PINs of callers are, of 4 to 12 digits; without it nobody is asked for one',
      example: 'u_helpdesk_pin',
    }),
  }),
  callBackCountries,
);

/** The incidents of the instance that the settings name; undefined where they name none. */
export function openIncidents(
  { serviceNow, SERVICENOW_PIN_FIELD: pinField, ALLOWED_COUNTRIES: [home] }: SettingsOf<typeof incidentSettings>,
  send: SendHttp,
): Incidents | undefined {
  return serviceNow && tableIncidents(serviceNow, { pinField, home }, send);
}
