import { usableAgentPhones } from '../shared/core/call/agent-phones.ts';
import { usableCallLimits } from '../shared/core/call/call-limits.ts';
import { wereConnected } from '../shared/core/call/dial-outcome.ts';
import { type LastResort, lastResort, nobodyThere } from '../shared/core/call/last-resort.ts';
import { ownParameter } from '../shared/core/call/own-parameter.ts';
import { twiml, type Verb, verb } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import type { Inbound } from '../shared/core/inbound.ts';
import { type PublicUrls, publicUrls } from '../shared/core/public-urls.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';

type Settings = LastResort & { readonly urls: PublicUrls };

function whatFollows(settings: Settings, inbound: Inbound, talked: boolean): readonly Verb[] {
  // Fields of the request alone do not tell: Twilio repeats those of the one that failed, which may be about another dial.
  const haveRung = ownParameter(inbound, 'after') === 'agents';
  if (!haveRung) return lastResort(settings, `${settings.urls.of('voice-fallback')}?after=agents`);
  return talked ? [verb('Hangup')] : nobodyThere(settings.SPEECH_LANGUAGE);
}

export default defineFunction({
  name: 'voice-fallback',
  purpose: 'Takes a call to a person, or at least says so, when the function that should have answered did not',
  calledBy: "Twilio: the fallback URL of a number, of a flow's failing branch and of calls that we place",
  methods: ['POST'],
  caller: twilioCaller,
  input: { media: 'form', schema: voiceForm('DialCallStatus', 'DialBridged'), names: [] },
  settings: together(publicUrls, usableAgentPhones, usableCallLimits),
  ports: {},
  deadlineMs: 2_500,

  answer({ input, settings, inbound }) {
    return xml(twiml(...whatFollows(settings, inbound, wereConnected(input))));
  },

  recover(_problem, { verified, settings, inbound }) {
    return verified ? xml(twiml(...whatFollows(settings, inbound, false))) : undefined;
  },
});
