import { optional, readAs, type SettingsGroup, settings, text } from '../settings.ts';

/** Why a call comes back. */
export const handoverReasons = [
  'assistant_ended',
  'assistant_busy',
  'assistant_failed',
  'assistant_no_answer',
  /** The assistant had said that a person is wanted, and its leg ended without a REFER. */
  'assistant_transfer',
] as const;

/** What went wrong. */
export const handoverErrors = [
  /** The called number is unusable. */
  'bad_called',
  /** Our own fault, or nobody can tell whether a person was asked for. */
  'unavailable',
  /** Nobody works at this time. */
  'closed',
  'nobody_answered',
] as const;

/** What a flow may read when a call comes back to it, and nothing else. Every value is safe inside JSON and a URL. */
export interface ReturnValues {
  readonly SessionHistoryKey?: string | undefined;
  readonly HandoverId?: string | undefined;
  readonly HandoverReason?: (typeof handoverReasons)[number] | undefined;
  readonly HandoverError?: (typeof handoverErrors)[number] | undefined;
}

/** The Studio flow that a call is in. */
export interface StudioFlow {
  /** The URL that makes a call leave the flow's redirect widget by its return branch. */
  returnUrl(values: ReturnValues): string;
}

function webhookUrl(value: string, local: boolean): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (url.username || url.password || url.search || url.hash) return undefined;
  const twilio = url.protocol === 'https:' && url.host === 'webhooks.twilio.com';
  return twilio || (local && /^https?:$/.test(url.protocol)) ? value : undefined;
}

const shape = settings({
  STUDIO_WEBHOOK_URL: optional(text(), undefined, {
    is: "webhook URL of the Studio flow's trigger, on webhooks.twilio.com; without one calls go to people at once",
    example:
      'https://webhooks.twilio.com/v1/Accounts/AC00000000000000000000000000000001/Flows/FW00000000000000000000000000000001',
  }),
});

/** `STUDIO_WEBHOOK_URL`, as `studio`; undefined for numbers that no flow answers. Other hosts only with `STAGE=local`. */
export const studioFlow: SettingsGroup<{ readonly studio: StudioFlow | undefined }> = readAs(shape, (env, faults) => {
  const { STUDIO_WEBHOOK_URL } = shape.read(env, faults);
  if (STUDIO_WEBHOOK_URL === undefined) return { studio: undefined };
  const url = webhookUrl(STUDIO_WEBHOOK_URL, env.STAGE === 'local');
  if (url === undefined) faults.push(`STUDIO_WEBHOOK_URL is malformed (${shape.infos[0]?.is})`);
  return {
    studio: {
      returnUrl(values) {
        const given = Object.entries(values).filter(([, value]) => value !== undefined);
        const named = given.map(([name, value]) => `&${name}=${encodeURIComponent(String(value))}`);
        return `${url}?FlowEvent=return${named.join('')}`;
      },
    },
  };
});
