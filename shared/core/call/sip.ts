import * as v from 'valibot';
import { jsonOf, optional, readAs, type SettingsGroup, settings } from '../settings.ts';
import { phoneNumber } from './phone-number.ts';

const host = v.pipe(v.string(), v.regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?$/));

const shape = settings({
  WATSON_SIP_HOST: optional(host, undefined, {
    is: "host part of the assistant's phone integration SIP URI, what follows `sips:`",
    example: 'public.0001.voip.us-south.assistant.watson.cloud.ibm.com',
  }),
  WATSON_SIP_HOSTS: optional(
    jsonOf(v.record(phoneNumber, host)),
    {},
    {
      is: 'JSON, called number to SIP host, where several assistants answer; other numbers go to WATSON_SIP_HOST',
    },
  ),
});

/** Where the assistants are reached by SIP. */
export interface Assistants {
  /**
   * The SIP URI of the assistant that answers a number: for `+15005550006` and the handover `h2` it is
   * `sip:+15005550006@{host};secure=true?X-Handover-Id=h2`. Twilio has no `sips:`; `secure=true` means TLS and SRTP.
   * Undefined for a number that no assistant answers.
   */
  sipUri(called: string, handoverId: string | undefined): string | undefined;
}

/** `WATSON_SIP_HOST` and `WATSON_SIP_HOSTS`, one of which must be there, as `assistants`. */
export const assistantHosts: SettingsGroup<{ readonly assistants: Assistants }> = readAs(shape, (env, faults) => {
  const before = faults.length;
  const { WATSON_SIP_HOST, WATSON_SIP_HOSTS } = shape.read(env, faults);
  if (faults.length > before) return undefined as never;
  const own = new Map(Object.entries(WATSON_SIP_HOSTS));
  if (WATSON_SIP_HOST === undefined && own.size === 0)
    faults.push(`WATSON_SIP_HOST is missing (${shape.infos[0]?.is})`);
  return {
    assistants: {
      sipUri(called, handoverId) {
        const at = own.get(called) ?? WATSON_SIP_HOST;
        if (at === undefined) return undefined;
        const header = handoverId === undefined ? '' : `?X-Handover-Id=${encodeURIComponent(handoverId)}`;
        return `sip:${called}@${at};secure=true${header}`;
      },
    },
  };
});
