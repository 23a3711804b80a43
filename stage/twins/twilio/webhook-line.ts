import { twilioSignature } from '../../../shared/core/callers/twilio.ts';
import type { Env } from '../../../shared/core/settings.ts';
import type { StageClock } from '../../clock.ts';
import type { SendWebhook } from '../../webhooks.ts';

interface LineParts {
  readonly clock: StageClock;
  readonly env: () => Env;
  readonly sendWebhook: SendWebhook;
}

interface FormWebhook {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly fields: Readonly<Record<string, string>>;
  /** How long Twilio waits for the answer to such a one. It asks once. */
  readonly waitMs: number;
}

/** Sends the events of one conversation or task one after the other. */
export interface WebhookLine {
  send(about: string, webhook: FormWebhook): void;
  /** What waits is not sent any more. */
  reset(): void;
}

/** Between two things that people do there is more time than that. */
const APART_MS = 300;

/** A signed form, as Twilio sends one; as a query where it is sent by GET. */
export function sendForm(
  { env, sendWebhook }: Pick<LineParts, 'env' | 'sendWebhook'>,
  { url, method, fields, waitMs }: FormWebhook,
) {
  const bare = url.replace(/#.*$/s, '');
  const form = new URLSearchParams(fields).toString();
  const whole = method === 'GET' ? `${bare}${bare.includes('?') ? '&' : '?'}${form}` : bare;
  const signed = new Map(method === 'GET' ? [] : Object.entries(fields).map(([name, value]) => [name, [value]]));
  return sendWebhook({
    ...{ vendor: 'twilio', method, url: whole, waitMs },
    headers: {
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': twilioSignature(env().TWILIO_AUTH_TOKEN ?? '', whole, signed),
      ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
    },
    body: method === 'POST' ? form : '',
  });
}

/**
 * The twin does in one moment what people do one after the other, so an event waits until the one before it was answered, but
 * not for long: Twilio itself waits for nobody.
 */
export function webhookLine(parts: LineParts): WebhookLine {
  let last = new Map<string, Promise<unknown>>();
  return {
    send(about, webhook) {
      const own = last;
      const before = own.get(about) ?? Promise.resolve();
      const sent = before.then(() => {
        if (own !== last) return;
        let cancel = () => {};
        const late = new Promise<void>((resolve) => {
          cancel = parts.clock.after(APART_MS, resolve);
        });
        return Promise.race([late, sendForm(parts, webhook)]).finally(cancel);
      });
      own.set(about, sent);
      void sent.then(() => own.get(about) === sent && own.delete(about));
    },
    reset() {
      last = new Map();
    },
  };
}
