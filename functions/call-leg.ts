import { lastResort } from '../shared/core/call/last-resort.ts';
import { isAgentsLeg, legStepOf } from '../shared/core/call/leg-step.ts';
import { nextInCall } from '../shared/core/call/steps/index.ts';
import { callStepSettings } from '../shared/core/call/steps/step.ts';
import { toPerson } from '../shared/core/call/to-person.ts';
import { triedWithin } from '../shared/core/call/tried-within.ts';
import { twiml, verb } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

/** What reading or noting something may take while somebody listens to silence. */
const TABLE_MS = 900;

export default defineFunction({
  name: 'call-leg',
  purpose: 'Says what each leg of a call hears next, until a customer and an agent talk to each other',
  calledBy: 'Twilio: the URLs in our own TwiML and of the calls that we place; the query names the step',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm('CallSid', 'CallStatus', 'From', 'DialCallStatus', 'DialBridged', 'Digits'),
    names: [],
  },
  settings: together(callStepSettings, tableSettings),
  ports: { table: openTable },
  deadlineMs: 2_500,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const at = legStepOf(inbound, settings.SPEECH_LANGUAGE);
    note({ step: at.step });
    const tried = triedWithin(TABLE_MS, ports.table, deadline, clock);
    const verbs = await nextInCall({ settings, at, form: input, nowMs: clock.nowMs(), tried, note });
    return xml(twiml(...verbs));
  },

  recover(_problem, { verified, settings, inbound }) {
    if (!verified) return undefined;
    const at = legStepOf(inbound, settings.SPEECH_LANGUAGE);
    if (isAgentsLeg(at)) return xml(twiml(verb('Hangup')));
    // A call that came from a flow goes back to it; not by `toPerson` without one, for that leads here again.
    if (settings.studio && at.request === undefined) {
      return xml(twiml(toPerson(settings, { HandoverId: at.handover, HandoverError: 'unavailable' })));
    }
    return xml(twiml(...lastResort(settings, `${settings.urls.of('voice-fallback')}?after=agents`)));
  },
});
