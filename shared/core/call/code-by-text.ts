import type { Deadline } from '../deadline.ts';

/**
 * Proves that whoever calls holds a phone: a code is sent to it, and is keyed in. What is `unavailable` may be asked for again;
 * a check of which nobody knows the outcome may have used the code up, and then is `over`.
 */
export interface CodeByText {
  /** `sent` also where one that is still good was sent again. `unavailable` where it may or may not have been sent. */
  send(phone: string, deadline: Deadline): Promise<'sent' | 'refused' | 'unavailable'>;
  /** `over`: the code has expired, or was tried too often, and a new one would have to be sent. */
  check(phone: string, code: string, deadline: Deadline): Promise<'right' | 'wrong' | 'over' | 'unavailable'>;
}
