import type { CallRecord, CallStatus } from '../table.ts';

/** Words for why a call failed or ended. Callers of `click-to-call` read them. */
export type CallReason =
  | 'busy'
  | 'no_answer'
  | 'canceled'
  | 'not_reached'
  | 'answering_machine'
  | 'nobody_answered'
  | 'customer_left'
  | 'refused'
  | 'unavailable'
  | 'no_outcome';

/** Something that was learned of a call. */
export interface CallChange {
  readonly status: CallStatus;
  readonly reason?: CallReason;
  readonly callSid?: string;
}

const progress: Readonly<Record<CallStatus, number>> = {
  scheduled: 0,
  calling: 1,
  unknown: 1,
  customer_answered: 2,
  agent_ringing: 3,
  connected: 4,
  voicemail: 4,
  failed: 5,
  ended: 5,
};

/** Nothing comes after it. */
export function isOver(status: CallStatus): boolean {
  return progress[status] === 5;
}

function mayFollow(record: CallRecord, { status, callSid }: CallChange): boolean {
  // Whether a call was placed is unknown only as long as nobody has named it.
  if (status === 'unknown') return record.status === 'calling' && record.callSid === undefined;
  if (record.status === 'unknown' && status === 'calling') return callSid !== undefined;
  // Once both have talked the call ends; it no longer fails.
  if (status === 'failed') return progress[record.status] < progress.connected;
  return progress[status] > progress[record.status];
}

/**
 * The record after something was learned, in whatever order that arrives: a call never goes back, and what is over stays
 * as it is. Undefined when nothing changes.
 */
export function progressed(record: CallRecord, change: CallChange, nowMs: number): CallRecord | undefined {
  const moves = mayFollow(record, change);
  const callSid = record.callSid ?? (isOver(record.status) ? undefined : change.callSid);
  if (!moves && callSid === record.callSid) return undefined;
  const news = moves ? { status: change.status, reason: change.reason } : {};
  return { ...record, ...news, callSid, updatedAtMs: nowMs, version: record.version + 1 };
}
