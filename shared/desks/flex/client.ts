import type { Deadline } from '../../core/deadline.ts';
import { NotTaken } from '../../core/handover/not-taken.ts';
import type { ConversationSeen, Conversations, NewMessage } from '../../twilio/conversations.ts';
import type { Interactions } from '../../twilio/interactions.ts';
import type { TwilioAnswer } from '../../twilio/rest.ts';
import { taken } from '../../twilio/taken.ts';
import type { FindTasks } from '../../twilio/tasks.ts';

/** The calls to Twilio that the desk makes. */
export interface FlexCalls {
  readonly conversations: Conversations;
  readonly interactions: Interactions;
  readonly findTasks: FindTasks;
}

const CONFLICT = 409;

const isRefusedWith = (answer: TwilioAnswer<unknown>, status: number): boolean =>
  answer.is === 'refused' && answer.status === status;

/** What is found; undefined when there is none. Throws `NotTaken`. */
export const found = <T>(answer: TwilioAnswer<T>): T | undefined =>
  isRefusedWith(answer, 404) ? undefined : taken(answer);

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

/**
 * Adds messages of one event in order, those that are not there yet. `mayBeThere` where a try before may have added some; one
 * whose outcome is not known is looked for at once where `mayRepeat`. Throws `NotTaken`.
 */
export async function addMissing(
  { conversations }: FlexCalls,
  sid: string,
  messages: readonly NewMessage[],
  { mayBeThere, mayRepeat }: { readonly mayBeThere: boolean; readonly mayRepeat: boolean },
  deadline: Deadline,
): Promise<void> {
  const nameOf = ({ eventId, part }: Readonly<Record<string, unknown>>) => JSON.stringify([eventId, part]);
  const look = async () => new Set(taken(await conversations.newest(sid, deadline)).map(nameOf));
  let there = mayBeThere ? await look() : new Set<string>();
  for (const message of messages) {
    if (there.has(nameOf(message.attributes))) continue;
    const added = await conversations.add(sid, message, deadline);
    if (added.is === 'unknown' && mayRepeat) {
      there = await look();
      if (!there.has(nameOf(message.attributes))) taken(await conversations.add(sid, message, deadline));
    } else taken(added);
  }
}

/** The conversation that a ticket or a handover names; undefined when there is none. Throws `NotTaken`. */
export const conversationNamed = async (
  { conversations }: FlexCalls,
  name: string,
  deadline: Deadline,
): Promise<ConversationSeen | undefined> => found(await conversations.read(name, deadline));
