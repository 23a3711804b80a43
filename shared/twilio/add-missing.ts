import type { Deadline } from '../core/deadline.ts';
import type { NewMessage } from './conversations.ts';
import type { FlexCalls } from './flex-calls.ts';
import { taken } from './taken.ts';

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
