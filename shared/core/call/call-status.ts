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
  | 'no_outcome'
  /** The customer asked to be called back: another call will be placed. */
  | 'call_back'
  /** It waits at the desk, in its place in line, and somebody there will call. */
  | 'queued'
  /** Its time came when nobody works, and nobody ever will. */
  | 'outside_hours'
  /** Its time was over long before anybody looked. */
  | 'expired';

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
  voicemail: 5,
  failed: 5,
  ended: 5,
};

/** Nothing comes after it. */
export function isOver(status: CallStatus): boolean {
  return progress[status] === 5;
}

/**
 * How much an end says. That the line is free again says least, for it is told of every call; that nobody answered is said
 * before the customer chooses what to have instead. As callbacks come in any order, an end that says more takes the place
 * of one that says less.
 */
const says: ReadonlyMap<string | undefined, number> = new Map([
  ['customer_left', 0],
  ['nobody_answered', 1],
  ['answering_machine', 2],
  ['call_back', 2],
  // They have talked, or a message was left.
  [undefined, 2],
]);

const SAYS_MOST = 2;

/** What follows on a record that is over; undefined when it stays. */
function refined(
  record: CallRecord,
  { status, reason }: CallChange,
): Pick<CallChange, 'status' | 'reason'> | undefined {
  const said = says.get(record.reason) ?? SAYS_MOST;
  // Who was connected has talked, and did not just leave.
  if (status === 'connected') return said === 0 ? { status: 'ended' } : undefined;
  // The others are told of a call once: no second one is believed.
  const saying = isOver(status) ? says.get(reason) : undefined;
  return saying !== undefined && saying > said ? { status, ...(reason === undefined ? {} : { reason }) } : undefined;
}

/** What follows on a record when something is learned; undefined when nothing does. */
function following(record: CallRecord, change: CallChange): Pick<CallChange, 'status' | 'reason'> | undefined {
  const { status, callSid } = change;
  if (isOver(record.status)) return refined(record, change);
  // Whether a call was placed is unknown only as long as nobody has named it.
  if (status === 'unknown') return record.status === 'calling' && record.callSid === undefined ? change : undefined;
  if (record.status === 'unknown' && status === 'calling') return callSid === undefined ? undefined : change;
  if (record.status === 'connected') {
    // An agent who accepts and hangs up before the two are connected was nobody either.
    if (status === 'failed' && change.reason === 'nobody_answered') return change;
    // Once both have talked the call ends; it no longer fails.
    if (status !== 'ended') return undefined;
    return change.reason === 'customer_left' ? { status } : change;
  }
  return progress[status] > progress[record.status] ? change : undefined;
}

/**
 * The record after something was learned, in whatever order that arrives: a call never goes back, and what is over stays
 * over. Undefined when nothing changes.
 */
export function progressed(record: CallRecord, change: CallChange, nowMs: number): CallRecord | undefined {
  const next = following(record, change);
  const callSid = record.callSid ?? (isOver(record.status) ? undefined : change.callSid);
  if (!next && callSid === record.callSid) return undefined;
  const news = next ? { status: next.status, reason: next.reason } : {};
  return { ...record, ...news, callSid, updatedAtMs: nowMs, version: record.version + 1 };
}
