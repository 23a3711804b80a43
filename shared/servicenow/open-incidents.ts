import * as v from 'valibot';
import { callBackCountries } from '../core/call/allowed-countries.ts';
import type { SendHttp } from '../core/http.ts';
import { optional, type SettingsOf, settings, together } from '../core/settings.ts';
import type { Incidents } from './incidents.ts';
import { serviceNowIfThere } from './settings.ts';

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

/**
 * The incidents of the instance that the settings name; undefined where they name none. How they are reached is loaded when
 * somebody is looked up: what reads phone numbers costs 3 ms, which a caller would wait at every start.
 */
export function openIncidents(
  { serviceNow, SERVICENOW_PIN_FIELD: pinField, ALLOWED_COUNTRIES: [home] }: SettingsOf<typeof incidentSettings>,
  send: SendHttp,
): Incidents | undefined {
  if (serviceNow === undefined) return undefined;
  const opened = async () => {
    const { tableIncidents } = await import('./table-incidents.ts');
    return tableIncidents(serviceNow, { pinField, home }, send);
  };
  return {
    userByEmail: async (...asked) => (await opened()).userByEmail(...asked),
    userByPhone: async (...asked) => (await opened()).userByPhone(...asked),
    open: async (...asked) => (await opened()).open(...asked),
    newest: async (...asked) => (await opened()).newest(...asked),
  };
}
