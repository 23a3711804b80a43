import { isHandoverId } from './call-handover.ts';
import { isSessionHistoryKey } from './session-history-key.ts';

/** Twilio takes at most this much of a Refer-To header. Source: Twilio's page on inbound SIP REFER, read 2026-11-21. */
export const REFER_TO_LIMIT = 256;

/**
 * The Refer-To that a transfer to this URI with these headers makes: `uri?Name=value&…`, values percent-encoded. Undefined
 * when Twilio does not take it for its length.
 */
export function buildReferUri(uri: string, headers: readonly (readonly [string, string])[]): string | undefined {
  const named = headers.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const target = named.length === 0 ? uri : `${uri}?${named.join('&')}`;
  return target.length > REFER_TO_LIMIT ? undefined : target;
}

const SESSION_HISTORY_KEY = 'x-watson-assistant-session-history-key';
const USER_TO_USER = 'user-to-user';
const HANDOVER = 'x-handover-id';

/** The values of one header as they were sent, still encoded. Two make it ambiguous, none makes it absent. */
type Values = readonly string[];

function decoded(values: Values): string | undefined {
  const [value, second] = values;
  if (value === undefined || second !== undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The URI in a Refer-To: `"name" <sip:user@host;parameters?Name=value>;tag=1`, with or without name and angle brackets. */
export function uriIn(target: string): string {
  const address = target.replace(/^\s*"(?:[^"\\]|\\.)*"/s, '');
  const [uri = ''] = address.slice(address.indexOf('<') + 1).split('>', 1);
  return uri.trim();
}

/**
 * The headers in a Refer-To, names in lower case. Only the first `?` begins them. Another scheme than sip, sips or tel has
 * none.
 */
function headersOf(target: string, wanted: readonly string[]): ReadonlyMap<string, Values> {
  const uri = uriIn(target);
  const found = new Map<string, string[]>(wanted.map((name) => [name, []]));
  const at = uri.indexOf('?');
  if (at < 0 || !/^(?:sips?|tel):/i.test(uri)) return found;
  for (const pair of uri.slice(at + 1).split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) found.get(pair.slice(0, equals).toLowerCase())?.push(pair.slice(equals + 1));
  }
  return found;
}

/**
 * Whether the end of a target may be missing. What Twilio does with one that is too long stands nowhere; a key without its
 * end would be the key of nothing.
 */
function mayBeCut(target: string): boolean {
  const { length } = target;
  if (length < REFER_TO_LIMIT || target.includes('>')) return false;
  return length === REFER_TO_LIMIT || target.includes('<');
}

/** User-to-User is `value;encoding=ascii`, `value;encoding=hex`, or the value alone. Another encoding gives nothing. */
function userToUser(text = ''): string | undefined {
  const [value = '', ...parameters] = text.split(';');
  const encoding = parameters.map((parameter) => /^\s*encoding\s*=\s*(\w+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
  if (encoding === undefined || /^ascii$/i.test(encoding)) return value;
  const isHex = /^hex$/i.test(encoding) && /^(?:[0-9A-Fa-f]{2}){1,512}$/.test(value);
  return isHex ? Buffer.from(value, 'hex').toString('latin1') : undefined;
}

/**
 * What Watson tells in the target of a transfer. For
 * `<sip:queue@flex.twilio.com?User-to-User=dev%3A%3Alatest%3Bencoding%3Dascii>` it is `{ sessionHistoryKey: 'dev::latest' }`.
 * The key is in User-to-User unless the assistant sets one of its own; then it is in a header that bears its name, and
 * User-to-User is something else. Whatever is missing, ambiguous or malformed is undefined; never throws.
 */
export function readReferTarget(target: string): {
  readonly sessionHistoryKey: string | undefined;
  readonly handoverId: string | undefined;
} {
  if (mayBeCut(target)) return { sessionHistoryKey: undefined, handoverId: undefined };
  const headers = headersOf(target, [SESSION_HISTORY_KEY, USER_TO_USER, HANDOVER]);
  const values = (name: string): Values => headers.get(name) ?? [];
  const named = values(SESSION_HISTORY_KEY);
  const key = named.length > 0 ? decoded(named) : userToUser(decoded(values(USER_TO_USER)));
  const handoverId = decoded(values(HANDOVER)) ?? '';
  return {
    sessionHistoryKey: key !== undefined && isSessionHistoryKey(key) ? key : undefined,
    handoverId: isHandoverId(handoverId) ? handoverId : undefined,
  };
}
