import * as v from 'valibot';
import { partnerUrl } from '../core/partner-url.ts';
import { required, type SettingsGroup, type SettingsOf, settings, text, together } from '../core/settings.ts';

/** Where the instance is, and who we are there. */
export const serviceNowSettings = together(
  partnerUrl('SERVICENOW_URL', { is: 'the ServiceNow instance', example: 'https://example.service-now.com' }),
  settings({
    // A colon would end the name in the header of Basic authentication.
    SERVICENOW_USER: required(v.pipe(text(100), v.regex(/^[^:]+$/)), {
      is: 'the user of ours on the ServiceNow instance, an account that nobody else uses',
      example: 'handover.integration',
    }),
    SERVICENOW_PASSWORD: required(text(), { is: 'password of that user', secret: true }),
  }),
);

export type ServiceNowSettings = SettingsOf<typeof serviceNowSettings>;

/** The same for who can do without an instance: undefined where there is no `SERVICENOW_URL`. */
export const serviceNowIfThere: SettingsGroup<{ readonly serviceNow: ServiceNowSettings | undefined }> = {
  get infos() {
    return serviceNowSettings.infos.map((info) => ({ ...info, optional: true }));
  },
  read: (env, faults) => ({ serviceNow: env.SERVICENOW_URL ? serviceNowSettings.read(env, faults) : undefined }),
};

/** The address of something on the instance; `path` begins with a slash. */
export const instanceUrl = ({ SERVICENOW_URL }: ServiceNowSettings, path: string): string =>
  SERVICENOW_URL.replace(/\/+$/, '') + path;

/** The headers of every request to the instance: who we are, and that JSON is wanted. */
export function instanceHeaders({
  SERVICENOW_USER,
  SERVICENOW_PASSWORD,
}: ServiceNowSettings): Readonly<Record<string, string>> {
  const credentials = Buffer.from(`${SERVICENOW_USER}:${SERVICENOW_PASSWORD}`, 'utf8').toString('base64');
  return { authorization: `Basic ${credentials}`, accept: 'application/json', 'content-type': 'application/json' };
}
