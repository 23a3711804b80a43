import { type LegStep, legUrl } from '../leg-step.ts';
import { phrases, say } from '../speech.ts';
import { verb } from '../twiml.ts';
import type { NextInCall, StepForm, StepSettings } from './step.ts';

/** What a customer hears who picks up because they asked for the call. */
export function greeting(settings: StepSettings, at: LegStep, { CallSid }: StepForm): NextInCall {
  const callSid = CallSid === undefined ? {} : { callSid: CallSid };
  return {
    verbs: [
      say(at.language, phrases[at.language].greeting(settings.BUSINESS_NAME)),
      verb('Redirect', { method: 'POST' }, legUrl(settings.urls, at, 'agent', 0)),
    ],
    learned: { status: 'customer_answered', ...callSid },
  };
}
