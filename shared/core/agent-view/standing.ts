import type { Facts } from '../handover/context.ts';
import { isPaused, isPending, type OwnershipState } from '../handover/ownership.ts';
import type { CallRecord, CallStatus, HandoverRecord } from '../table.ts';

/** Where a handover stands: of a chat the first three, of a call we placed its status, of a call that came in `open` first. */
export type Standing = 'pending' | 'human' | 'ended' | 'open' | CallStatus;

/** How long after a handover was written down its state may not be there yet. */
const OPENING_MS = 30_000;

/** No call lasts longer: Twilio's own limit. */
const LONGEST_CALL_MS = 4 * 3_600_000;

/** How a call ended with which nobody goes on. */
const CALLER_IS_GONE: readonly string[] = ['caller_hangup', 'customer_left', 'talked'];

interface Known {
  readonly handoverId: string;
  readonly record: HandoverRecord | undefined;
  readonly facts: Facts;
  readonly state: OwnershipState | undefined;
  readonly call: CallRecord | undefined;
}

function chatStanding({ handoverId, state }: Known, openedAtMs: number, nowMs: number): Standing {
  if (state?.handoverId !== handoverId) return !state && nowMs - openedAtMs < OPENING_MS ? 'pending' : 'ended';
  if (isPending(state, nowMs)) return 'pending';
  return isPaused(state, nowMs) ? 'human' : 'ended';
}

/** A call that came in: its record names no conversation but itself. */
function callStanding({ facts }: Known, openedAtMs: number, nowMs: number): Standing {
  if (facts.voicemail) return 'voicemail';
  const isOver = CALLER_IS_GONE.includes(facts.endReason ?? '') || nowMs - openedAtMs > LONGEST_CALL_MS;
  if (isOver) return 'ended';
  return facts.agent === undefined ? 'open' : 'connected';
}

/** Where a handover stands now. A chat that led to a call stands where the call does. */
export function standingOf(known: Known, nowMs: number): Standing {
  const { handoverId, record, call } = known;
  if (call) return call.status;
  if (record && record.conversationId !== handoverId) return chatStanding(known, record.openedAtMs, nowMs);
  return callStanding(known, record?.openedAtMs ?? nowMs, nowMs);
}
