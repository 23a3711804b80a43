import { sha256 } from '../hash.ts';
import { Problem } from '../problems.ts';
import { shortId } from '../short-id.ts';
import type { CallRecord, Table } from '../table.ts';
import type { CallLimits } from './call-limits.ts';
import { takeFromLimits } from './take-from-limits.ts';

/** Who has just not answered will not answer at once. */
export const CALL_BACK_AFTER_MS = 15 * 60_000;

/** The request that a caller makes who asks in a call to be called back: the same however often the key is told. */
export function callBackOf(callSid: string): string {
  return shortId('r', sha256(`call back after ${callSid}`));
}

/** Somebody who is to be called back: who, why, when. */
export type CallBack = Pick<
  CallRecord,
  'requestId' | 'subject' | 'phone' | 'conversationId' | 'topic' | 'name' | 'language' | 'handoverId' | 'waitingSinceMs'
> & { readonly dueAtMs: number };

/**
 * Writes down that somebody is to be called, as `CALL_LIMITS` allow. True when it is certain that they will be; false when
 * they may not be called as often. Repeating is harmless.
 */
export async function promiseCallBack(
  { calls, due, rates }: Pick<Table, 'calls' | 'due' | 'rates'>,
  callBack: CallBack,
  limits: CallLimits,
  nowMs: number,
): Promise<boolean> {
  const { requestId, phone, dueAtMs } = callBack;
  if (await calls.read(requestId)) return true;
  try {
    await takeFromLimits({ sources: [], phone }, rates, limits, nowMs);
  } catch (error) {
    if (error instanceof Problem && error.code === 'rate_limited') return false;
    throw error;
  }
  await due.add(requestId, dueAtMs);
  const unplaced = { status: 'scheduled', reason: undefined, callSid: undefined } as const;
  await calls.create({ ...callBack, ...unplaced, createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 });
  return true;
}
