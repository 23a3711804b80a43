import type { TwinAnswer } from '../../../twin.ts';

/** A refusal as Twilio writes it. */
export function refusal(status: number, code: number, message: string): TwinAnswer {
  return {
    status,
    body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
  };
}

export const notFound = (path: string) => refusal(404, 20404, `The requested resource ${path} was not found`);

/** Too many requests, and Twilio's own faults. */
export function failure(status: 500 | 503 | 429): TwinAnswer {
  if (status !== 429) return refusal(status, 20500, 'An internal server error has occurred');
  return { ...refusal(429, 20429, 'Too Many Requests'), headers: { 'retry-after': '1' } };
}
