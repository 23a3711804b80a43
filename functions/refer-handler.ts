import { handoverOfCall } from '../shared/core/call/call-handover.ts';
import { REFER_TO_LIMIT, readReferTarget } from '../shared/core/call/refer-target.ts';
import { studioFlow } from '../shared/core/call/studio.ts';
import { toPerson } from '../shared/core/call/to-person.ts';
import { twiml } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';

export default defineFunction({
  name: 'refer-handler',
  purpose: 'Takes a call that the assistant transfers to a person, with the key of what was said',
  calledBy: 'Twilio: the `referUrl` of the dial that `receive-call` answers',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm('ReferTransferTarget', 'CallSid', 'AccountSid'),
    names: ['ReferTransferTarget'],
  },
  settings: together(publicUrls, studioFlow),
  ports: {},
  deadlineMs: 2_500,

  answer({ input, settings, note }) {
    const target = input.ReferTransferTarget ?? '';
    const { sessionHistoryKey, handoverId } = readReferTarget(target);
    // The key itself opens the conversation's history at Watson, so the log only says whether there was one.
    note({ key: sessionHistoryKey !== undefined, tooLong: target.length > REFER_TO_LIMIT || undefined });
    const HandoverId = handoverId ?? handoverOfCall(input);
    return xml(twiml(toPerson(settings, { SessionHistoryKey: sessionHistoryKey, HandoverId })));
  },

  recover(_problem, { verified, settings }) {
    return verified ? xml(twiml(toPerson(settings, {}))) : undefined;
  },
});
