import { CALL_BACK_AFTER_MS, callBackOf, promiseCallBack } from '../call-back.ts';
import { destinationOf } from '../destination.ts';
import { opensAt } from '../hours.ts';
import { knownOfCaller } from '../known-of-caller.ts';
import { languages, textsIn } from '../languages/index.ts';
import { nobodyThere } from '../last-resort.ts';
import { eventUrl, legUrl } from '../leg-step.ts';
import { closedText } from '../opening-time.ts';
import { phoneDesk } from '../phone-desk.ts';
import { isPhoneNumber } from '../phone-number.ts';
import { languageOf, say } from '../speech.ts';
import { verb } from '../twiml.ts';
import { type Heard, hangup, learn, type Step, type StepCall } from './step.ts';

/** How long a caller has to choose. Silence for longer makes people hang up. */
const KEY_WITHIN_SEC = 8;
/** Twilio writes down messages of at most two minutes. */
const MESSAGE_SEC = 120;
const SILENCE_SEC = 5;

/** The number of a call that came in, if it is one that may be called. */
function callersNumber({ form: { From }, settings }: StepCall): string | undefined {
  return isPhoneNumber(From) && settings.ALLOWED_COUNTRIES.includes(destinationOf(From)) ? From : undefined;
}

/** What a caller may have instead of a person. Who chooses nothing hears that nobody is there. */
function offer(call: StepCall): Heard {
  const { settings, at } = call;
  const { language } = at;
  const offered = {
    callBack: at.request !== undefined || callersNumber(call) !== undefined,
    message: settings.VOICEMAIL === 'on',
  };
  if (!offered.callBack && !offered.message) return nobodyThere(language);
  const gather = verb(
    'Gather',
    { action: legUrl(settings.urls, at, 'choice'), numDigits: 1, timeout: KEY_WITHIN_SEC },
    say(language, textsIn(language).offer(offered)),
  );
  return [gather, ...nobodyThere(language)];
}

/** What a caller hears whom no person has answered. */
export const nobody: Step = async (call) => {
  const { settings, at, nowMs } = call;
  await learn(call, { status: 'failed', reason: 'nobody_answered' });
  const closed = at.request === undefined ? closedText(settings.BUSINESS_HOURS, nowMs, at.language) : undefined;
  return [...(closed === undefined ? [] : [say(at.language, closed)]), ...offer(call)];
};

/** The same, asked for by a flow, which knows nothing of the caller's language. */
export const nobodyAskedFor: Step = async (call) => {
  const { settings, at, tried } = call;
  const { handover } = at;
  const isUnsaid = at.request === undefined && at.language === settings.SPEECH_LANGUAGE;
  const context = handover !== undefined && isUnsaid && (await tried(({ contexts }) => contexts.read(handover)));
  const language = languageOf(context ? context.facts.language : undefined, at.language);
  return nobody({ ...call, at: { ...at, language } });
};

function leaveMessage({ settings, at }: StepCall): Heard {
  const { language } = at;
  const texts = textsIn(language);
  const record = verb('Record', {
    action: legUrl(settings.urls, at, 'message'),
    maxLength: MESSAGE_SEC,
    timeout: SILENCE_SEC,
    finishOnKey: '#',
    playBeep: true,
    recordingStatusCallback: eventUrl(settings.urls, at, 'message'),
    ...(languages[language].transcribed
      ? { transcribe: true, transcribeCallback: eventUrl(settings.urls, at, 'transcription') }
      : {}),
  });
  // What follows is heard only when nothing was recorded.
  return [say(language, texts.leaveMessage), record, say(language, texts.nothingHeard), ...hangup];
}

/** Whether the caller will be called back. Nothing is promised that is not written down. */
async function isPromised(call: StepCall): Promise<boolean> {
  const { settings, at, form, nowMs, tried } = call;
  const { record, topic, name, openedAtMs } = await knownOfCaller(at, tried);
  const phone = at.request === undefined ? callersNumber(call) : record?.phone;
  const inQueue = phoneDesk(settings, { topic, placed: at.request !== undefined }).is === 'workflow';
  // A flow forgets since when a caller waits; the handover of their call was opened when they began to.
  const sinceMs = (at.request === undefined ? openedAtMs : undefined) ?? nowMs;
  const waitingSinceMs = at.waitingSinceMs ?? (inQueue ? sinceMs : undefined);
  const soonestMs = waitingSinceMs === undefined ? nowMs + CALL_BACK_AFTER_MS : nowMs;
  const dueAtMs = opensAt(settings.BUSINESS_HOURS, soonestMs);
  if (phone === undefined || dueAtMs === undefined || form.CallSid === undefined) return false;
  const callBack = {
    requestId: callBackOf(form.CallSid),
    subject: record?.subject ?? `caller:${phone}`,
    phone,
    conversationId: record?.conversationId,
    topic,
    name,
    language: record?.language ?? at.language,
    handoverId: record?.handoverId ?? at.handover,
    waitingSinceMs,
    dueAtMs,
  };
  return (await tried((table) => promiseCallBack(table, callBack, settings.CALL_LIMITS, nowMs))) ?? false;
}

async function callBack(call: StepCall): Promise<Heard> {
  const { settings, at, note } = call;
  const texts = textsIn(at.language);
  const promised = await isPromised(call);
  note({ callBack: promised });
  if (promised) {
    await learn(call, { status: 'ended', reason: 'call_back' });
    return [say(at.language, texts.callBackPromised), ...hangup];
  }
  const instead = settings.VOICEMAIL === 'on' ? leaveMessage(call) : nobodyThere(at.language);
  return [say(at.language, texts.callBackImpossible), ...instead];
}

/** What follows when the caller has pressed a key; another than the offered ones is asked for again. */
export const choice: Step = (call) => {
  if (call.form.Digits === '1') return callBack(call);
  return call.form.Digits === '2' && call.settings.VOICEMAIL === 'on' ? leaveMessage(call) : offer(call);
};

/** What a caller hears who has left a message. */
export const message: Step = async (call) => {
  const { language } = call.at;
  await learn(call, { status: 'voicemail' });
  return [say(language, textsIn(language).messageTaken), ...hangup];
};
