import * as v from 'valibot';
import { optional, readAs, required, type SettingsGroup, settings, text } from '../core/settings.ts';

const sid = (prefix: 'AC' | 'SK') => v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`)));

const shape = settings({
  TWILIO_ACCOUNT_SID: required(sid('AC'), {
    is: 'the Twilio account in which calls are placed and chats are opened',
    example: 'AC00000000000000000000000000000001',
  }),
  TWILIO_API_KEY: required(sid('SK'), {
    is: 'SID of the API key for REST calls and access tokens',
    example: 'SK00000000000000000000000000000001',
  }),
  TWILIO_API_SECRET: required(text(), { is: 'secret of that API key', secret: true }),
  TWILIO_API_BASE_URL: optional(text(), undefined, {
    is: 'sends every Twilio REST call there instead, the intended host in X-Twilio-Host; http only with STAGE=local',
  }),
});

export interface TwilioSettings {
  readonly TWILIO_ACCOUNT_SID: string;
  readonly TWILIO_API_KEY: string;
  readonly TWILIO_API_SECRET: string;
  /** Without a slash at the end. */
  readonly TWILIO_API_BASE_URL: string | undefined;
}

/** What a REST call to Twilio needs. */
export const twilioSettings: SettingsGroup<TwilioSettings> = readAs(shape, (env, faults) => {
  const values = shape.read(env, faults);
  const base = values.TWILIO_API_BASE_URL?.replace(/\/+$/, '');
  const schemes = env.STAGE === 'local' ? /^https?:$/ : /^https:$/;
  if (base !== undefined && !(URL.canParse(base) && schemes.test(new URL(base).protocol)))
    faults.push('TWILIO_API_BASE_URL is malformed (an https URL; http only with STAGE=local)');
  return { ...values, TWILIO_API_BASE_URL: base };
});
