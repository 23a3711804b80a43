import type { PublicUrls } from '../public-urls.ts';
import type { AgentPhones } from './agent-phones.ts';
import type { CallLimits } from './call-limits.ts';
import type { ReferTarget } from './refer-targets.ts';
import { OUTSIDE_FLOW } from './to-person.ts';
import { type Verb, verb } from './twiml.ts';

/** How long a target that a transfer names may ring. */
const RING_SEC = 30;

interface Dialling extends Pick<AgentPhones, 'TWILIO_PHONE_NUMBER'> {
  readonly urls: PublicUrls;
  readonly CALL_LIMITS: CallLimits;
}

/** Dials a listed target of a transfer. Whoever does not get through there is led to a person. */
export function dialTarget(
  { urls, CALL_LIMITS, TWILIO_PHONE_NUMBER }: Dialling,
  { noun }: ReferTarget,
  { handoverId, isOutsideFlow }: { readonly handoverId: string | undefined; readonly isOutsideFlow: boolean },
): Verb {
  const handover = handoverId === undefined ? '' : `&handover=${handoverId}`;
  return verb(
    'Dial',
    {
      callerId: TWILIO_PHONE_NUMBER,
      timeout: RING_SEC,
      timeLimit: CALL_LIMITS.maxMinutes * 60,
      action: `${urls.of('call-leg')}?step=transferred${handover}${isOutsideFlow ? `&${OUTSIDE_FLOW}` : ''}`,
    },
    noun,
  );
}
