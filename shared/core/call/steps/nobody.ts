import { nobodyThere } from '../last-resort.ts';
import { learn, type Step } from './step.ts';

/** What a caller hears whom no person has answered. */
export const nobody: Step = async (call) => {
  await learn(call, { status: 'failed', reason: 'nobody_answered' });
  return nobodyThere(call.at.language);
};
