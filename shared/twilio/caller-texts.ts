import { callBackCountries } from '../core/call/allowed-countries.ts';
import { phoneNumber } from '../core/call/phone-number.ts';
import { optional, type SettingsGroup, type SettingsOf, settings, together } from '../core/settings.ts';
import { twilioSettings } from './settings.ts';

const shape = together(
  twilioSettings,
  callBackCountries,
  settings({
    TWILIO_PHONE_NUMBER: optional(phoneNumber, undefined, {
      is: 'from which callers get text messages, E.164',
      example: '+15005550010',
    }),
  }),
);

const NAMES = ['TWILIO_ACCOUNT_SID', 'TWILIO_API_KEY', 'TWILIO_API_SECRET', 'TWILIO_PHONE_NUMBER'] as const;

interface CallerTexts {
  /** Undefined where callers get no text messages. */
  readonly callerTexts: SettingsOf<typeof shape> | undefined;
}

/** The settings by which callers get text messages. May all be missing. */
export const callerTextSettings: SettingsGroup<CallerTexts> = {
  get infos() {
    return shape.infos.map((info) => ({ ...info, optional: true }));
  },
  read: (env, faults) => ({ callerTexts: NAMES.every((name) => env[name]) ? shape.read(env, faults) : undefined }),
};
