import * as v from 'valibot';
import { legUrl } from '../core/call/leg-step.ts';
import { phoneNumber } from '../core/call/phone-number.ts';
import type { PlaceCall } from '../core/call/telephony.ts';
import type { SendHttp } from '../core/http.ts';
import type { PublicUrls } from '../core/public-urls.ts';
import { required, settings, together } from '../core/settings.ts';
import { sidOf, twilioRest } from './rest.ts';
import { type TwilioSettings, twilioSettings } from './settings.ts';

/** How long a customer's phone rings. Voicemail usually takes over later than that. */
const RING_SEC = 25;

/** What placing a call needs besides the public URLs. */
export const placingSettings = together(
  twilioSettings,
  settings({
    TWILIO_PHONE_NUMBER: required(phoneNumber, {
      is: 'caller id of outbound legs, E.164',
      example: '+15005550010',
    }),
  }),
);

interface PlacingSettings extends TwilioSettings {
  readonly urls: PublicUrls;
  readonly TWILIO_PHONE_NUMBER: string;
}

const placed = v.pipe(
  v.object({ sid: sidOf('CA') }),
  v.transform(({ sid }) => sid),
);

/** Calls by Twilio: `call-leg` says what the customer hears, `call-events` is told what becomes of it. */
export function placeCallBy(settings: PlacingSettings, send: SendHttp): PlaceCall {
  const { urls, TWILIO_ACCOUNT_SID, TWILIO_PHONE_NUMBER } = settings;
  const rest = twilioRest(settings, send);
  return ({ requestId, phone, handoverId, queue, language, maxMinutes }, deadline) => {
    const ids = { request: requestId, handover: handoverId, queue, waitingSinceMs: undefined, isOutsideFlow: false };
    const events = `${urls.of('call-events')}?requestId=${requestId}`;
    const form = {
      To: phone,
      From: TWILIO_PHONE_NUMBER,
      Url: legUrl(urls, { ...ids, agent: 0, language }, 'customer'),
      FallbackUrl: urls.of('voice-fallback'),
      StatusCallback: events,
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: String(RING_SEC),
      TimeLimit: String(maxMinutes * 60),
      // Asynchronous: the customer is spoken to at once, and an answering machine is hung up on when it is heard.
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: events,
    };
    return rest.create(
      'api.twilio.com',
      `/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID}/Calls.json`,
      form,
      placed,
      deadline,
    );
  };
}
