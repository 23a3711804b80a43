import { sha256 } from '../hash.ts';
import { shortId } from '../short-id.ts';

const SID = /^[A-Z]{2}[0-9a-f]{32}$/;

/**
 * The handover id of a phone call, made from the call's SID: every function that sees the call finds the same one without
 * a table, also when Twilio repeats a webhook. Undefined when the SIDs are missing or malformed.
 */
export function handoverOfCall(call: {
  readonly AccountSid: string | undefined;
  readonly CallSid: string | undefined;
}): string | undefined {
  const { AccountSid = '', CallSid = '' } = call;
  if (!SID.test(AccountSid) || !SID.test(CallSid)) return undefined;
  return shortId('h', sha256(`handover of ${AccountSid}/${CallSid}`));
}

/** The handover id of a call that we place for a wish. */
export function handoverOfRequest(requestId: string): string {
  return shortId('h', sha256(`handover of ${requestId}`));
}
