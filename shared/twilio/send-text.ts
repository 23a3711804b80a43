import * as v from 'valibot';
import type { SendText } from '../core/call/telephony.ts';
import type { SendHttp } from '../core/http.ts';
import { twilioRest } from './rest.ts';
import type { TwilioSettings } from './settings.ts';

const sent = v.object({ sid: v.pipe(v.string(), v.regex(/^[SM]M[0-9a-f]{32}$/)) });

/** Text messages by Twilio. */
export function sendTextBy(settings: TwilioSettings, send: SendHttp): SendText {
  const rest = twilioRest(settings, send);
  const path = `/2010-04-01/Accounts/${settings.TWILIO_ACCOUNT_SID}/Messages.json`;
  return ({ to, from, text }, deadline) =>
    rest.create('api.twilio.com', path, { To: to, From: from, Body: text }, sent, deadline);
}
