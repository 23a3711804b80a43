import * as v from 'valibot';

/** What the other end may answer to `handover.requested`. Without a ticket the handoverId is used. */
const opened = v.object({ ticket: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)) });

/** The ticket in an answer; undefined when there is none that can be used. */
export function ticketIn(answer: unknown): string | undefined {
  const parsed = v.safeParse(opened, answer);
  return parsed.success ? parsed.output.ticket : undefined;
}
