import * as v from 'valibot';
import type { CodeByText } from '../core/call/code-by-text.ts';
import { isPhoneNumber } from '../core/call/phone-number.ts';
import type { SendHttp } from '../core/http.ts';
import { required, type SettingsGroup, type SettingsOf, settings, together } from '../core/settings.ts';
import { sidOf, twilioRest } from './rest.ts';
import { twilioSettings } from './settings.ts';

const shape = together(
  twilioSettings,
  settings({
    VERIFY_SERVICE_SID: required(sidOf('VA'), {
      is: 'the Verify service that texts codes to callers; without it nobody is sent one',
      example: 'VA00000000000000000000000000000001',
    }),
  }),
);

interface IfThere {
  /** Undefined where nobody is sent a code. */
  readonly verify: SettingsOf<typeof shape> | undefined;
}

/** The service, and the account that it belongs to: asked for only where there is a `VERIFY_SERVICE_SID`. */
export const verifySettings: SettingsGroup<IfThere> = {
  get infos() {
    return shape.infos.map((info) => ({ ...info, optional: true }));
  },
  read: (env, faults) => ({ verify: env.VERIFY_SERVICE_SID ? shape.read(env, faults) : undefined }),
};

const started = v.object({ sid: sidOf('VE') });
const checked = v.object({ status: v.string(), valid: v.nullish(v.boolean()) });

/** As Verify makes them: 4 to 10 digits. */
const CODE = /^\d{4,10}$/;

/** The verification is gone: it has expired, was used, or was checked too often. */
const isGone = ({ status, code }: { readonly status: number; readonly code: number | undefined }): boolean =>
  status === 404 || code === 60202;

/**
 * Codes by Twilio Verify, in the language of a tag like `en-US`; undefined where no service is set. A code is good for ten
 * minutes and five tries, both kept by Twilio. Source: Twilio's OpenAPI, twilio_verify_v2 of @twilio/cli-core 8.3.2.
 */
export function codeByText({ verify }: IfThere, send: SendHttp, language: string): CodeByText | undefined {
  if (verify === undefined) return undefined;
  const { VERIFY_SERVICE_SID: service, ...own } = verify;
  const rest = twilioRest(own, send);
  const [host, path] = ['verify.twilio.com', `/v2/Services/${service}`];
  const [locale = language] = language.split('-');
  return {
    async send(phone, deadline) {
      if (!isPhoneNumber(phone)) return 'refused';
      const form = { To: phone, Channel: 'sms', Locale: locale };
      // Repeated by who asks, it is the same code once more.
      const answer = await rest.create(host, `${path}/Verifications`, form, started, deadline);
      if (answer.is === 'done') return 'sent';
      return answer.is === 'refused' ? 'refused' : 'unavailable';
    },
    async check(phone, code, deadline) {
      if (!isPhoneNumber(phone) || !CODE.test(code)) return 'wrong';
      const form = { To: phone, Code: code };
      // Never twice by itself: the second would find the verification used up.
      const answer = await rest.create(host, `${path}/VerificationCheck`, form, checked, deadline);
      if (answer.is === 'refused') return isGone(answer) ? 'over' : 'unavailable';
      if (answer.is !== 'done') return 'unavailable';
      const { status, valid } = answer.value;
      if (status === 'approved' && valid !== false) return 'right';
      return status === 'pending' ? 'wrong' : 'over';
    },
  };
}
