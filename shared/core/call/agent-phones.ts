import * as v from 'valibot';
import { type Env, optional, readAs, type SettingsGroup, type SettingsOf, settings } from '../settings.ts';
import { phoneNumber, phoneNumbers } from './phone-number.ts';
import { languageSetting } from './speech.ts';

const agentNumbers = {
  is: 'E.164 numbers of the phone desk in the order to try, separated by spaces',
  example: '+15005550008',
};

/** The phones of the desk, if it has some, and how we appear on them. */
export const agentPhones = settings({
  AGENT_NUMBERS: optional(phoneNumbers, [], agentNumbers),
  TWILIO_PHONE_NUMBER: optional(phoneNumber, undefined, {
    is: 'caller id of outbound legs, E.164',
    example: '+15005550010',
  }),
  SPEECH_LANGUAGE: languageSetting,
});

export type AgentPhones = SettingsOf<typeof agentPhones>;

/** The same for the last resort: a malformed setting counts as missing, of several numbers the good ones are kept. */
export const usableAgentPhones: SettingsGroup<AgentPhones> = readAs(agentPhones, (env) => {
  const numbers = (env.AGENT_NUMBERS ?? '').split(/\s+/).filter((number) => v.is(phoneNumber, number));
  const usable: Env = {
    ...env,
    AGENT_NUMBERS: numbers.join(' '),
    TWILIO_PHONE_NUMBER: v.is(phoneNumber, env.TWILIO_PHONE_NUMBER) ? env.TWILIO_PHONE_NUMBER : '',
    SPEECH_LANGUAGE: v.is(languageSetting.schema, env.SPEECH_LANGUAGE) ? env.SPEECH_LANGUAGE : '',
  };
  return agentPhones.read(usable, []);
});
