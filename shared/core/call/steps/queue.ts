import { numbersOf } from '../phone-desk.ts';
import { holding } from '../waiting-line.ts';
import { ringAgent } from './agents.ts';
import { isInFlow, withoutPerson } from './onward.ts';
import { hangup, learn, type Step } from './step.ts';
import { noteTalk } from './visit.ts';

/* What Twilio says of a caller who has left the line. Source: its page on `<Enqueue>`, read 2026-11-21. */
const TALKED = /^(?:bridged|bridging-in-\w+|redirected-from-bridged)$/;
/** The line itself did not work, so another try at it would not either. */
const BROKEN = /^(?:error|system-error|queue-full)$/;
const OTHER = /^(?:hangup|leave|redirected)$/;

/** What is heard in line. */
export const hold: Step = ({ settings, at, form }) => holding(settings, form, at.language);

/** What follows when a caller has left the line: the end of the talk, or what there is instead of a person. */
export const queueEnded: Step = async (call) => {
  const { settings, at, form, note } = call;
  const { QueueResult: result = '' } = form;
  const isTalk = TALKED.test(result);
  const isBroken = BROKEN.test(result);
  note({ queue: isTalk || isBroken || OTHER.test(result) ? result : 'unknown' });
  if (isTalk) {
    await learn(call, { status: 'connected' });
    await learn(call, { status: 'ended' });
    await noteTalk(call, { endReason: 'talked' });
    return hangup;
  }
  if (result === 'hangup' || form.CallStatus === 'completed') return hangup;
  if (!isBroken) return withoutPerson(call, 'nobody_answered');
  // A flow has a queue of its own to try, and the phones after that.
  if (isInFlow(call)) return withoutPerson(call, 'unavailable');
  const hasPhones = numbersOf(settings, at.queue).length > 0;
  return hasPhones ? ringAgent({ ...call, at: { ...at, agent: 0 } }) : withoutPerson(call, 'nobody_answered');
};
