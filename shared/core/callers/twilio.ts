import { createHash, createHmac } from 'node:crypto';
import { type FormFields, parseForm } from '../body.ts';
import type { Caller, CallerCheck } from '../function.ts';
import { Problem } from '../problems.ts';
import { optional, required, settings, text } from '../settings.ts';
import { sameAsAny } from './secrets.ts';

const twilioSettings = settings({
  TWILIO_AUTH_TOKEN: required(text(), {
    is: 'auth token of the Twilio account, proves that a webhook comes from Twilio',
    secret: true,
  }),
  TWILIO_AUTH_TOKEN_SECONDARY: optional(text(), undefined, {
    is: 'the other auth token while it is being rotated',
    secret: true,
  }),
});

/**
 * The signature that Twilio sends for a form POST: HMAC-SHA1 over the URL and every name with its values, sorted; equal
 * values of one name count once. For JSON pass no fields: then it covers the URL, which holds the hash of the body.
 * Source: twilio.com/docs/usage/security, read 2026-11-21.
 */
export function twilioSignature(authToken: string, url: string, fields: FormFields): string {
  const names = [...fields.keys()].sort();
  const data = names.flatMap((name) => [...new Set(fields.get(name))].sort().map((value) => name + value));
  return createHmac('sha1', authToken)
    .update(url + data.join(''), 'utf8')
    .digest('base64');
}

/** Twilio signs URLs with and without the standard port; both are the same place. */
function spellings(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#]*)(.*)$/s.exec(url);
  if (!parts) return [url];
  const [, scheme, host = '', rest] = parts;
  const standard = scheme === 'https' ? ':443' : ':80';
  if (host.endsWith(standard)) return [url, `${scheme}://${host.slice(0, -standard.length)}${rest}`];
  return /:\d+$/.test(host) ? [url] : [url, `${scheme}://${host}${standard}${rest}`];
}

const refuse = (reason: string): never => {
  throw new Problem('invalid_signature', { reason });
};

function check({
  inbound,
  url,
  settings: tokens,
}: CallerCheck<{ TWILIO_AUTH_TOKEN: string; TWILIO_AUTH_TOKEN_SECONDARY: string | undefined }>): void {
  if (inbound.trust === 'twilio-gateway') return;
  const { body } = inbound;
  if (!body) {
    refuse('the platform hides the body, so the signature cannot be checked: deploy as a raw web action');
    return;
  }
  const signature = inbound.headers['x-twilio-signature'];
  if (signature === undefined) refuse('no signature');
  const hashes = new URLSearchParams(inbound.query).getAll('bodySHA256');
  if (hashes.length > 0) {
    const hash = createHash('sha256').update(body).digest('hex');
    if (hashes.length > 1 || hashes[0] !== hash) refuse('the body does not have the hash of the URL');
  } else if (/^\s*application\/json\b/i.test(inbound.headers['content-type'] ?? '')) {
    refuse('JSON without bodySHA256');
  }
  const fields: FormFields = hashes.length > 0 ? new Map() : parseForm(body);
  const secrets = [tokens.TWILIO_AUTH_TOKEN, tokens.TWILIO_AUTH_TOKEN_SECONDARY].filter((token) => token !== undefined);
  const expected = secrets.flatMap((secret) =>
    spellings(url).map((spelling) => twilioSignature(secret, spelling, fields)),
  );
  if (!sameAsAny(signature, expected)) refuse('wrong signature');
}

/** Twilio, by its signature over the pinned public URL. During a rotation both auth tokens verify; an empty one never does. */
export const twilioCaller: Caller<
  'twilio',
  { TWILIO_AUTH_TOKEN: string; TWILIO_AUTH_TOKEN_SECONDARY: string | undefined }
> = {
  kind: 'twilio',
  settings: twilioSettings,
  needsRawBody: false,
  async check(call) {
    check(call);
    return 'twilio';
  },
};
