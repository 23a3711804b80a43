import { isOver } from '../call-status.ts';
import { wereConnected } from '../dial-outcome.ts';
import { textsIn } from '../languages/index.ts';
import { legUrl } from '../leg-step.ts';
import { say, speakable } from '../speech.ts';
import { verb } from '../twiml.ts';
import { nobody } from './nobody.ts';
import { type Heard, hangup, learn, type Step, type StepCall } from './step.ts';

/** How long the phone of one agent rings. */
const RING_SEC = 20;
/** How long an agent has to press the key, from the end of the question. */
const KEY_WITHIN_SEC = 10;

/** Rings one agent, or says that nobody is there after the last. */
async function ring(call: StepCall, agent: number): Promise<Heard> {
  const { settings, at } = call;
  const number = settings.AGENT_NUMBERS[agent];
  if (number === undefined) return nobody(call);
  await learn(call, { status: 'agent_ringing' });
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
  return agent === 0 ? [dial] : [say(at.language, textsIn(at.language).stillTrying), dial];
}

/**
 * Rings an agent for a caller who waits. The agent must press a key before the two are connected, so no answering machine
 * counts as a person.
 */
export const ringAgent: Step = (call) => ring(call, call.at.agent);

/** What follows when an agent's leg is over: the end of a talk, or the next agent. */
export const agentEnded: Step = async (call) => {
  const { form, at } = call;
  if (wereConnected(form)) {
    await learn(call, { status: 'ended' });
    return hangup;
  }
  // The caller is gone: what is answered is not heard, and `call-events` is told why.
  if (form.CallStatus === 'completed') return hangup;
  return ring(call, at.agent + 1);
};

/** What an agent hears who picks up: who waits and why, and which key takes the call. */
export const whisper: Step = async ({ settings, at, tried }) => {
  const { request, language } = at;
  const texts = textsIn(language);
  const record = request === undefined ? undefined : await tried(({ calls }) => calls.read(request));
  if (record && isOver(record.status)) return [say(language, texts.customerLeft), verb('Hangup')];
  const waiting = texts.waiting({ name: speakable(record?.name), topic: speakable(record?.topic) });
  const gather = verb(
    'Gather',
    { action: legUrl(settings.urls, at, 'accept'), numDigits: 1, timeout: KEY_WITHIN_SEC },
    say(language, `${waiting} ${texts.pressToAccept}`),
  );
  return [gather, verb('Hangup')];
};

/** Whether the agent takes the call. */
export const accept: Step = async (call) => {
  if (call.form.Digits !== '1') return hangup;
  await learn(call, { status: 'connected' });
  return [];
};
