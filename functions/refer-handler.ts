import { agentPhones } from '../shared/core/call/agent-phones.ts';
import { handoverOfCall } from '../shared/core/call/call-handover.ts';
import { callLimits } from '../shared/core/call/call-limits.ts';
import { dialTarget } from '../shared/core/call/dial-target.ts';
import { isPhoneNumber } from '../shared/core/call/phone-number.ts';
import { REFER_TO_LIMIT, readReferTarget } from '../shared/core/call/refer-target.ts';
import { listedTarget, referTargets } from '../shared/core/call/refer-targets.ts';
import { studioFlow } from '../shared/core/call/studio.ts';
import { isOutsideFlow, toPerson } from '../shared/core/call/to-person.ts';
import { triedWithin } from '../shared/core/call/tried-within.ts';
import { twiml } from '../shared/core/call/twiml.ts';
import { voiceForm } from '../shared/core/call/voice-form.ts';
import { twilioCaller } from '../shared/core/callers/twilio.ts';
import { defineFunction } from '../shared/core/function.ts';
import { openCall } from '../shared/core/handover/open-call.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { xml } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';

/** What storing the context may take while the caller hears nothing. */
const TABLE_MS = 900;

export default defineFunction({
  name: 'refer-handler',
  purpose: 'Takes a call that the assistant transfers to a person, with the key of what was said',
  calledBy: 'Twilio: the `referUrl` of the dial that `receive-call` answers',
  methods: ['POST'],
  caller: twilioCaller,
  input: {
    media: 'form',
    schema: voiceForm('ReferTransferTarget', 'CallSid', 'AccountSid', 'From'),
    names: ['ReferTransferTarget'],
  },
  settings: together(publicUrls, studioFlow, referTargets, together(agentPhones, callLimits), tableSettings),
  ports: { table: openTable },
  deadlineMs: 2_500,

  async answer({ input, settings, ports, deadline, clock, inbound, note }) {
    const to = input.ReferTransferTarget ?? '';
    const { sessionHistoryKey, handoverId: named } = readReferTarget(to);
    const listed = listedTarget(settings.REFER_TARGETS, to);
    const handoverId = named ?? handoverOfCall(input);
    const tried = triedWithin(TABLE_MS, ports.table, deadline, clock);
    // The answer depends on nothing of this, so a repeated request gets the same one.
    const stored =
      handoverId &&
      (await tried(async (table) => {
        const { CallSid: callSid, From } = input;
        const customerPhone = isPhoneNumber(From) ? From : undefined;
        const facts = { callSid, customerPhone, sessionHistoryKey, transferTarget: listed?.address };
        const nowMs = clock.nowMs();
        await Promise.all([
          table.contexts.tell(handoverId, 'refer', facts, nowMs),
          openCall(table, { handoverId }, nowMs),
        ]);
        return true;
      }));
    // The key itself opens the conversation's history at Watson, so the log only says whether there was one.
    note({
      key: sessionHistoryKey !== undefined,
      tooLong: to.length > REFER_TO_LIMIT || undefined,
      listed: listed !== undefined || undefined,
      stored: stored === true,
    });
    const outside = isOutsideFlow(inbound);
    if (listed) return xml(twiml(dialTarget(settings, listed, { handoverId, isOutsideFlow: outside })));
    const values = { SessionHistoryKey: sessionHistoryKey, HandoverId: handoverId };
    return xml(twiml(toPerson({ ...settings, isOutsideFlow: outside }, values)));
  },

  recover(_problem, { verified, settings, inbound }) {
    return verified ? xml(twiml(toPerson({ ...settings, isOutsideFlow: isOutsideFlow(inbound) }, {}))) : undefined;
  },
});
