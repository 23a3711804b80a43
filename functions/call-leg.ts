import { handoverOfCall } from '../shared/core/call/call-handover.ts';
import { lastResort } from '../shared/core/call/last-resort.ts';
import { isAgentsLeg, legStepOf } from '../shared/core/call/leg-step.ts';
import { numbersOf, phoneDesk } from '../shared/core/call/phone-desk.ts';
import { nextInCall } from '../shared/core/call/steps/index.ts';
import { isInFlow, onward } from '../shared/core/call/steps/onward.ts';
import { inLine } from '../shared/core/call/steps/person.ts';
import { callStepSettings } from '../shared/core/call/steps/step.ts';
import { triedWithin } from '../shared/core/call/tried-within.ts';
import { twiml, verb } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { holding } from '../shared/core/call/waiting-line.ts';
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
    schema: voiceForm(
      'AccountSid',
      'CallSid',
      'CallStatus',
      'From',
      'DialCallStatus',
      'DialBridged',
      'DialCallSid',
      'Digits',
      'QueueResult',
      'QueueTime',
      'QueuePosition',
    ),
    names: [],
  },
  settings: together(callStepSettings, tableSettings),
  ports: { table: openTable },
  deadlineMs: 2_500,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const asked = legStepOf(inbound, settings.SPEECH_LANGUAGE);
    // On a leg that the caller is not on, the SID is that of another call.
    const isCallers = asked.request === undefined && !isAgentsLeg(asked);
    const at = { ...asked, handover: asked.handover ?? (isCallers ? handoverOfCall(input) : undefined) };
    note({ step: at.step });
    const tried = triedWithin(TABLE_MS, ports.table, deadline, clock);
    const verbs = await nextInCall({ settings, at, form: input, nowMs: clock.nowMs(), tried, note });
    return xml(twiml(...verbs));
  },

  recover(_problem, { verified, settings, inbound }) {
    if (!verified) return undefined;
    const at = legStepOf(inbound, settings.SPEECH_LANGUAGE);
    if (isAgentsLeg(at)) return xml(twiml(verb('Hangup')));
    if (at.step === 'hold') return xml(twiml(...holding(settings, {}, at.language)));
    // Not by `onward` where no flow waits, for that leads here again.
    if (isInFlow({ settings, at })) return xml(twiml(...onward({ settings, at }, { HandoverError: 'unavailable' })));
    const desk = phoneDesk(settings, { topic: undefined, placed: at.request !== undefined });
    const mayWait = desk.is === 'workflow' && at.step !== 'queue-ended';
    if (mayWait) return xml(twiml(inLine({ settings, at, nowMs: undefined }, desk)));
    const AGENT_NUMBERS = numbersOf(settings, at.queue);
    const after = `${settings.urls.of('voice-fallback')}?after=agents`;
    return xml(twiml(...lastResort({ ...settings, AGENT_NUMBERS }, after)));
  },
});
