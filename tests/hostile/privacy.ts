import type { HostileCall } from './call.ts';
import { corpusSettings } from './corpus.ts';

/** Shorter texts are in every log by accident. */
const SHORTEST = 6;

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function textsOf({ headers, body }: HostileCall): string[] {
  const text = Buffer.from(body.subarray(0, 20_000)).toString('utf8');
  try {
    return leaves(JSON.parse(text));
  } catch {
    const form = headers['Content-Type']?.startsWith('application/x-www-form-urlencoded');
    return form ? [...new URLSearchParams(text).values()] : [text];
  }
}

/** Words of the contract, like an event type: lower-case letters and what joins them. */
const WORD = /^[a-z]+([_-][a-z]+)*$/;

/** Everything in a call that is about a person or is secret, and every secret of the settings: none may be in a log. */
export function privateTexts(call: HostileCall): readonly string[] {
  const { Authorization = '', 'X-Twilio-Signature': signature = '', 'Idempotency-Key': key = '' } = call.headers;
  const query = call.url.split('?')[1] ?? '';
  const secrets = ['TWILIO_AUTH_TOKEN', 'DESK_API_KEY', 'BOT_ACCESS_TOKEN', 'SESSION_SECRET'];
  return [
    ...secrets.map((name) => corpusSettings[name] ?? ''),
    ...[Authorization.replace(/^Bearer /, ''), signature, key, query],
    ...textsOf(call).filter((text) => !WORD.test(text)),
  ].filter((text) => text.length >= SHORTEST);
}
