import { randomUUID } from 'node:crypto';
import type { AssistantScript } from './script.ts';

/** Twilio takes at most this much of a Refer-To header. Source: Twilio's page on inbound SIP REFER, read 2026-11-21. */
const LIMIT = 256;

const uuid32 = () => randomUUID().replaceAll('-', '');

/** A session history key in the form that Watson gives it. */
export const newKey = () => `dev::latest::893499::${randomUUID()}::${randomUUID()}::${randomUUID()}::${uuid32()}`;

const FLEX = 'sip:queue@flex.twilio.com';

/** What the assistant tells with the transfer: the key of what was said, or the id of the handover that came with the call. */
function headerOf(key: string, handoverId: string, { header = 'User-to-User', encoding = 'ascii' }: AssistantScript) {
  if (header === 'none') return undefined;
  if (header === 'X-Handover-Id') return { name: header, value: handoverId };
  if (header !== 'User-to-User') return { name: header, value: key };
  const value = encoding === 'hex' ? Buffer.from(key).toString('hex') : key;
  return { name: header, value: encoding === 'plain' ? value : `${value};encoding=${encoding}` };
}

/** Where a call is transferred to, as the assistant's response says it and as the REFER has it. */
interface ReferTarget {
  readonly uri: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly referTo: string;
  /** Twilio does not take it. */
  readonly isRefused: boolean;
}

/**
 * The transfer to Flex. Source: IBM's page on phone actions, read 2026-11-21. What Twilio does with a longer Refer-To than
 * it takes is written nowhere, so a script says which: it comes through whole, cut, or not at all.
 */
export function transferOf(key: string, handoverId: string, script: AssistantScript): ReferTarget {
  const header = headerOf(key, handoverId, script);
  const query = header === undefined ? '' : `?${header.name}=${encodeURIComponent(header.value)}`;
  const whole = script.referTo ?? `<${FLEX}${query}>`;
  const isLong = whole.length > LIMIT;
  return {
    uri: FLEX,
    headers: header === undefined ? [] : [header],
    referTo: isLong && script.longRefer === 'cut' ? whole.slice(0, LIMIT) : whole,
    isRefused: isLong && script.longRefer === 'refused',
  };
}
