import { botSettings, openBots } from '../shared/bots/index.ts';
import { alsoForWatson } from '../shared/bots/watson/call-action.ts';
import { allowedCountries } from '../shared/core/call/allowed-countries.ts';
import { callBackOf } from '../shared/core/call/call-back.ts';
import { callLimits } from '../shared/core/call/call-limits.ts';
import { closeIfSilent, statusShown } from '../shared/core/call/call-outcome.ts';
import { callRequest, type WishedCall } from '../shared/core/call/call-wish.ts';
import { cancelCall } from '../shared/core/call/cancel-call.ts';
import { refuseDestination } from '../shared/core/call/destination.ts';
import { businessHours } from '../shared/core/call/hours.ts';
import { staffedDesk } from '../shared/core/call/phone-desk.ts';
import { requestCall } from '../shared/core/call/request-call.ts';
import { scheduleCall } from '../shared/core/call/schedule-call.ts';
import { tellBot } from '../shared/core/call/tell-bot.ts';
import { requireOwnConversation, type Visitor, visitorOrBotCaller } from '../shared/core/callers/session.ts';
import { ID } from '../shared/core/decode.ts';
import { defineFunction } from '../shared/core/function.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { redactedFacts } from '../shared/core/handover/redacted.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import type { Inbound } from '../shared/core/inbound.ts';
import { isoTime } from '../shared/core/iso-time.ts';
import { Problem } from '../shared/core/problems.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { json } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { sourceOf } from '../shared/core/source-address.ts';
import type { CallRecord } from '../shared/core/table.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { placeCallBy, placingSettings } from '../shared/twilio/place-call.ts';

type Who = Visitor | { readonly kind: 'bot' };

const subjectOf = (who: Who) => (who.kind === 'visitor' ? `visitor:${who.sub}` : 'bot');

/** Whose calls are counted. A bot asks for many customers from one address, so its conversation counts instead. */
function sourcesOf(who: Who, call: WishedCall, { sourceAddress }: Inbound): readonly string[] {
  if (who.kind === 'bot') return call.conversationId === undefined ? [] : [`conversation:${call.conversationId}`];
  return [subjectOf(who), ...(sourceAddress === undefined ? [] : [`address:${sourceOf(sourceAddress)}`])];
}

function keyIn({ headers }: Inbound): string | undefined {
  const key = headers['idempotency-key'];
  if (key !== undefined && !ID.test(key)) throw new Problem('invalid_request', { reason: 'malformed Idempotency-Key' });
  return key;
}

/** How a call stands, as the one who asked for it is told. */
function standing(record: CallRecord, nowMs: number) {
  const { requestId, reason, status, dueAtMs, callSid } = record;
  return json(200, {
    requestId,
    status: statusShown(record, nowMs),
    reason,
    at: status === 'scheduled' && dueAtMs !== undefined ? isoTime(dueAtMs) : undefined,
    callBack: reason === 'call_back' && callSid !== undefined ? callBackOf(callSid) : undefined,
  });
}

const clickToCall = defineFunction({
  name: 'click-to-call',
  purpose:
    'Calls a customer who wants to talk to a person, at once or at a time, once per wish, and tells how it stands',
  calledBy: 'a browser with a session from an allowed origin, or a bot on its behalf',
  methods: ['POST'],
  caller: visitorOrBotCaller,
  input: { media: 'json', schema: callRequest, names: 'ours' },
  settings: together(
    together(publicUrls, callLimits, allowedCountries, businessHours, redactionSettings),
    together(staffedDesk, placingSettings, tableSettings, botSettings),
  ),
  ports: {
    table: openTable,
    placeCall: ({ settings }) => placeCallBy(settings, sendHttp),
    bots: openBots,
    lanes: openLanes,
  },
  deadlineMs: 6_000,
  browser: true,

  async answer({ who, input, settings, ports, deadline, clock, inbound, note }) {
    const subject = subjectOf(who);
    const { calls } = ports.table;
    if (input.kind !== 'wish') {
      const found = await calls.read(input.requestId);
      if (found?.subject !== subject) throw new Problem('unknown_request');
      if (input.kind === 'question') {
        const record = await closeIfSilent(calls, found, settings.CALL_LIMITS.maxMinutes, clock);
        return standing(record, clock.nowMs());
      }
      const record = await cancelCall(calls, found, clock.nowMs());
      const told = await tellBot({ ...ports, ...ports.table, clock, deadline }, record, clock.nowMs()).catch(
        () => 'waiting',
      );
      note({ canceled: true, told });
      return standing(record, clock.nowMs());
    }
    const call = redactedFacts(settings.REDACT, input.call);
    if (who.kind === 'visitor') requireOwnConversation(who, call.conversationId);
    refuseDestination(call.phone, settings.ALLOWED_COUNTRIES);
    const wish = { subject, sources: sourcesOf(who, call, inbound), key: keyIn(inbound), call };
    const { CALL_LIMITS: limits, BUSINESS_HOURS: hours } = settings;
    const callPorts = { ...ports, placing: settings, limits, hours, clock, deadline };
    if (call.atMs !== undefined) {
      const { requestId } = await scheduleCall(wish, call.atMs, callPorts);
      return json(202, { requestId, status: 'scheduled', at: isoTime(call.atMs) });
    }
    const { requestId } = await requestCall(wish, callPorts);
    // The same words for a repeated wish, however far the call has come: ask with the requestId for that.
    return json(202, { requestId, status: 'calling' });
  },
});

export default alsoForWatson(clickToCall);
