import { assistantEnded } from '../assistant-ended.ts';
import type { LegStep } from '../leg-step.ts';
import { toPerson } from '../to-person.ts';
import { hangup, type NextInCall, type StepForm, type StepSettings } from './step.ts';

/** What follows when the assistant's leg is over. */
export function afterAssistant(settings: StepSettings, at: LegStep, form: StepForm): NextInCall {
  const HandoverReason = assistantEnded(form);
  const isAtItsEnd = HandoverReason === 'assistant_ended' && settings.AFTER_ASSISTANT === 'hangup';
  if (isAtItsEnd && !settings.studio) return hangup;
  return { verbs: [toPerson(settings, { HandoverId: at.handover, HandoverReason })] };
}
