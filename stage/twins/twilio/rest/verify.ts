import { randomInt } from 'node:crypto';
import type { Env } from '../../../../shared/core/settings.ts';
import type { StageClock } from '../../../clock.ts';
import type { TwinAnswer } from '../../../twin.ts';
import { newSid } from '../sid.ts';
import { notFound, refusal } from './errors.ts';
import { anyText, boolean, type FormRule, formFault, oneOf, sid } from './form.ts';
import type { Messages } from './messages.ts';
import type { Asked, Route } from './route.ts';

/** Source: Twilio's OpenAPI, twilio_verify_v2 of @twilio/cli-core 8.3.2. */
const sending: FormRule = {
  fields: {
    To: anyText,
    Channel: anyText,
    CustomFriendlyName: anyText,
    CustomMessage: anyText,
    SendDigits: anyText,
    Locale: anyText,
    CustomCode: anyText,
    Amount: anyText,
    Payee: anyText,
    RateLimits: anyText,
    ChannelConfiguration: anyText,
    AppHash: anyText,
    TemplateSid: sid('HJ'),
    TemplateCustomSubstitutions: anyText,
    DeviceIp: anyText,
    EnableSnaClientToken: boolean,
    RiskCheck: oneOf('enable', 'disable'),
    Tags: anyText,
  },
  required: {
    To: [60200, 'Missing required parameter To'],
    Channel: [60200, 'Missing required parameter Channel'],
  },
};

const checking: FormRule = {
  fields: {
    Code: anyText,
    To: anyText,
    VerificationSid: sid('VE'),
    Amount: anyText,
    Payee: anyText,
    SnaClientToken: anyText,
  },
};

const E164 = /^\+[1-9]\d{6,14}$/;
/** Twilio's own limits. Sources: its pages on errors 60202 and 60203 and on rate limits and timeouts, read 2026-11-28. */
const LIFE_MS = 600_000;
const MOST_CHECKS = 5;
const MOST_SENDS = 5;

/** Twilio sends from numbers of its own. */
const FROM = '+15005550090';

const texts: Readonly<Record<string, (code: string) => string>> = {
  en: (code) => `Your verification code is: ${code}`,
  de: (code) => `Ihr Bestätigungscode lautet: ${code}`,
};

interface Verification {
  readonly sid: string;
  readonly to: string;
  readonly code: string;
  readonly createdMs: number;
  /** When a text was sent, each time. */
  readonly sentMs: number[];
  status: 'pending' | 'approved';
  checks: number;
}

/** The verifications of the account: codes by text to phones. */
export interface Verifications {
  readonly routes: readonly Route[];
  reset(): void;
}

interface Parts {
  readonly env: () => Env;
  readonly clock: StageClock;
  readonly messages: Messages;
}

const utc = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');

export function verifications({ env, clock, messages }: Parts): Verifications {
  const byPhone = new Map<string, Verification>();

  /** The one that a phone has: it is gone when it has expired or was used. */
  function pendingOf(to: string): Verification | undefined {
    const found = byPhone.get(to);
    const isGone = !found || found.status === 'approved' || clock.nowMs() - found.createdMs >= LIFE_MS;
    return isGone ? undefined : found;
  }

  function shown({ sid: verificationSid, to, status, createdMs }: Verification, service: string) {
    return {
      sid: verificationSid,
      service_sid: service,
      account_sid: env().TWILIO_ACCOUNT_SID ?? '',
      ...{ to, channel: 'sms', status, valid: status === 'approved', amount: null, payee: null },
      ...{ date_created: utc(createdMs), date_updated: utc(clock.nowMs()) },
    };
  }

  function send({ form, ids: [service = ''] }: Asked): TwinAnswer {
    const [to = '', channel, locale = 'en'] = ['To', 'Channel', 'Locale'].map((name) => form.get(name) ?? undefined);
    if (!E164.test(to) || channel !== 'sms') return refusal(400, 60200, `Invalid parameter \`To\`: ${to}`);
    const begun = pendingOf(to);
    if ((begun?.checks ?? 0) >= MOST_CHECKS) return refusal(429, 60202, 'Max check attempts reached');
    if ((begun?.sentMs.length ?? 0) >= MOST_SENDS) return refusal(429, 60203, 'Max send attempts reached');
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const fresh = { sid: newSid('VE'), to, code, createdMs: clock.nowMs(), sentMs: [], checks: 0 };
    const verification: Verification = begun ?? { ...fresh, status: 'pending' };
    verification.sentMs.push(clock.nowMs());
    byPhone.set(to, verification);
    const text = texts[locale] ?? texts.en;
    messages.add({ from: FROM, to, body: text?.(verification.code) ?? '' });
    const attempts = verification.sentMs.map((atMs) => ({
      time: utc(atMs),
      channel: 'SMS',
      attempt_sid: newSid('VL'),
    }));
    const url = `https://verify.twilio.com/v2/Services/${service}/Verifications/${verification.sid}`;
    const more = { lookup: {}, sna: null, send_code_attempts: attempts, url };
    return { status: 201, body: { ...shown(verification, service), ...more } };
  }

  function check({ form, ids: [service = ''], path }: Asked): TwinAnswer {
    const [to, verificationSid, code] = ['To', 'VerificationSid', 'Code'].map((name) => form.get(name));
    if (!to && !verificationSid) return refusal(400, 60200, 'One of To, VerificationSid is required');
    const phone = to ?? [...byPhone.values()].find((one) => one.sid === verificationSid)?.to ?? '';
    const verification = pendingOf(phone);
    if (!verification) return notFound(path);
    if (verification.checks >= MOST_CHECKS) return refusal(429, 60202, 'Max check attempts reached');
    verification.checks++;
    if (code === verification.code) verification.status = 'approved';
    return { status: 201, body: { ...shown(verification, service), sna_attempts_error_codes: null } };
  }

  /** What is asked of the one service that there is, in its form. */
  const ofService =
    (rule: FormRule, answer: Route['answer']): Route['answer'] =>
    (asked) =>
      asked.ids[0] === env().VERIFY_SERVICE_SID ? (formFault(rule, asked.form) ?? answer(asked)) : notFound(asked.path);

  const at = (last: string) => new RegExp(`^/v2/Services/(\\w+)/${last}$`);
  const own = { method: 'POST', host: 'verify.twilio.com' } as const;
  return {
    routes: [
      { ...own, path: at('Verifications'), answer: ofService(sending, send) },
      { ...own, path: at('VerificationCheck'), answer: ofService(checking, check) },
    ],
    reset: () => byPhone.clear(),
  };
}
