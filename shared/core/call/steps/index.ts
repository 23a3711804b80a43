import type { StepName } from '../leg-step.ts';
import { toPerson } from '../to-person.ts';
import { accept, agentEnded, ringAgent, whisper } from './agents.ts';
import { afterAssistant } from './assistant.ts';
import { greeting } from './customer.ts';
import { choice, message, nobody } from './nobody.ts';
import type { Heard, Step, StepCall } from './step.ts';

const steps: Readonly<Record<StepName, Step>> = {
  'assistant-ended': afterAssistant,
  customer: greeting,
  agent: ringAgent,
  'agent-ended': agentEnded,
  whisper,
  accept,
  nobody,
  choice,
  message,
};

/** What is heard next at a step of a call. A step that we do not know leads to a person. */
export async function nextInCall(call: StepCall): Promise<Heard> {
  const { settings, at } = call;
  if (at.step === undefined) return [toPerson(settings, { HandoverId: at.handover, HandoverError: 'unavailable' })];
  return steps[at.step](call);
}
