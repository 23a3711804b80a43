import { textsIn } from '../languages/index.ts';
import { legUrl } from '../leg-step.ts';
import { say, speakable } from '../speech.ts';
import { verb } from '../twiml.ts';
import { learn, type Step } from './step.ts';

/** What a customer hears who picks up because they asked for the call: who is calling, and why. */
export const greeting: Step = async (call) => {
  const { settings, at, form } = call;
  const { CallSid: callSid } = form;
  const record = await learn(call, { status: 'customer_answered', ...(callSid === undefined ? {} : { callSid }) });
  const words = textsIn(at.language).greeting(settings.BUSINESS_NAME, speakable(record?.topic));
  return [say(at.language, words), verb('Redirect', { method: 'POST' }, legUrl(settings.urls, at, 'agent', 0))];
};
