import type { Env } from '../../../../shared/core/settings.ts';
import type { TwinAnswer } from '../../../twin.ts';
import { twilioTime } from '../twilio-time.ts';
import type { Engine } from '../voice/engine.ts';
import type { Leg } from '../voice/leg.ts';
import { placeCall } from '../voice/place.ts';
import { setStatus } from '../voice/status.ts';
import { wholeSec } from '../voice/timeline.ts';
import { notFound, refusal } from './errors.ts';
import { anyText, boolean, type FormRule, formFault, oneOf, sid, uri, verb, wholeNumber } from './form.ts';

/** Every parameter of `POST …/Calls.json`. Source: Twilio's OpenAPI, twilio_api_v2010 of @twilio/cli-core 8.3.2. */
const creating: FormRule = {
  fields: {
    To: anyText,
    From: anyText,
    Url: uri,
    Method: verb,
    FallbackUrl: uri,
    FallbackMethod: verb,
    StatusCallback: uri,
    StatusCallbackEvent: anyText,
    StatusCallbackMethod: verb,
    Twiml: anyText,
    ApplicationSid: sid('AP'),
    SendDigits: anyText,
    Timeout: wholeNumber,
    TimeLimit: wholeNumber,
    Record: boolean,
    RecordingChannels: anyText,
    RecordingStatusCallback: anyText,
    RecordingStatusCallbackMethod: verb,
    RecordingStatusCallbackEvent: anyText,
    RecordingTrack: anyText,
    Trim: anyText,
    SipAuthUsername: anyText,
    SipAuthPassword: anyText,
    CallerId: anyText,
    MachineDetection: anyText,
    MachineDetectionTimeout: wholeNumber,
    MachineDetectionSpeechThreshold: wholeNumber,
    MachineDetectionSpeechEndThreshold: wholeNumber,
    MachineDetectionSilenceTimeout: wholeNumber,
    AsyncAmd: anyText,
    AsyncAmdStatusCallback: uri,
    AsyncAmdStatusCallbackMethod: verb,
    Byoc: sid('BY'),
    CallReason: anyText,
    CallToken: anyText,
    ClientNotificationUrl: uri,
  },
  lists: ['StatusCallbackEvent', 'RecordingStatusCallbackEvent'],
  required: {
    To: [21201, "No 'To' number is specified"],
    From: [21213, "No 'From' number is specified"],
  },
  oneOf: { names: ['Url', 'Twiml', 'ApplicationSid'], error: [21205, 'Url parameter is required.'] },
  malformed: { Url: [21205, 'Url is not a valid URL'], StatusCallback: [21609, 'Invalid StatusCallback'] },
};

const updating: FormRule = {
  fields: {
    Status: oneOf('canceled', 'completed'),
    Url: uri,
    Method: verb,
    FallbackUrl: uri,
    FallbackMethod: verb,
    StatusCallback: uri,
    StatusCallbackMethod: verb,
    Twiml: anyText,
    TimeLimit: wholeNumber,
  },
};

const E164 = /^\+[1-9]\d{6,14}$/;
const ADDRESS = /^(sip:.+@.+|client:.+)$/;

/** A call as Twilio's REST API shows it. */
function callResource(leg: Leg, accountSid: string): Readonly<Record<string, unknown>> {
  const created = twilioTime(leg.startedAtMs);
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${leg.sid}.json`;
  return {
    sid: leg.sid,
    date_created: created,
    date_updated: created,
    parent_call_sid: leg.parent?.sid ?? null,
    account_sid: accountSid,
    to: leg.to,
    to_formatted: leg.to,
    from: leg.from,
    from_formatted: leg.from,
    phone_number_sid: null,
    status: leg.status === 'initiated' ? 'queued' : leg.status,
    start_time: null,
    end_time: null,
    duration: leg.status === 'completed' ? wholeSec(leg.seconds) : null,
    price: null,
    price_unit: 'USD',
    direction: leg.direction,
    answered_by: leg.answeredBy ?? null,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri,
    subresource_uris: { recordings: uri.replace('.json', '/Recordings.json') },
  };
}

/** `POST …/Calls.json`: the call is placed after the answer has been sent. */
export function createCall(engine: Engine, env: Env, form: URLSearchParams): TwinAnswer {
  const fault = formFault(creating, form);
  if (fault) return fault;
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  if (!E164.test(to) && !ADDRESS.test(to)) {
    return refusal(400, 21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  }
  if (from !== env.TWILIO_PHONE_NUMBER) {
    return refusal(400, 21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
  }
  const leg = placeCall(engine, form);
  return { status: 201, body: callResource(leg, env.TWILIO_ACCOUNT_SID ?? '') };
}

/** `POST …/Calls/{sid}.json`: ends a call. */
export function updateCall(engine: Engine, env: Env, callSid: string, form: URLSearchParams): TwinAnswer {
  const fault = formFault(updating, form);
  if (fault) return fault;
  const leg = engine.legs.find((one) => one.sid === callSid);
  if (!leg) return notFound(`/2010-04-01/Accounts/${env.TWILIO_ACCOUNT_SID}/Calls/${callSid}.json`);
  if (form.has('Url') || form.has('Twiml')) return refusal(400, 21220, 'The twin cannot redirect a call in progress.');
  if (form.has('Status')) setStatus(engine, leg, form.get('Status') === 'canceled' ? 'canceled' : 'completed');
  return { status: 200, body: callResource(leg, env.TWILIO_ACCOUNT_SID ?? '') };
}

/** `GET …/Calls/{sid}.json`. */
export function readCall(engine: Engine, env: Env, callSid: string): TwinAnswer {
  const leg = engine.legs.find((one) => one.sid === callSid);
  if (!leg) return notFound(`/2010-04-01/Accounts/${env.TWILIO_ACCOUNT_SID}/Calls/${callSid}.json`);
  return { status: 200, body: callResource(leg, env.TWILIO_ACCOUNT_SID ?? '') };
}
