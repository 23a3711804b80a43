import { textsIn } from '../languages/index.ts';
import { legUrl } from '../leg-step.ts';
import { phoneDesk } from '../phone-desk.ts';
import { say, speakable } from '../speech.ts';
import { verb } from '../twiml.ts';
import { learn, type Step } from './step.ts';

/**
 * What a customer hears who picks up because they asked for the call: who is calling, and why. Then the phones ring of the
 * team that was chosen when the call was placed, or the call gets into line where the desk has no phones.
 */
export const greeting: Step = async (call) => {
  const { settings, at, form } = call;
  const { CallSid: callSid } = form;
  const record = await learn(call, { status: 'customer_answered', ...(callSid === undefined ? {} : { callSid }) });
  const words = textsIn(at.language).greeting(settings.BUSINESS_NAME, speakable(record?.topic));
  const desk = phoneDesk(settings, { topic: undefined, placed: true });
  const next = legUrl(settings.urls, at, desk.is === 'workflow' ? 'person' : 'agent', 0);
  return [say(at.language, words), verb('Redirect', { method: 'POST' }, next)];
};
