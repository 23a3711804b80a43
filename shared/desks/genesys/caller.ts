import { sameDigest } from '../../core/callers/secrets.ts';
import { presentsToken } from '../../core/callers/token.ts';
import type { Caller, CallerCheck } from '../../core/function.ts';
import { hmacSha256 } from '../../core/hash.ts';
import { Problem } from '../../core/problems.ts';
import { optional, settings, together, words } from '../../core/settings.ts';
import { type CloudSettings, genesysSettings, type IcwsSettings } from './settings.ts';

const none: readonly string[] = [];

const ownSettings = together(
  genesysSettings,
  settings({
    DESK_API_KEY: optional(words, none, {
      is: 'what the middleware of a desk presents; two values while it is rotated',
      secret: true,
    }),
  }),
);

interface GenesysCallerSettings {
  readonly genesys: CloudSettings | IcwsSettings;
  readonly DESK_API_KEY: readonly string[];
}

/**
 * The signature of Genesys's open messaging webhook: `sha256=` and the base64 of HMAC-SHA256 over the bytes of the body.
 * Source: developer.genesys.cloud, open messaging, validate, read 2026-11-21.
 */
export const genesysSignature = (secret: string, body: Uint8Array): string =>
  `sha256=${hmacSha256(secret, body).toString('base64')}`;

async function check(call: CallerCheck<GenesysCallerSettings>): Promise<'genesys' | 'data-action'> {
  const { inbound, settings: own } = call;
  const { genesys, DESK_API_KEY } = own;
  // PureConnect tells nothing by itself.
  if (genesys.form === 'icws') throw new Problem('unauthorized', { reason: 'PureConnect calls nobody' });
  const signature = inbound.headers['x-hub-signature-256'];
  if (signature === undefined) {
    if (presentsToken(call, DESK_API_KEY)) return 'data-action';
    throw new Problem('unauthorized', { reason: 'no signature and no DESK_API_KEY' });
  }
  if (!inbound.body) {
    const reason = 'the platform hides the body, so the signature cannot be checked: use a raw web action';
    throw new Problem('invalid_signature', { reason });
  }
  const fits =
    genesys.webhookSecret !== '' && sameDigest(signature, genesysSignature(genesys.webhookSecret, inbound.body));
  if (!fits) throw new Problem('invalid_signature', { reason: 'wrong signature' });
  return 'genesys';
}

/**
 * Genesys Cloud by the signature of its webhook, or a data action of the customer's own by `DESK_API_KEY`. The signature
 * has no time, so what it lets in may come again: every event has an id.
 */
export const genesysCaller: Caller<'genesys' | 'data-action', GenesysCallerSettings> = {
  kind: 'webhook',
  settings: ownSettings,
  needsRawBody: true,
  check,
};
