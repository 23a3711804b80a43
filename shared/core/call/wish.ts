import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { sha256 } from '../hash.ts';
import { isoTime } from '../iso-time.ts';
import { Problem } from '../problems.ts';
import { shortId } from '../short-id.ts';
import type { CallRecord, Table } from '../table.ts';
import { handoverOfRequest } from './call-handover.ts';
import type { CallLimits } from './call-limits.ts';
import type { WishedCall } from './call-wish.ts';
import { type BusinessHours, isOpen, opensAt } from './hours.ts';
import type { PlaceCall } from './telephony.ts';
import type { Placing } from './wanted-call.ts';

export interface Wish {
  /** Who wishes. */
  readonly subject: string;
  /** Who or what is counted besides the number: the visitor, their address. */
  readonly sources: readonly string[];
  /** The caller's own name for this wish. Without one a wish is subject and number while the call is open. */
  readonly key: string | undefined;
  readonly call: WishedCall;
}

export interface CallPorts {
  readonly table: Pick<Table, 'calls' | 'once' | 'rates' | 'due' | 'contexts' | 'openings' | 'states' | 'transcripts'>;
  readonly placeCall: PlaceCall;
  readonly placing: Placing;
  readonly limits: CallLimits;
  readonly hours: BusinessHours | undefined;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

const hashOf = (parts: readonly unknown[]) => sha256(JSON.stringify(parts));

/** What a wish is about: two that are called alike must be alike. */
/** What the claim to place a call is kept by. */
export const placingKey = (requestId: string): string => `call#${requestId}`;

export const contentOf = ({ phone, conversationId, topic, name, language, atMs }: WishedCall) =>
  hashOf([phone, conversationId, topic, name, language, atMs]).toString('base64url');

/** The same of a record. */
export const contentOfRecord = (record: CallRecord) => contentOf({ ...record, atMs: record.dueAtMs });

/**
 * A repeated key finds its own record again. Without a key a call at once begins as a wish of its own every time, and one at
 * a time is known by whom, which number and when; `again` counts those before it that are over.
 */
export function requestIdOf({ subject, key, call }: Wish, again = 0): string {
  if (key !== undefined) return shortId('r', hashOf([subject, key]));
  return shortId('r', call.atMs === undefined ? randomBytes(10) : hashOf([subject, call.phone, call.atMs, again]));
}

/** The record with which a wish begins. */
export function recordOf(wish: Wish, requestId: string, nowMs: number): CallRecord {
  const { atMs, ...call } = wish.call;
  return {
    ...call,
    requestId,
    subject: wish.subject,
    status: atMs === undefined ? 'calling' : 'scheduled',
    reason: undefined,
    callSid: undefined,
    handoverId: handoverOfRequest(requestId),
    dueAtMs: atMs,
    waitingSinceMs: undefined,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    version: 1,
  };
}

/** Throws `closed` for a time at which nobody is there, with the time at which somebody is again. */
export function refuseClosed(hours: BusinessHours | undefined, atMs: number): void {
  if (isOpen(hours, atMs)) return;
  const opensMs = opensAt(hours, atMs);
  throw new Problem('closed', { extra: opensMs === undefined ? {} : { opensAt: isoTime(opensMs) } });
}
