import * as v from 'valibot';
import { agentLinkSettings } from '../../callers/session-secret.ts';
import type { Notes } from '../../log.ts';
import { publicUrls } from '../../public-urls.ts';
import { optional, type SettingsOf, settings, text, together } from '../../settings.ts';
import type { CallRecord, Table } from '../../table.ts';
import { advanceCall } from '../advance-call.ts';
import { agentTextChoice } from '../agent-text.ts';
import { callBackCountries } from '../allowed-countries.ts';
import { callLimits } from '../call-limits.ts';
import type { CallChange } from '../call-status.ts';
import { businessHours } from '../hours.ts';
import type { LegStep } from '../leg-step.ts';
import { phoneDeskSettings } from '../phone-desk.ts';
import { referTargets } from '../refer-targets.ts';
import { studioFlow } from '../studio.ts';
import { type Verb, verb } from '../twiml.ts';
import { waitingLine } from '../waiting-line.ts';

const onOrOff = v.picklist(['on', 'off']);

export const callStepSettings = together(
  together(publicUrls, studioFlow, phoneDeskSettings, callLimits),
  together(businessHours, callBackCountries, agentLinkSettings, referTargets, waitingLine),
  agentTextChoice,
  settings({
    AFTER_ASSISTANT: optional(v.picklist(['hangup', 'person']), 'hangup', {
      is: 'what follows when the assistant ends the call itself: hangup or person',
    }),
    BUSINESS_NAME: optional(text(100), undefined, {
      is: 'who is calling, as customers hear it when their phone rings',
      example: 'Example Insurance',
    }),
    CALL_RECORDING: optional(onOrOff, 'off', {
      is: 'on records what customers and agents say to each other, and tells both',
    }),
    VOICEMAIL: optional(onOrOff, 'on', { is: 'on offers callers to leave a message when nobody is there' }),
  }),
);

export type StepSettings = SettingsOf<typeof callStepSettings>;

/** What Twilio tells at the steps of a call. */
export interface StepForm {
  readonly AccountSid: string | undefined;
  readonly CallSid: string | undefined;
  readonly CallStatus: string | undefined;
  /** Who calls: of a call that came in, the caller. */
  readonly From: string | undefined;
  readonly DialCallStatus: string | undefined;
  readonly DialBridged: string | undefined;
  /** The leg that was dialled. */
  readonly DialCallSid: string | undefined;
  readonly Digits: string | undefined;
  readonly QueueResult: string | undefined;
  readonly QueueTime: string | undefined;
  readonly QueuePosition: string | undefined;
}

/** One request of Twilio about a leg: where in the call it is, what is told, and what the step may ask of the table. */
export interface StepCall {
  readonly settings: StepSettings;
  readonly at: LegStep;
  readonly form: StepForm;
  readonly nowMs: number;
  /**
   * Uses the table while somebody listens to silence: undefined when it fails or takes longer than what is left of 900 ms,
   * which all tries of one answer share. No answer may depend on it but in its words.
   */
  readonly tried: <T>(use: (table: Table) => Promise<T>) => Promise<T | undefined>;
  /** Adds words to the log line. */
  readonly note: (notes: Notes) => void;
}

/** What is heard next on the leg. Nothing to hear: the legs are connected. */
export type Heard = readonly Verb[];

/** What happens at one step. A step that says the same to whoever repeats the request may be asked as often as one likes. */
export type Step = (call: StepCall) => Heard | Promise<Heard>;

export const hangup: Heard = [verb('Hangup')];

/** Notes what a step tells of the call that a wish led to; the record as it is then, if the table answers in time. */
export async function learn({ at, tried, nowMs, note }: StepCall, change: CallChange): Promise<CallRecord | undefined> {
  const { request } = at;
  if (request === undefined) return undefined;
  const record = await tried(({ calls }) => advanceCall(calls, request, change, nowMs));
  note({ callStatus: change.status, noted: record !== undefined });
  return record;
}
