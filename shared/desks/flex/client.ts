import type { Deadline } from '../../core/deadline.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { FlexCalls } from '../../twilio/flex-calls.ts';
import type { TwilioAnswer } from '../../twilio/rest.ts';
import { taken } from '../../twilio/taken.ts';

const CONFLICT = 409;

const isRefusedWith = (answer: TwilioAnswer<unknown>, status: number): boolean =>
  answer.is === 'refused' && answer.status === status;

/** Done now, or before. Throws `NotTaken`. */
export function doneOnce(answer: TwilioAnswer<unknown>): void {
  if (!isRefusedWith(answer, CONFLICT)) taken(answer);
}

/** The conversation of a handover, and whether it was there before this try, or may have been. Throws `NotTaken`. */
export async function conversationOf(
  { conversations }: FlexCalls,
  handoverId: string,
  attributes: object,
  deadline: Deadline,
): Promise<{ readonly sid: string; readonly isNew: boolean }> {
  const made = await conversations.create(handoverId, attributes, deadline);
  if (made.is === 'done') return { sid: made.value.sid, isNew: true };
  if (made.is !== 'unknown' && !isRefusedWith(made, CONFLICT)) taken(made);
  const there = await conversations.read(handoverId, deadline);
  // Of an unknown outcome nothing is certain until it is found.
  if (there.is !== 'done') throw new NotTaken('unknown', 'the conversation may be there or not');
  if (there.value.state === 'closed') throw new NotTaken('refused', 'the handover was closed before');
  return { sid: there.value.sid, isNew: false };
}

/** Has the events of a conversation told to a URL, if they are not. Throws `NotTaken`. */
export async function listenOnce(
  { conversations }: FlexCalls,
  { sid, isNew }: { readonly sid: string; readonly isNew: boolean },
  url: string,
  deadline: Deadline,
): Promise<void> {
  const there = isNew ? [] : taken(await conversations.webhooks(sid, deadline));
  if (!there.some((one) => one.url === url)) taken(await conversations.listen(sid, url, deadline));
}
