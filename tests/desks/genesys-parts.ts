import type { Clock } from '../../shared/core/clock.ts';
import type { Desk } from '../../shared/core/handover/desk.ts';
import type { SendHttp } from '../../shared/core/http.ts';
import { genesysDesk } from '../../shared/desks/genesys/index.ts';
import type { CloudSettings, IcwsSettings } from '../../shared/desks/genesys/settings.ts';
import { sendHttp } from '../../shared/http/client.ts';
import { systemClock } from '../../shared/runtimes/system.ts';

export const cloudSecrets = {
  clientSecret: 'genesys-client-secret-0123456789',
  webhookSecret: 'genesys-webhook-secret-0123456789',
  token: 'genesys-token-0123456789',
} as const;

const cloudSettings: CloudSettings = {
  form: 'cloud',
  apiUrl: 'http://127.0.0.1:1',
  loginUrl: 'http://127.0.0.1:1',
  clientId: 'client-1',
  clientSecret: cloudSecrets.clientSecret,
  integrationId: '00000000-0000-4000-8000-000000000001',
  webhookSecret: cloudSecrets.webhookSecret,
  queueId: '00000000-0000-4000-8000-000000000002',
};

interface Made {
  readonly clock?: Clock;
  readonly queues?: Readonly<Record<string, string>>;
  readonly sessionSecret?: string;
  readonly send?: SendHttp;
}

const urls = { of: (name: string) => `https://handover.example.com/${name}` };

function deskWith(
  genesys: CloudSettings | IcwsSettings,
  { clock = systemClock, queues, sessionSecret, send = sendHttp }: Made,
): Desk {
  const settings = { STAGE: 'production', urls, SESSION_SECRET: sessionSecret, DESK_QUEUES: queues, genesys } as const;
  return genesysDesk({ settings, send, clock });
}

/** A Genesys Cloud desk; tokens come from a server of their own, so that the other's requests are those of the API. */
export function cloudAt(url: string, loginUrl: string, made: Made = {}): Desk {
  const apiUrl = new URL(url).origin;
  return deskWith({ ...cloudSettings, apiUrl, loginUrl: new URL(loginUrl).origin }, made);
}

export function icwsAt(url: string, made: Made = {}): Desk {
  return deskWith({ form: 'icws', url: new URL(url).origin }, { queues: { '*': 'Support' }, ...made });
}

/** What the login server answers. */
export const granted = { access_token: cloudSecrets.token, token_type: 'bearer', expires_in: 86_399 };
