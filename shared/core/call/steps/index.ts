import type { CallRecord } from '../../table.ts';
import type { LegStep } from '../leg-step.ts';
import { toPerson } from '../to-person.ts';
import { accept, agentEnded, ringAgent, whisper } from './agents.ts';
import { afterAssistant } from './assistant.ts';
import { greeting } from './customer.ts';
import type { NextInCall, StepForm, StepSettings } from './step.ts';

/**
 * What comes next at a step of a call. `record` is what is known of the wish that the call is for; it changes what an
 * agent is told and never whether the caller gets on. A step that we do not know leads to a person.
 */
export function nextInCall(
  settings: StepSettings,
  at: LegStep,
  form: StepForm,
  record: CallRecord | undefined,
): NextInCall {
  switch (at.step) {
    case 'assistant-ended':
      return afterAssistant(settings, at, form);
    case 'customer':
      return greeting(settings, at, form);
    case 'agent':
      return ringAgent(settings, at, at.agent);
    case 'agent-ended':
      return agentEnded(settings, at, form);
    case 'whisper':
      return whisper(settings, at, record);
    case 'accept':
      return accept(form);
    case undefined:
      return { verbs: [toPerson(settings, { HandoverId: at.handover, HandoverError: 'unavailable' })] };
  }
}
