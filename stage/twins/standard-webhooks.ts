import { Webhook } from 'standardwebhooks';
import { sameAsAny } from '../../shared/core/callers/secrets.ts';

const TOLERANCE_SEC = 300;

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What is wrong with a request in the Standard Webhooks form; undefined when it is genuine. The package's own `verify` reads
 * the machine's clock, so it only makes the signature here and the time is compared with `nowMs`.
 */
export function signatureFault({ headers, body }: Signed, secret: string, nowMs: number): string | undefined {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (id === '' || id.includes('.')) return 'webhook-id is missing or holds a dot';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not a number of seconds';
  if (Math.abs(Number(timestamp) - nowMs / 1_000) > TOLERANCE_SEC)
    return 'webhook-timestamp is more than 5 minutes off';
  const expected = new Webhook(secret).sign(id, new Date(Number(timestamp) * 1_000), body);
  const given = (headers['webhook-signature'] ?? '').split(' ');
  return given.some((signature) => sameAsAny(signature, [expected])) ? undefined : 'webhook-signature does not fit';
}
