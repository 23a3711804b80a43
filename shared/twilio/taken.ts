import { NotTaken } from '../core/handover/not-taken.ts';
import type { TwilioAnswer } from './rest.ts';

/** What Twilio did for a desk or a bot's platform. Throws `NotTaken` when it did not, or may not have. */
export function taken<T>(answer: TwilioAnswer<T>): T {
  switch (answer.is) {
    case 'done':
      return answer.value;
    case 'refused':
      throw new NotTaken('refused', `Twilio refused with ${answer.status}, code ${answer.code ?? 'none'}`);
    case 'unavailable':
      throw new NotTaken('unreachable', 'Twilio was not reached', answer.retryAfterSec * 1_000);
    case 'unknown':
      throw new NotTaken('unknown', 'Twilio may have done it or not');
    default:
      return answer satisfies never;
  }
}

/** What is found; undefined when there is none. Throws `NotTaken`. */
export const found = <T>(answer: TwilioAnswer<T>): T | undefined =>
  answer.is === 'refused' && answer.status === 404 ? undefined : taken(answer);
