import { assistantEnded } from '../assistant-ended.ts';
import { handoverOfCall } from '../call-handover.ts';
import { wereConnected } from '../dial-outcome.ts';
import { dialTarget } from '../dial-target.ts';
import { listedTarget } from '../refer-targets.ts';
import { isSessionHistoryKey } from '../session-history-key.ts';
import { isInFlow, onward } from './onward.ts';
import { type Heard, hangup, type Step } from './step.ts';
import { noteVisit, type Visit, visitOf } from './visit.ts';

/** What follows when the assistant has said that a person is wanted and hung up: its BYE names no target, the bot did. */
function handedOver({ call, context }: Visit): Heard {
  const { settings, at } = call;
  const { transferTarget, sessionHistoryKey: key } = context?.facts ?? {};
  const listed = listedTarget(settings.REFER_TARGETS, transferTarget);
  call.note({ listed: listed !== undefined || undefined });
  if (listed) return [dialTarget(settings, listed, { handoverId: at.handover, isOutsideFlow: at.isOutsideFlow })];
  const SessionHistoryKey = key !== undefined && isSessionHistoryKey(key) ? key : undefined;
  return onward(call, { HandoverReason: 'assistant_transfer', SessionHistoryKey });
}

/**
 * What follows when the assistant's leg is over. Where the table cannot tell whether a person was asked for, the caller gets
 * one: better a person who was not needed than a caller who is dropped.
 */
export const afterAssistant: Step = async (start) => {
  const HandoverReason = assistantEnded(start.form);
  const visit = await visitOf(start);
  const { call, context, isKnown } = visit;
  const isAsked = context?.told.bot !== undefined;
  const isOver = HandoverReason === 'assistant_ended' && isKnown && !isAsked;
  if (isOver && !isInFlow(call) && call.settings.AFTER_ASSISTANT === 'hangup') return hangup;
  // The assistant tells of its own leg, whose SID is not the caller's.
  const { AccountSid, DialCallSid: CallSid } = start.form;
  const byLeg = handoverOfCall({ AccountSid, CallSid });
  await noteVisit(visit, async ({ contexts }, handoverId) => byLeg && contexts.link(handoverId, byLeg, start.nowMs));
  if (HandoverReason !== 'assistant_ended') return onward(call, { HandoverReason });
  if (!isKnown) return onward(call, { HandoverError: 'unavailable' });
  return isAsked ? handedOver(visit) : onward(call, { HandoverReason });
};

/** What follows when a target that was dialled for the assistant is done. */
export const transferred: Step = (call) => {
  const { form } = call;
  return wereConnected(form) || form.CallStatus === 'completed' ? hangup : onward(call, {});
};
