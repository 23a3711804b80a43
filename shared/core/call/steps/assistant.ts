import type { Facts, HandoverContext } from '../../handover/context.ts';
import { assistantEnded } from '../assistant-ended.ts';
import { handoverOfCall } from '../call-handover.ts';
import { wereConnected } from '../dial-outcome.ts';
import { dialTarget } from '../dial-target.ts';
import { listedTarget } from '../refer-targets.ts';
import { isSessionHistoryKey } from '../session-history-key.ts';
import { isInFlow, onward } from './onward.ts';
import { type Heard, hangup, type Step, type StepCall } from './step.ts';
import { noteVisit, type Visit, visitOf } from './visit.ts';

/** What follows when the assistant has said that a person is wanted and hung up: its BYE names no target, the bot did. */
function handedOver({ call }: Visit, { transferTarget, sessionHistoryKey: key }: Facts): Heard {
  const { settings, at } = call;
  const listed = listedTarget(settings.REFER_TARGETS, transferTarget);
  call.note({ listed: listed !== undefined || undefined });
  if (listed) return [dialTarget(settings, listed, { handoverId: at.handover, isOutsideFlow: at.isOutsideFlow })];
  const SessionHistoryKey = key !== undefined && isSessionHistoryKey(key) ? key : undefined;
  return onward(call, { HandoverReason: 'assistant_transfer', SessionHistoryKey });
}

/**
 * What the assistant has told where it wants a person: under the handover of the call, else under its own leg, whose SID is
 * not the caller's. Undefined where it wants none; `isKnown` says whether the table could tell.
 */
async function askedFor({ context, isKnown }: Visit, { tried }: StepCall, byLeg: string | undefined) {
  const wants = (one: HandoverContext | undefined) => (one?.told.bot ?? one?.told.log) !== undefined;
  if (!isKnown || wants(context) || byLeg === undefined)
    return { isKnown, facts: wants(context) ? context?.facts : undefined };
  const leg = await tried(async ({ contexts }) => ({ context: await contexts.read(byLeg) }));
  return { isKnown: leg !== undefined, facts: wants(leg?.context) ? leg?.context?.facts : undefined };
}

/**
 * What follows when the assistant's leg is over. Where the table cannot tell whether a person was asked for, the caller gets
 * one: better a person who was not needed than a caller who is dropped.
 */
export const afterAssistant: Step = async (start) => {
  const HandoverReason = assistantEnded(start.form);
  const visit = await visitOf(start);
  const { call } = visit;
  const { AccountSid, DialCallSid: CallSid } = start.form;
  const byLeg = handoverOfCall({ AccountSid, CallSid });
  const wasBye = HandoverReason === 'assistant_ended';
  const { facts, isKnown } = wasBye ? await askedFor(visit, start, byLeg) : { facts: undefined, isKnown: true };
  const isOver = wasBye && isKnown && facts === undefined;
  if (isOver && !isInFlow(call) && call.settings.AFTER_ASSISTANT === 'hangup') return hangup;
  await noteVisit(visit, async ({ contexts }, handoverId) => byLeg && contexts.link(handoverId, byLeg, start.nowMs));
  if (!isKnown) return onward(call, { HandoverError: 'unavailable' });
  return facts === undefined ? onward(call, { HandoverReason }) : handedOver(visit, facts);
};

/** What follows when a target that was dialled for the assistant is done. */
export const transferred: Step = (call) => {
  const { form } = call;
  return wereConnected(form) || form.CallStatus === 'completed' ? hangup : onward(call, {});
};
