import { wereConnected } from './dial-outcome.ts';
import type { ReturnValues } from './studio.ts';

const reasons: Readonly<Record<string, NonNullable<ReturnValues['HandoverReason']>>> = {
  busy: 'assistant_busy',
  'no-answer': 'assistant_no_answer',
};

/** Why a call comes back from the assistant. Everything that is not a call held to its end is a failure of some kind. */
export function assistantEnded(dial: {
  readonly DialCallStatus: string | undefined;
  readonly DialBridged: string | undefined;
}): NonNullable<ReturnValues['HandoverReason']> {
  if (wereConnected(dial)) return 'assistant_ended';
  const { DialCallStatus = '' } = dial;
  return Object.hasOwn(reasons, DialCallStatus) ? (reasons[DialCallStatus] ?? 'assistant_failed') : 'assistant_failed';
}
