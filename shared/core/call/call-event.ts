import type { CallRecord } from '../table.ts';
import type { CallChange, CallReason } from './call-status.ts';

/** A callback about a call that we placed: its status, or with `AnsweredBy` alone what answering machine detection heard. */
export interface CallEvent {
  readonly CallStatus: string | undefined;
  readonly AnsweredBy: string | undefined;
}

const failures: Readonly<Record<string, CallReason>> = {
  busy: 'busy',
  'no-answer': 'no_answer',
  failed: 'not_reached',
  canceled: 'canceled',
};

/** Whether nothing more comes of a call after this status. */
export function isFinal({ CallStatus = '' }: Pick<CallEvent, 'CallStatus'>): boolean {
  return CallStatus === 'completed' || Object.hasOwn(failures, CallStatus);
}

function learned({ CallStatus, AnsweredBy = '' }: CallEvent): CallChange | undefined {
  switch (CallStatus) {
    case 'queued':
    case 'initiated':
    case 'ringing':
      return { status: 'calling' };
    case 'in-progress':
    case 'answered':
      return { status: 'customer_answered' };
    case 'completed':
      return { status: 'ended', reason: 'customer_left' };
    case undefined: {
      const isMachine = AnsweredBy.startsWith('machine_') || AnsweredBy === 'fax';
      return isMachine ? { status: 'failed', reason: 'answering_machine' } : undefined;
    }
    default: {
      const reason = Object.hasOwn(failures, CallStatus) ? failures[CallStatus] : undefined;
      return reason && { status: 'failed', reason };
    }
  }
}

/** Whether a callback about a call can be about the one of this record: nobody has named it yet, or by this name. */
export function isAbout(callSid: string, record: CallRecord): boolean {
  return record.status !== 'scheduled' && (record.callSid === undefined || record.callSid === callSid);
}

/**
 * What a callback tells of the call that a wish led to: undefined for a callback about another call. It names the call too,
 * which settles one of unknown outcome.
 */
export function learnedFrom(event: CallEvent, callSid: string, record: CallRecord): CallChange | undefined {
  if (!isAbout(callSid, record)) return undefined;
  const change = learned(event);
  return change && { ...change, callSid };
}
