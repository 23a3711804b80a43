import type { Deadline } from '../../../core/deadline.ts';

/** Longer than Twilio Verify takes as a rule. */
const EVEN_MS = 1_200;
/** Left of the deadline for what comes after. */
const LEFT_MS = 200;

/** Settles like `work`, and never sooner than usual: the silence does not tell whether anything was asked of anybody. */
export async function evened<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  const waitMs = Math.min(EVEN_MS, Math.max(0, deadline.remainingMs() - LEFT_MS));
  const [done] = await Promise.all([work, deadline.sleep(waitMs)]);
  return done;
}
