import { isOver } from '../call-status.ts';
import { wereConnected } from '../dial-outcome.ts';
import { knownOfCaller } from '../known-of-caller.ts';
import { textsIn } from '../languages/index.ts';
import { eventUrl, legUrl } from '../leg-step.ts';
import { numbersOf } from '../phone-desk.ts';
import { say } from '../speech.ts';
import { type Verb, verb } from '../twiml.ts';
import { whisperText } from '../whisper.ts';
import { withoutPerson } from './onward.ts';
import { type Heard, hangup, learn, type Step, type StepCall, type StepSettings } from './step.ts';
import { noteTalk } from './visit.ts';

/** How long the phone of one agent rings. */
const RING_SEC = 20;
/** How long an agent has to press the key, from the end of the question. */
const KEY_WITHIN_SEC = 10;

const isRecorded = ({ CALL_RECORDING }: StepSettings) => CALL_RECORDING === 'on';

/** Rings one phone until somebody there presses the key. */
function dialled({ settings, at }: StepCall, agent: number, number: string): Verb {
  const { urls, CALL_LIMITS, TWILIO_PHONE_NUMBER } = settings;
  const texted = settings.AGENT_TEXTS === 'on' && settings.SESSION_SECRET !== undefined && at.handover !== undefined;
  const answered = {
    statusCallback: eventUrl(urls, { ...at, agent }, 'agent'),
    statusCallbackEvent: ['answered' as const],
  };
  const recording = {
    record: 'record-from-answer-dual' as const,
    recordingStatusCallback: eventUrl(urls, at, 'recording'),
  };
  return verb(
    'Dial',
    {
      callerId: TWILIO_PHONE_NUMBER,
      timeout: RING_SEC,
      timeLimit: CALL_LIMITS.maxMinutes * 60,
      action: legUrl(urls, at, 'agent-ended', agent),
      ...(isRecorded(settings) ? recording : {}),
    },
    verb('Number', { url: legUrl(urls, at, 'whisper', agent), ...(texted ? answered : {}) }, number),
  );
}

/** Rings one agent; after the last there is no person to be had. */
async function ring(call: StepCall, agent: number): Promise<Heard> {
  const { settings, at } = call;
  const number = numbersOf(settings, at.queue)[agent];
  if (number === undefined) return withoutPerson(call, 'nobody_answered');
  await learn(call, { status: 'agent_ringing' });
  const texts = textsIn(at.language);
  const dial = dialled(call, agent, number);
  if (agent > 0) return [say(at.language, texts.stillTrying), dial];
  return isRecorded(settings) ? [say(at.language, texts.recorded), dial] : [dial];
}

/**
 * Rings an agent for a caller who waits. The agent must press a key before the two are connected, so no answering machine
 * counts as a person.
 */
export const ringAgent: Step = (call) => ring(call, call.at.agent);

/** What follows when an agent's leg is over: the end of a talk, or the next agent. */
export const agentEnded: Step = async (call) => {
  const { form, at, settings } = call;
  if (wereConnected(form)) {
    await learn(call, { status: 'ended' });
    await noteTalk(call, { agent: numbersOf(settings, at.queue)[at.agent], endReason: 'talked' });
    return hangup;
  }
  // The caller is gone: what is answered is not heard, and `call-events` is told why.
  if (form.CallStatus === 'completed') return hangup;
  return ring(call, at.agent + 1);
};

/** What an agent hears who picks up: who waits and why, and which key takes the call. */
export const whisper: Step = async ({ settings, at, tried }) => {
  const { language } = at;
  const texts = textsIn(language);
  const known = await knownOfCaller(at, tried);
  if (known.record && isOver(known.record.status)) return [say(language, texts.customerLeft), ...hangup];
  const gather = verb(
    'Gather',
    { action: legUrl(settings.urls, at, 'accept'), numDigits: 1, timeout: KEY_WITHIN_SEC },
    say(language, whisperText(texts, known, isRecorded(settings))),
  );
  return [gather, ...hangup];
};

/** Whether the agent takes the call. */
export const accept: Step = async (call) => {
  if (call.form.Digits !== '1') return hangup;
  await learn(call, { status: 'connected' });
  // Who has it: other agents see it no more.
  await noteTalk(call, { agent: numbersOf(call.settings, call.at.queue)[call.at.agent] });
  return [];
};
