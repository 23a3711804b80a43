import { assistantEnded } from '../assistant-ended.ts';
import { toPerson } from '../to-person.ts';
import { hangup, type Step } from './step.ts';

/** What follows when the assistant's leg is over. */
export const afterAssistant: Step = ({ settings, at, form }) => {
  const HandoverReason = assistantEnded(form);
  const isAtItsEnd = HandoverReason === 'assistant_ended' && settings.AFTER_ASSISTANT === 'hangup';
  if (isAtItsEnd && !settings.studio) return hangup;
  return [toPerson(settings, { HandoverId: at.handover, HandoverReason })];
};
