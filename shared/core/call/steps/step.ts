import * as v from 'valibot';
import { publicUrls } from '../../public-urls.ts';
import { optional, type SettingsOf, settings, text, together } from '../../settings.ts';
import { agentPhones } from '../agent-phones.ts';
import { callLimits } from '../call-limits.ts';
import type { CallChange } from '../call-status.ts';
import { studioFlow } from '../studio.ts';
import { type Verb, verb } from '../twiml.ts';

export const callStepSettings = together(
  together(publicUrls, studioFlow, agentPhones, callLimits),
  settings({
    AFTER_ASSISTANT: optional(v.picklist(['hangup', 'person']), 'hangup', {
      is: 'what follows when the assistant ends the call itself: hangup or person',
    }),
    BUSINESS_NAME: optional(text(100), undefined, {
      is: 'who is calling, as customers hear it when their phone rings',
      example: 'Example Insurance',
    }),
  }),
);

export type StepSettings = SettingsOf<typeof callStepSettings>;

/** What Twilio tells at the steps of a call. */
export interface StepForm {
  readonly CallSid: string | undefined;
  readonly CallStatus: string | undefined;
  readonly DialCallStatus: string | undefined;
  readonly DialBridged: string | undefined;
  readonly Digits: string | undefined;
}

/** What is heard next on a leg, and what this step tells of the call. Nothing to hear: the legs are connected. */
export interface NextInCall {
  readonly verbs: readonly Verb[];
  readonly learned?: CallChange;
}

export const hangup: NextInCall = { verbs: [verb('Hangup')] };
