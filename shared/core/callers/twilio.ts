import * as v from 'valibot';
import { type FormFields, parseForm } from '../body.ts';
import type { Caller, CallerCheck } from '../function.ts';
import { hmacSha1, sha256 } from '../hash.ts';
import { mediaType } from '../inbound.ts';
import { Problem } from '../problems.ts';
import { publicUrls } from '../public-urls.ts';
import { optional, required, type SettingsOf, settings, together } from '../settings.ts';
import { sameDigest } from './secrets.ts';

const authToken = v.pipe(v.string(), v.regex(/^\S{1,200}$/));

const twilioSettings = together(
  publicUrls,
  settings({
    TWILIO_AUTH_TOKEN: required(authToken, {
      is: 'auth token of the Twilio account, proves that a webhook comes from Twilio',
      secret: true,
    }),
    TWILIO_AUTH_TOKEN_SECONDARY: optional(authToken, undefined, {
      is: 'the other auth token while it is being rotated',
      secret: true,
    }),
  }),
);

type TwilioSettings = SettingsOf<typeof twilioSettings>;

/**
 * The signature that Twilio sends for a form POST: HMAC-SHA1 over the URL and every name with its values, sorted; equal
 * values of one name count once. For JSON pass no fields: then it covers the URL, which holds the hash of the body.
 * Source: twilio.com/docs/usage/security, read 2026-11-21.
 */
export function twilioSignature(token: string, url: string, fields: FormFields): string {
  const names = [...fields.keys()].sort();
  const data = names.flatMap((name) => [...new Set(fields.get(name))].sort().map((value) => name + value));
  return hmacSha1(token, url + data.join('')).toString('base64');
}

/** Twilio signs a URL with or without its port, depending on the product: both are the same place of ours. */
function spellings(url: string): readonly string[] {
  const [, scheme, host, port, rest] = /^(https?):\/\/([^/?#]*?)(:\d+)?([/?#].*)?$/s.exec(url) ?? [];
  if (scheme === undefined) return [url];
  const standard = scheme === 'https' ? ':443' : ':80';
  const ports = port === undefined ? ['', standard] : [port, ''];
  return ports.map((spelled) => `${scheme}://${host}${spelled}${rest ?? ''}`);
}

function refuse(reason: string): never {
  throw new Problem('invalid_signature', { reason });
}

const NAME_ALONE = /(?:^|&)[^=&]+(?:&|$)/;

/** The fields that the signature covers beside the URL: none where the URL holds the hash of the body. */
function signedFields({ inbound, content }: CallerCheck<TwilioSettings>, body: Uint8Array): FormFields {
  const hashes = new URLSearchParams(inbound.query).getAll('bodySHA256');
  if (hashes.length > 0) {
    const hash = sha256(body).toString('hex');
    if (hashes.length > 1 || !sameDigest(hashes[0] ?? '', hash)) refuse('the body does not have the hash of the URL');
    return new Map();
  }
  // Of JSON without a hash the signature covers the URL alone: anybody who saw one could send any body.
  if (mediaType(inbound) === 'application/json') refuse('JSON without bodySHA256');
  // The signature does not tell a name from its value; Twilio writes `name=` also where the value is empty.
  if (NAME_ALONE.test(Buffer.from(body).toString('latin1'))) refuse('a field without a value');
  return content.form ?? parseForm(body);
}

async function check(call: CallerCheck<TwilioSettings>): Promise<'twilio'> {
  const { inbound, url, settings: own } = call;
  if (inbound.trust === 'twilio-gateway') return 'twilio';
  if (!inbound.body) refuse('the platform hides the body, so the signature cannot be checked: use a raw web action');
  const signature = inbound.headers['x-twilio-signature'];
  if (signature === undefined) refuse('no signature');
  const fields = signedFields(call, inbound.body);
  const tokens = [own.TWILIO_AUTH_TOKEN, own.TWILIO_AUTH_TOKEN_SECONDARY].filter((token) => token !== undefined);
  const fits = tokens.some((token) =>
    spellings(url).some((spelling) => sameDigest(signature, twilioSignature(token, spelling, fields))),
  );
  if (!fits) refuse('wrong signature');
  return 'twilio';
}

/**
 * Twilio, by its signature over the pinned public URL. During a rotation both auth tokens verify; an empty one never does.
 * The signature has no time and no delimiters, so what it lets in must be checked for its meaning, and may come again.
 */
export const twilioCaller: Caller<'twilio', TwilioSettings> = {
  kind: 'twilio',
  settings: twilioSettings,
  needsRawBody: false,
  check,
};
