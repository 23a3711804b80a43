import { createHmac } from 'node:crypto';
import { parseForm } from '../../shared/core/body.ts';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { headerMap, type Inbound } from '../../shared/core/inbound.ts';

/** Values that tests and the hostile inputs share. None is real. */
export const testSettings = {
  STAGE: 'local',
  PUBLIC_BASE_URL: 'https://handover.example.com',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
  TWILIO_AUTH_TOKEN: '0123456789abcdef0123456789abcdef',
  TWILIO_API_KEY: 'SK00000000000000000000000000000001',
  TWILIO_API_SECRET: 'twilio-api-secret-0123456789abcdef',
  TWILIO_PHONE_NUMBER: '+15005550010',
  WATSON_SIP_HOST: 'sip.example.com',
  STUDIO_WEBHOOK_URL:
    'https://webhooks.twilio.com/v1/Accounts/AC00000000000000000000000000000001/Flows/FW00000000000000000000000000000001',
  DESK_API_KEY: 'desk-api-key-0123456789abcdef',
  BOT_ACCESS_TOKEN: 'botcopy-access-token-0123456789',
  BOT_IDS: 'bot-1',
  SESSION_SECRET: 'session-secret-0123456789abcdef-0123456789abcdef',
  ALLOWED_ORIGINS: 'https://shop.example.com',
  ALLOWED_COUNTRIES: 'US',
  AGENT_NUMBERS: '+15005550008',
  HANDOVER_TABLE: 'handover',
  AWS_REGION: 'us-east-1',
} as const;

interface CallOptions {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as a runtime that hands over the raw bytes would make it. */
export function inboundOf(
  body: string | Uint8Array,
  { method = 'POST', query = '', headers = {} }: CallOptions = {},
): Inbound {
  return {
    method,
    query,
    headers: headerMap(headers),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    fields: undefined,
    trust: 'none',
    sourceAddress: undefined,
  };
}

/** A JSON call. */
export function jsonCall(value: unknown, headers: Readonly<Record<string, string>> = {}): Inbound {
  return inboundOf(JSON.stringify(value), { headers: { 'content-type': 'application/json', ...headers } });
}

/** A form as Twilio sends it, signed for the function's public URL. */
export function twilioCall(functionName: string, fields: Readonly<Record<string, string>>, query = ''): Inbound {
  const body = new URLSearchParams(fields).toString();
  const url = `${testSettings.PUBLIC_BASE_URL}/${functionName}${query === '' ? '' : `?${query}`}`;
  const signature = twilioSignature(testSettings.TWILIO_AUTH_TOKEN, url, parseForm(new TextEncoder().encode(body)));
  return inboundOf(body, {
    query,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
  });
}

/** A session JWT as the operator's own site issues it. */
export function sessionToken(
  claims: Readonly<Record<string, unknown>>,
  secret: string = testSettings.SESSION_SECRET,
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ aud: 'handover', iat: 1767225600, exp: 4102444800, ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
