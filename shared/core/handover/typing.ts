import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { Outbox } from '../table.ts';
import type { BotPlatform, ToBot } from './bot.ts';
import type { HandoverRef } from './desk.ts';
import { isBusy } from './is-busy.ts';
import type { Lanes } from './lane.ts';

/**
 * Desks repeat that an agent types, every few seconds or with every key. A platform shows it for so long that one sign in
 * this time is enough: Botcopy for 10 s, to be renewed after 9 (its documentation, livechat/handover.md, read 2026-11-21).
 */
const AT_MOST_EVERY_MS = 4_000;

interface TypingParts {
  readonly outbox: Outbox;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/**
 * Shows the customer that an agent types: the first sign at once, then at most one in four seconds in this instance, so that
 * an agent whose desk repeats it at least every five seconds, or as regularly as every nine, never seems to stop. Whether the
 * customer sees it now. Nothing is tried again: by then the agent has stopped typing.
 */
export function showTyping(
  { outbox, lanes, clock, deadline }: TypingParts,
  platform: BotPlatform | undefined,
  ref: HandoverRef,
  event: Extract<ToBot, { readonly kind: 'typing' }>,
  id: string,
): Promise<boolean> {
  const { typing } = lanes;
  const nowMs = clock.nowMs();
  // A clock that was put back must not silence anybody.
  const isFresh = (atMs: number): boolean => nowMs >= atMs && nowMs - atMs < AT_MOST_EVERY_MS;
  const last = typing.get(ref.conversationId);
  if (last && isFresh(last.atMs)) return last.isShown;
  for (const [conversationId, { atMs }] of typing) {
    if (isFresh(atMs)) break;
    typing.delete(conversationId);
  }
  if (!platform) return Promise.resolve(false);
  const show = (): Promise<boolean> =>
    platform.show(ref, event, id, deadline).then(
      () => true,
      () => false,
    );
  // Words go first: while any of them wait, nobody sees that somebody types.
  const { conversationId } = ref;
  const isShown = isBusy({ outbox, lanes, deadline }, { conversationId, to: 'bot' }).then((busy) => !busy && show());
  typing.set(ref.conversationId, { atMs: nowMs, isShown });
  return isShown;
}
