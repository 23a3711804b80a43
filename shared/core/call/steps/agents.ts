import type { CallRecord } from '../../table.ts';
import { isOver } from '../call-status.ts';
import { wereConnected } from '../dial-outcome.ts';
import { type LegStep, legUrl } from '../leg-step.ts';
import { phrases, say, speakable } from '../speech.ts';
import { verb } from '../twiml.ts';
import { nobody } from './nobody.ts';
import { hangup, type NextInCall, type StepForm, type StepSettings } from './step.ts';

/** How long the phone of one agent rings. */
const RING_SEC = 20;
/** How long an agent has to press the key, from the end of the question. */
const KEY_WITHIN_SEC = 10;

/**
 * Rings one agent for a caller who waits. The agent must press a key before the two are connected, so no answering machine
 * counts as a person. After the last agent nobody is there.
 */
export function ringAgent(settings: StepSettings, at: LegStep, agent: number): NextInCall {
  const number = settings.AGENT_NUMBERS[agent];
  if (number === undefined) return nobody(at);
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

/** What follows when an agent's leg is over: the end of a talk, or the next agent. */
export function agentEnded(settings: StepSettings, at: LegStep, form: StepForm): NextInCall {
  if (wereConnected(form)) return { ...hangup, learned: { status: 'ended' } };
  // The caller is gone: what is answered is not heard, and `call-events` is told why.
  if (form.CallStatus === 'completed') return hangup;
  return ringAgent(settings, at, at.agent + 1);
}

/** What an agent hears who picks up: who waits and why, and which key takes the call. */
export function whisper(settings: StepSettings, at: LegStep, record: CallRecord | undefined): NextInCall {
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

/** Whether the agent takes the call. */
export function accept({ Digits }: StepForm): NextInCall {
  return Digits === '1' ? { verbs: [], learned: { status: 'connected' } } : hangup;
}
