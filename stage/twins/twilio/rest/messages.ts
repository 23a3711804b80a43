import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import type { TwinAnswer } from '../../../twin.ts';
import { newSid } from '../sid.ts';
import { twilioTime } from '../twilio-time.ts';
import { refusal } from './errors.ts';
import { anyText, boolean, type FormRule, formFault, oneOf, sid, uri, wholeNumber } from './form.ts';

/** Every parameter of `POST …/Messages.json`. Source: Twilio's OpenAPI, twilio_api_v2010 of @twilio/cli-core 8.3.2. */
const creating: FormRule = {
  fields: {
    To: anyText,
    From: anyText,
    MessagingServiceSid: sid('MG'),
    Body: anyText,
    MediaUrl: anyText,
    ContentSid: sid('HX'),
    ContentVariables: anyText,
    StatusCallback: uri,
    ApplicationSid: sid('AP'),
    MaxPrice: (value) => value !== '' && Number.isFinite(Number(value)),
    ProvideFeedback: boolean,
    Attempt: wholeNumber,
    ValidityPeriod: wholeNumber,
    ForceDelivery: boolean,
    ContentRetention: oneOf('retain', 'discard'),
    AddressRetention: oneOf('retain', 'obfuscate'),
    SmartEncoded: boolean,
    TrafficType: oneOf('free'),
    PersistentAction: anyText,
    ShortenUrls: boolean,
    ScheduleType: oneOf('fixed'),
    SendAt: anyText,
    SendAsMms: boolean,
    RiskCheck: oneOf('enable', 'disable'),
  },
  lists: ['PersistentAction', 'MediaUrl'],
  required: { To: [21604, "A 'To' phone number is required."] },
  oneOf: { names: ['Body', 'MediaUrl', 'ContentSid'], error: [21602, 'Message body is required.'] },
};

const E164 = /^\+[1-9]\d{6,14}$/;
/** Source: Twilio's page on error 21617, read 2026-11-21. */
const LONGEST_BODY = 1_600;
/** Characters of one segment, roughly: a text in GSM-7 that is split. */
const SEGMENT = 153;

/** A text message that was sent. */
export interface TextMessage {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly atMs: number;
}

/** The text messages of the account. */
export interface Messages {
  /** Oldest first. */
  all(): readonly TextMessage[];
  create(env: Env, form: URLSearchParams): TwinAnswer;
  /** A text that Twilio itself sends. */
  add(text: Pick<TextMessage, 'from' | 'to' | 'body'>): TextMessage;
  reset(): void;
}

/** A message as Twilio's REST API shows it right after it was taken. */
function messageResource({ sid: messageSid, from, to, body, atMs }: TextMessage, accountSid: string) {
  const at = twilioTime(atMs);
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}`;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body,
    date_created: at,
    date_sent: null,
    date_updated: at,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(Math.ceil(body.length / SEGMENT)),
    price: null,
    price_unit: null,
    sid: messageSid,
    status: 'queued',
    subresource_uris: { media: `${path}/Media.json` },
    to,
    uri: `${path}.json`,
  };
}

export function textMessages(clock: StageClock): Messages {
  const messages: TextMessage[] = [];
  const add: Messages['add'] = (text) => {
    const message = { sid: newSid('SM'), ...text, atMs: clock.nowMs() };
    messages.push(message);
    return message;
  };
  return {
    all: () => messages,
    add,
    create(env, form) {
      const fault = formFault(creating, form);
      if (fault) return fault;
      const [to = '', from = '', body = ''] = ['To', 'From', 'Body'].map((name) => form.get(name) ?? '');
      if (!E164.test(to)) return refusal(400, 21211, `Invalid 'To' Phone Number: ${to}`);
      if (!form.get('MessagingServiceSid') && from === '')
        return refusal(400, 21603, "A 'From' phone number is required.");
      if (from !== env.TWILIO_PHONE_NUMBER)
        return refusal(400, 21606, `The 'From' phone number provided (${from}) is not a valid message-capable number.`);
      if (body.length > LONGEST_BODY)
        return refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
      return { status: 201, body: messageResource(add({ from, to, body }), env.TWILIO_ACCOUNT_SID ?? '') };
    },
    reset: () => {
      messages.length = 0;
    },
  };
}
