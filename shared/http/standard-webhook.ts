import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '../core/clock.ts';
import type { Deadline } from '../core/deadline.ts';
import type { SendHttp } from '../core/http.ts';
import { isoTime } from '../core/iso-time.ts';
import { words } from '../core/settings.ts';
import { postJson } from './post-json.ts';

/** One secret, or two separated by a space while it is rotated: `whsec_` and the base64 of 24 to 64 random bytes. */
export const webhookSecrets = v.pipe(
  words,
  v.minLength(1),
  v.maxLength(2),
  v.everyItem((secret) => {
    const bytes = keyOf(secret)?.byteLength ?? 0;
    return bytes >= 24 && bytes <= 64;
  }),
);

function keyOf(secret: string): Uint8Array | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

/**
 * The value of `webhook-signature`: one entry per secret, so that the receiver may know either.
 * Source: Standard Webhooks 1.0.0, github.com/standard-webhooks/standard-webhooks, read 2026-11-21.
 */
export function webhookSignature(secrets: readonly string[], id: string, timestampSec: number, body: string): string {
  const signed = `${id}.${timestampSec}.${body}`;
  const signatures = secrets.map((secret) =>
    createHmac('sha256', keyOf(secret) ?? '')
      .update(signed, 'utf8')
      .digest('base64'),
  );
  return signatures.map((signature) => `v1,${signature}`).join(' ');
}

/** Where our events go, and how they are signed. */
export interface WebhookTarget {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly send: SendHttp;
  readonly clock: Clock;
}

export interface WebhookEvent {
  /** The receiver's idempotency key, the same over all tries. A dot in it travels as `_`: the signature uses dots. */
  readonly id: string;
  /** Like `handover.message`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Sends one event in the Standard Webhooks form, once. Resolves to the JSON of the answer, undefined when there is none.
 * Throws `NotTaken`.
 */
export async function sendEvent(
  { url, secrets, send, clock }: WebhookTarget,
  event: WebhookEvent,
  tryMs: number,
  deadline: Deadline,
): Promise<unknown> {
  const { type, data } = event;
  const id = event.id.replaceAll('.', '_');
  const nowMs = clock.nowMs();
  const body = JSON.stringify({ type, timestamp: isoTime(nowMs), data });
  const timestampSec = Math.floor(nowMs / 1_000);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSec),
    'webhook-signature': webhookSignature(secrets, id, timestampSec, body),
  };
  return postJson(send, { url, headers, body, tryMs, deadline });
}
