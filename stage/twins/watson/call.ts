import { randomUUID } from 'node:crypto';
import { newKey } from './refer.ts';

/** One exchange: what the caller said and what the assistant answers. */
export interface AssistantTurn {
  readonly logId: string;
  /** Empty at the beginning, when nobody has said anything. */
  readonly said: string;
  /** `output.generic` of Watson's `/message`. */
  readonly generic: readonly Readonly<Record<string, unknown>>[];
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** How the assistant's part of a call ended. Source: IBM's page on call detail records, read 2026-11-21. */
export type EndReason = 'assistant_transfer' | 'assistant_hangup' | 'caller_hangup';

/** A call that the assistant has answered. */
export interface AssistantCall {
  /** The SIP URI that was dialled. */
  readonly uri: string;
  /** The SIP headers that came with it, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What opens the history of this conversation. */
  readonly sessionHistoryKey: string;
  readonly sessionId: string;
  readonly sipCallId: string;
  /** The caller's number. */
  readonly from: string;
  readonly startedAtMs: number;
  readonly turns: AssistantTurn[];
  referTo: string | undefined;
  endReason: EndReason;
}

/** The headers in a SIP URI: `sip:user@host;params?X-Name=value`. */
function headersIn(uri: string): readonly (readonly [string, string])[] {
  const query = uri.includes('?') ? uri.slice(uri.indexOf('?') + 1) : '';
  return [...new URLSearchParams(query)];
}

/** The number that was called. */
export const numberIn = (uri: string) => /^sips?:([^@]+)@/.exec(uri)?.[1] ?? '';

/** A SIP call as it arrives. Twilio adds the SID of the leg. Source: Twilio's page on receiving SIP, read 2026-11-21. */
export function newCall(
  uri: string,
  leg: { readonly sid: string; readonly from: string },
  nowMs: number,
): AssistantCall {
  const headers = [...headersIn(uri), ['X-Twilio-CallSid', leg.sid] as const];
  return {
    uri,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    sessionHistoryKey: newKey(),
    sessionId: randomUUID(),
    sipCallId: randomUUID(),
    from: leg.from,
    startedAtMs: nowMs,
    turns: [],
    referTo: undefined,
    endReason: 'caller_hangup',
  };
}
