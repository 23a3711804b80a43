import { nobodyThere } from '../last-resort.ts';
import type { LegStep } from '../leg-step.ts';
import type { NextInCall } from './step.ts';

/** What a caller hears whom no person has answered. */
export function nobody(at: LegStep): NextInCall {
  return { verbs: nobodyThere(at.language), learned: { status: 'failed', reason: 'nobody_answered' } };
}
