import { staffedPhones } from '../shared/core/call/agent-phones.ts';
import { callLimits } from '../shared/core/call/call-limits.ts';
import { closeIfSilent, statusShown } from '../shared/core/call/call-outcome.ts';
import { callRequest, type WishedCall } from '../shared/core/call/call-wish.ts';
import { allowedCountries, refuseDestination } from '../shared/core/call/destination.ts';
import { requestCall } from '../shared/core/call/request-call.ts';
import { languageOf } from '../shared/core/call/speech.ts';
import { visitorOrBotCaller } from '../shared/core/callers/session.ts';
import { ID } from '../shared/core/decode.ts';
import { defineFunction } from '../shared/core/function.ts';
import type { Inbound } from '../shared/core/inbound.ts';
import { Problem } from '../shared/core/problems.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { json } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { sourceOf } from '../shared/core/source-address.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { placeCallBy, placingSettings } from '../shared/twilio/place-call.ts';

type Who = { readonly kind: 'visitor'; readonly sub: string } | { readonly kind: 'bot' };

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

export default defineFunction({
  name: 'click-to-call',
  purpose: 'Calls a customer who wants to talk to a person, once per wish, and tells how the call stands',
  calledBy: 'a browser with a session from an allowed origin, or a bot on its behalf',
  methods: ['POST'],
  caller: visitorOrBotCaller,
  input: { media: 'json', schema: callRequest, names: 'ours' },
  settings: together(
    together(publicUrls, callLimits, allowedCountries),
    together(placingSettings, staffedPhones, tableSettings),
  ),
  ports: { table: openTable, placeCall: ({ settings }) => placeCallBy(settings, sendHttp) },
  deadlineMs: 6_000,
  browser: true,

  async answer({ who, input, settings, ports, deadline, clock, inbound }) {
    const subject = subjectOf(who);
    if (input.kind === 'question') {
      const found = await ports.table.calls.read(input.requestId);
      if (found?.subject !== subject) throw new Problem('unknown_request');
      const record = await closeIfSilent(ports.table.calls, found, settings.CALL_LIMITS.maxMinutes, clock);
      const { requestId, reason } = record;
      return json(200, { requestId, status: statusShown(record, clock.nowMs()), reason });
    }
    const { call } = input;
    refuseDestination(call.phone, settings.ALLOWED_COUNTRIES);
    const wish = {
      subject,
      sources: sourcesOf(who, call, inbound),
      key: keyIn(inbound),
      call,
      language: languageOf(call.language, settings.SPEECH_LANGUAGE),
    };
    const { requestId } = await requestCall(wish, { ...ports, limits: settings.CALL_LIMITS, clock, deadline });
    // The same words for a repeated wish, however far the call has come: ask with the requestId for that.
    return json(202, { requestId, status: 'calling' });
  },
});
