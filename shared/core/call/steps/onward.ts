import type { ReturnValues } from '../studio.ts';
import { toPerson } from '../to-person.ts';
import { nobody } from './nobody.ts';
import type { Heard, StepCall } from './step.ts';

/** Whether a flow waits for this call. One that we placed is in none. */
export function isInFlow({ settings, at }: Pick<StepCall, 'settings' | 'at'>): boolean {
  return settings.studio !== undefined && at.request === undefined && !at.isOutsideFlow;
}

/** Sends a caller who called us on to a person. */
export function onward(call: Pick<StepCall, 'settings' | 'at'>, values: ReturnValues): Heard {
  const { settings, at } = call;
  return [toPerson({ ...settings, isOutsideFlow: !isInFlow(call) }, { HandoverId: at.handover, ...values })];
}

/** What follows when no person can be had: the flow decides, or where there is none the caller may have something else. */
export function withoutPerson(
  call: StepCall,
  HandoverError: NonNullable<ReturnValues['HandoverError']>,
): Heard | Promise<Heard> {
  return isInFlow(call) ? onward(call, { HandoverError }) : nobody(call);
}
