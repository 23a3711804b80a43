import { sha256 } from '../hash.ts';
import { shortId } from '../short-id.ts';
import { saysMissing } from './session-history-key.ts';

const SID = /^[A-Z]{2}[0-9a-f]{32}$/;

const HANDOVER_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text can be the id of a handover: ours, or one that an assistant was told to send back. */
export function isHandoverId(text: string | undefined): text is string {
  return text !== undefined && HANDOVER_ID.test(text) && !saysMissing(text);
}

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
