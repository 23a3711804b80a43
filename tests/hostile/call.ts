import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { twilioSignature } from '../../shared/core/callers/twilio.ts';
import { type CallSpec, constants, corpusSettings } from './corpus.ts';

/** A call ready to be sent. */
export interface HostileCall {
  readonly method: string;
  /** Path and query, exactly as they go on the wire. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Writes out `{{NAME}}`, `{{n}}`, `{{n4}}` and `{{repeat:X:N}}`. `n` counts the deliveries of an input from 1. */
function writtenOut(text: string, n: number): string {
  return text
    .replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      if (name === 'n') return String(n);
      if (name === 'n4') return String(n).padStart(4, '0');
      return constants[name] ?? whole;
    })
    .replace(/\{\{repeat:(.*?):(\d+)\}\}/gs, (_, what: string, times: string) => what.repeat(Number(times)));
}

function bodyOf({ body, json, base64, gzip }: CallSpec, n: number): Uint8Array {
  if (gzip) return gzipSync(gzip.repeat.repeat(gzip.times));
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  return Buffer.from(writtenOut(body ?? (json === undefined ? '' : JSON.stringify(json)), n));
}

/** The fields of a form with all their values, however many there are. */
export function formFields(body: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const fields = new URLSearchParams(Buffer.from(body).toString('utf8'));
  return new Map([...fields.keys()].map((name) => [name, fields.getAll(name)]));
}

/** Adds what Twilio would add: the signature, and for JSON the hash of the body. */
function signed(call: HostileCall, sign: NonNullable<CallSpec['sign']>): HostileCall {
  const own = typeof sign === 'string' ? {} : sign;
  const hash = createHash('sha256').update(call.body).digest('hex');
  const url = sign === 'json' ? `${call.url}${call.url.includes('?') ? '&' : '?'}bodySHA256=${hash}` : call.url;
  const fields = own.form === undefined ? call.body : Buffer.from(own.form);
  const signature = twilioSignature(
    own.token ?? corpusSettings.TWILIO_AUTH_TOKEN ?? '',
    own.url ?? `${corpusSettings.PUBLIC_BASE_URL}${url}`,
    sign === 'url' || sign === 'json' ? new Map() : formFields(fields),
  );
  return { ...call, url, headers: { ...call.headers, 'X-Twilio-Signature': signature } };
}

/** Makes bytes of a call of the corpus: the `n`-th delivery of it. */
export function callOf(spec: CallSpec, n = 1): HostileCall {
  const headers = Object.entries(spec.headers).map(([name, value]) => [name, writtenOut(value, n)]);
  const call = {
    method: spec.method,
    url: writtenOut(spec.url, n),
    headers: {
      ...Object.fromEntries(headers),
      ...(spec.contentType === undefined ? {} : { 'Content-Type': spec.contentType }),
    },
    body: bodyOf(spec, n),
  };
  return spec.sign === undefined ? call : signed(call, spec.sign);
}
