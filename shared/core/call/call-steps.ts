import * as v from 'valibot';
import { publicUrls } from '../public-urls.ts';
import { optional, type SettingsOf, settings, text, together } from '../settings.ts';
import type { CallRecord } from '../table.ts';
import { agentPhones } from './agent-phones.ts';
import { assistantEnded } from './assistant-ended.ts';
import { callLimits } from './call-limits.ts';
import { type CallChange, isOver } from './call-status.ts';
import { wereConnected } from './dial-outcome.ts';
import { nobodyThere } from './last-resort.ts';
import { type LegStep, legUrl } from './leg-step.ts';
import { phrases, say, speakable } from './speech.ts';
import { studioFlow } from './studio.ts';
import { toPerson } from './to-person.ts';
import { type Verb, verb } from './twiml.ts';

/** How long the phone of one agent rings. */
const RING_SEC = 20;
/** How long an agent has to press the key, from the end of the question. */
const KEY_WITHIN_SEC = 10;

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

type StepSettings = SettingsOf<typeof callStepSettings>;

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

const hangup: NextInCall = { verbs: [verb('Hangup')] };

/**
 * Rings one agent for a caller who waits. The agent must press a key before the two are connected, so no answering machine
 * counts as a person. After the last agent it is said that nobody is there.
 */
function ringAgent(settings: StepSettings, at: LegStep, agent: number): NextInCall {
  const number = settings.AGENT_NUMBERS[agent];
  if (number === undefined) {
    return { verbs: nobodyThere(at.language), learned: { status: 'failed', reason: 'nobody_answered' } };
  }
  const dial = verb(
    'Dial',
    {
      callerId: settings.TWILIO_PHONE_NUMBER,
      timeout: RING_SEC,
      timeLimit: settings.CALL_LIMITS.maxMinutes * 60,
      action: legUrl(settings.urls, at, 'agent-ended', agent),
    },
    verb('Number', { url: legUrl(settings.urls, at, 'whisper', agent) }, number),
  );
  return { verbs: [dial], learned: { status: 'agent_ringing' } };
}

function agentEnded(settings: StepSettings, at: LegStep, form: StepForm): NextInCall {
  if (wereConnected(form)) return { ...hangup, learned: { status: 'ended' } };
  // The caller is gone: what is answered is not heard, and `call-events` is told why.
  if (form.CallStatus === 'completed') return hangup;
  return ringAgent(settings, at, at.agent + 1);
}

function greeting(settings: StepSettings, at: LegStep, { CallSid }: StepForm): NextInCall {
  const callSid = CallSid === undefined ? {} : { callSid: CallSid };
  return {
    verbs: [
      say(at.language, phrases[at.language].greeting(settings.BUSINESS_NAME)),
      verb('Redirect', { method: 'POST' }, legUrl(settings.urls, at, 'agent', 0)),
    ],
    learned: { status: 'customer_answered', ...callSid },
  };
}

function afterAssistant(settings: StepSettings, at: LegStep, form: StepForm): NextInCall {
  const HandoverReason = assistantEnded(form);
  const isAtItsEnd = HandoverReason === 'assistant_ended' && settings.AFTER_ASSISTANT === 'hangup';
  if (isAtItsEnd && !settings.studio) return hangup;
  return { verbs: [toPerson(settings, { HandoverId: at.handover, HandoverReason })] };
}

function whisper(settings: StepSettings, at: LegStep, record: CallRecord | undefined): NextInCall {
  const words = phrases[at.language];
  if (record && isOver(record.status)) return { verbs: [say(at.language, words.customerLeft), verb('Hangup')] };
  const asked = { name: speakable(record?.name), topic: speakable(record?.topic) };
  const gather = verb(
    'Gather',
    { action: legUrl(settings.urls, at, 'accept'), numDigits: 1, timeout: KEY_WITHIN_SEC },
    say(at.language, words.whisper(asked)),
  );
  return { verbs: [gather, verb('Hangup')] };
}

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
      return form.Digits === '1' ? { verbs: [], learned: { status: 'connected' } } : hangup;
    case undefined:
      return { verbs: [toPerson(settings, { HandoverId: at.handover, HandoverError: 'unavailable' })] };
  }
}
