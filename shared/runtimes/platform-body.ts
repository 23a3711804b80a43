import type { Reply } from '../core/reply.ts';

const utf8 = new TextEncoder();

/** The bytes of a body that a platform hands over as base64. Undefined for anything that is not exactly base64. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** The bytes of a body that a platform hands over as text. */
export const bytesOfText = (text: string): Uint8Array => utf8.encode(text);

/** Whether a platform hands a body of this type over as it is; everything else comes as base64, JSON too. */
export function comesAsText(contentType: string | undefined): boolean {
  return /^\s*(text\/|application\/x-www-form-urlencoded\b)/i.test(contentType ?? '');
}

/**
 * The value of a JSON answer, for platforms that write JSON themselves; of one without a body an empty object, because they
 * take nothing else for JSON. Undefined for every other answer.
 */
export function jsonOf({ headers, body }: Reply): unknown {
  return headers['content-type']?.startsWith('application/json') ? JSON.parse(body || '{}') : undefined;
}
