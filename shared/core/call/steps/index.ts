import type { StepName } from '../leg-step.ts';
import { accept, agentEnded, ringAgent, whisper } from './agents.ts';
import { afterAssistant, transferred } from './assistant.ts';
import { greeting } from './customer.ts';
import { choice, message, nobodyAskedFor } from './nobody.ts';
import { isInFlow, onward } from './onward.ts';
import { person } from './person.ts';
import { hold, queueEnded } from './queue.ts';
import type { Heard, Step, StepCall } from './step.ts';

const steps: Readonly<Record<StepName, Step>> = {
  'assistant-ended': afterAssistant,
  transferred,
  person,
  hold,
  'queue-ended': queueEnded,
  customer: greeting,
  agent: ringAgent,
  'agent-ended': agentEnded,
  whisper,
  accept,
  nobody: nobodyAskedFor,
  choice,
  message,
};

/** What is heard next at a step of a call. A step that we do not know leads to a person. */
export async function nextInCall(call: StepCall): Promise<Heard> {
  const { step } = call.at;
  if (step !== undefined) return steps[step](call);
  return isInFlow(call) ? onward(call, { HandoverError: 'unavailable' }) : person(call);
}
