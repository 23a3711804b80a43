import * as v from 'valibot';
import type { HangUp } from '../core/call/telephony.ts';
import type { SendHttp } from '../core/http.ts';
import { sidOf, twilioRest } from './rest.ts';
import type { TwilioSettings } from './settings.ts';

const updated = v.object({ sid: sidOf('CA') });

export function hangUpBy(settings: TwilioSettings, send: SendHttp): HangUp {
  const rest = twilioRest(settings, send);
  const account = `/2010-04-01/Accounts/${settings.TWILIO_ACCOUNT_SID}`;
  return (callSid, deadline) =>
    rest.update('api.twilio.com', `${account}/Calls/${callSid}.json`, { Status: 'completed' }, updated, deadline);
}
