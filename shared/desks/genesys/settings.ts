import * as v from 'valibot';
import { optionalPartnerUrl } from '../../core/partner-url.ts';
import { optional, type SettingsGroup, type SettingsOf, settings, text, together } from '../../core/settings.ts';

const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));

const shape = together(
  optionalPartnerUrl('GENESYS_API_URL', undefined, {
    is: 'the API of Genesys Cloud: https://api. and the region',
    example: 'https://api.mypurecloud.ie',
  }),
  optionalPartnerUrl('GENESYS_LOGIN_URL', undefined, {
    is: 'where Genesys Cloud gives tokens: https://login. and the region',
    example: 'https://login.mypurecloud.ie',
  }),
  settings({
    GENESYS_CLIENT_ID: optional(text(200), undefined, {
      is: 'OAuth client of Genesys Cloud, with the grant client credentials',
    }),
    GENESYS_CLIENT_SECRET: optional(text(200), undefined, { is: 'the secret of that client', secret: true }),
    GENESYS_INTEGRATION_ID: optional(uuid, undefined, {
      is: 'the open messaging integration of Genesys Cloud',
      example: '00000000-0000-4000-8000-000000000001',
    }),
    GENESYS_WEBHOOK_SECRET: optional(v.pipe(text(500), v.minLength(16)), undefined, {
      is: 'the signature secret token of that integration, at least 16 characters',
      secret: true,
    }),
    GENESYS_QUEUE_ID: optional(uuid, undefined, {
      is: 'the queue of Genesys Cloud whose agents say whether anybody is there, where DESK_QUEUES names none',
      example: '00000000-0000-4000-8000-000000000002',
    }),
  }),
  optionalPartnerUrl('GENESYS_ICWS_URL', undefined, {
    is: 'a PureConnect server instead of Genesys Cloud: where its ICWS web chat is reached',
    example: 'https://cic.example.com:8019',
  }),
);

const neededForCloud = [
  'GENESYS_API_URL',
  'GENESYS_LOGIN_URL',
  'GENESYS_CLIENT_ID',
  'GENESYS_CLIENT_SECRET',
  'GENESYS_INTEGRATION_ID',
  'GENESYS_WEBHOOK_SECRET',
] as const;

/** Genesys Cloud, by Open Messaging. */
export interface CloudSettings {
  readonly form: 'cloud';
  readonly apiUrl: string;
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly integrationId: string;
  readonly webhookSecret: string;
  readonly queueId: string | undefined;
}

/** A PureConnect server, by its web chat. */
export interface IcwsSettings {
  readonly form: 'icws';
  readonly url: string;
}

const bare = (url: string): string => url.replace(/\/+$/, '');

/** What both forms may have set; what is missing is a fault of the one that is chosen. */
function formIn(given: SettingsOf<typeof shape>, faults: string[]): CloudSettings | IcwsSettings {
  const { GENESYS_API_URL, GENESYS_LOGIN_URL, GENESYS_ICWS_URL } = given;
  if (GENESYS_ICWS_URL !== undefined) {
    if (GENESYS_API_URL !== undefined)
      faults.push('GENESYS_ICWS_URL and GENESYS_API_URL exclude each other: PureConnect or Genesys Cloud');
    return { form: 'icws', url: bare(GENESYS_ICWS_URL) };
  }
  for (const name of neededForCloud)
    if (given[name] === undefined)
      faults.push(`${name} is missing (Genesys Cloud needs it; PureConnect needs GENESYS_ICWS_URL alone)`);
  return {
    form: 'cloud',
    apiUrl: bare(GENESYS_API_URL ?? ''),
    loginUrl: bare(GENESYS_LOGIN_URL ?? ''),
    clientId: given.GENESYS_CLIENT_ID ?? '',
    clientSecret: given.GENESYS_CLIENT_SECRET ?? '',
    integrationId: given.GENESYS_INTEGRATION_ID ?? '',
    webhookSecret: given.GENESYS_WEBHOOK_SECRET ?? '',
    queueId: given.GENESYS_QUEUE_ID,
  };
}

/**
 * Which of the two is spoken, and with what: PureConnect where `GENESYS_ICWS_URL` is set, else Genesys Cloud. Both at once
 * is a mistake.
 */
export const genesysSettings: SettingsGroup<{ readonly genesys: CloudSettings | IcwsSettings }> = {
  get infos() {
    const isNeeded = (name: string) => neededForCloud.some((one) => one === name);
    return shape.infos.map((info) => (isNeeded(info.name) ? { ...info, optional: false } : info));
  },
  read(env, faults) {
    const before = faults.length;
    const given = shape.read(env, faults);
    // One that is malformed has been named, and is not missing as well.
    return faults.length > before ? (undefined as never) : { genesys: formIn(given, faults) };
  },
};
