import * as v from 'valibot';
import { botSettings, openBots } from '../shared/bots/index.ts';
import { callBackCountries } from '../shared/core/call/allowed-countries.ts';
import { callLimits } from '../shared/core/call/call-limits.ts';
import { businessHours } from '../shared/core/call/hours.ts';
import { staffedDesk } from '../shared/core/call/phone-desk.ts';
import { sweepCalls } from '../shared/core/call/sweep-calls.ts';
import { scheduleOrAdminCaller } from '../shared/core/callers/admin.ts';
import { agentLinkSettings } from '../shared/core/callers/session-secret.ts';
import { defineFunction } from '../shared/core/function.ts';
import { openLanes } from '../shared/core/handover/lane.ts';
import { pauseSettings } from '../shared/core/handover/pause.ts';
import { redactionSettings } from '../shared/core/handover/redaction.ts';
import { sweepHandovers } from '../shared/core/handover/sweep-handovers.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { json } from '../shared/core/reply.ts';
import { readAs, together } from '../shared/core/settings.ts';
import { chatDeskSettings, openDesksByTicket } from '../shared/desks/index.ts';
import { sendHttp } from '../shared/http/client.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { placeCallBy, placingSettings } from '../shared/twilio/place-call.ts';
import { queueCallBackBy, queueSettings } from '../shared/twilio/queue-call-back.ts';

/** Calls have a desk by the same name, which may be another one. */
const deskBesideCalls = readAs(chatDeskSettings, (env, faults) => ({ chatDesk: chatDeskSettings.read(env, faults) }));

export default defineFunction({
  name: 'sweep',
  purpose:
    'Delivers what waits and ends the handovers and calls of which nothing more will be heard; places the calls whose time has come',
  calledBy: "the platform's schedule every minute, or whoever holds `ADMIN_KEY`",
  methods: ['POST'],
  caller: scheduleOrAdminCaller,
  // Whatever a schedule sends, nothing of it is read.
  input: { media: 'none', schema: v.unknown(), names: [] },
  settings: together(
    together(publicUrls, callLimits, businessHours, agentLinkSettings),
    together(callBackCountries, pauseSettings, redactionSettings, deskBesideCalls),
    together(staffedDesk, placingSettings, queueSettings, tableSettings, botSettings),
  ),
  ports: {
    table: openTable,
    placeCall: ({ settings }) => placeCallBy(settings, sendHttp),
    queueCallBack: ({ settings }) => queueCallBackBy(settings, sendHttp),
    bots: openBots,
    deskOf: ({ settings, clock }) => openDesksByTicket({ settings: settings.chatDesk, clock }),
    lanes: openLanes,
  },
  // Below the 10 s that Twilio Functions may run.
  deadlineMs: 9_000,
  everyMinutes: 1,

  async answer({ settings, ports, deadline, clock, note }) {
    const { urls, BUSINESS_HOURS: hours, ALLOWED_COUNTRIES: countries, SESSION_SECRET: linkSecret } = settings;
    const { PAUSE_MINUTES: pauseMinutes, BOT_RETURN_EVENT: usualReturnEvent, REDACT: redact } = settings;
    const within = { ...ports, clock, deadline };
    const both = [
      sweepCalls({ ...within, placing: settings, hours, countries, urls, linkSecret }),
      sweepHandovers({ ...within, pauseMinutes, usualReturnEvent, redact }),
    ] as const;
    // What fails in one of them must not cut off the other.
    await Promise.allSettled(both);
    const [calls, handovers] = await Promise.all(both);
    const swept = { ...calls, ...handovers, left: calls.left + handovers.left };
    note({ ...swept });
    return json(200, swept);
  },
});
