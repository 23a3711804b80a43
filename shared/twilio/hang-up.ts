import * as v from 'valibot';
import type { Deadline } from '../core/deadline.ts';
import type { SendHttp } from '../core/http.ts';
import { sidOf, type TwilioAnswer, twilioRest } from './rest.ts';
import type { TwilioSettings } from './settings.ts';

/** Ends a call, whatever it is doing. `refused` also when it is over already. */
export type HangUp = (callSid: string, deadline: Deadline) => Promise<TwilioAnswer<unknown>>;

const updated = v.object({ sid: sidOf('CA') });

export function hangUpBy(settings: TwilioSettings, send: SendHttp): HangUp {
  const rest = twilioRest(settings, send);
  const account = `/2010-04-01/Accounts/${settings.TWILIO_ACCOUNT_SID}`;
  return (callSid, deadline) =>
    rest.update('api.twilio.com', `${account}/Calls/${callSid}.json`, { Status: 'completed' }, updated, deadline);
}
