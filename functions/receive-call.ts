import { handoverOfCall } from '../shared/core/call/call-handover.ts';
import { callLimits } from '../shared/core/call/call-limits.ts';
import { isPhoneNumber } from '../shared/core/call/phone-number.ts';
import { assistantHosts } from '../shared/core/call/sip.ts';
import { studioFlow } from '../shared/core/call/studio.ts';
import { isOutsideFlow, OUTSIDE_FLOW, toPerson } from '../shared/core/call/to-person.ts';
import { twiml, verb } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';

/** An assistant picks up at once; who waits longer hears ringing and thinks that nobody is there. */
const ASSISTANT_ANSWERS_WITHIN_SEC = 20;

export default defineFunction({
  name: 'receive-call',
  purpose: 'Connects an incoming call to the assistant, in a way that it can be handed over later',
  calledBy: 'Twilio: the redirect widget of the Studio flow, or the number itself',
  methods: ['POST'],
  caller: twilioCaller,
  input: { media: 'form', schema: voiceForm('Called', 'To', 'CallSid', 'AccountSid'), names: ['Called', 'To'] },
  settings: together(publicUrls, studioFlow, assistantHosts, callLimits),
  ports: {},
  deadlineMs: 2_500,

  answer({ input, settings, inbound, note }) {
    const { urls, assistants, CALL_LIMITS } = settings;
    const outside = isOutsideFlow(inbound);
    const called = input.Called ?? input.To;
    const handoverId = handoverOfCall(input);
    const sipUri = isPhoneNumber(called) ? assistants.sipUri(called, handoverId) : undefined;
    if (sipUri === undefined) {
      note({ code: 'bad_called' });
      return xml(twiml(toPerson({ ...settings, isOutsideFlow: outside }, { HandoverError: 'bad_called' })));
    }
    const handover = handoverId === undefined ? '' : `&handover=${handoverId}`;
    const dial = verb(
      'Dial',
      {
        answerOnBridge: true,
        referUrl: `${urls.of('refer-handler')}${outside ? `?${OUTSIDE_FLOW}` : ''}`,
        action: `${urls.of('call-leg')}?step=assistant-ended${handover}${outside ? `&${OUTSIDE_FLOW}` : ''}`,
        timeout: ASSISTANT_ANSWERS_WITHIN_SEC,
        timeLimit: CALL_LIMITS.maxMinutes * 60,
      },
      verb('Sip', {}, sipUri),
    );
    return xml(twiml(dial));
  },

  recover(problem, { verified, settings, inbound }) {
    if (!verified) return undefined;
    const HandoverError = problem.code === 'invalid_json' ? 'bad_called' : 'unavailable';
    return xml(twiml(toPerson({ ...settings, isOutsideFlow: isOutsideFlow(inbound) }, { HandoverError })));
  },
});
