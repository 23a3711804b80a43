import { createHmac } from 'node:crypto';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The JWT that Watson makes of a webhook's secret. */
export function watsonJwt(secret: string): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iat: 1_767_225_600 })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
