import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import type { States } from '../table.ts';
import type { BotCall, Standing } from './bot.ts';
import { type Owner, ownerOf } from './owner.ts';
import { ended, lapsed, type OwnershipState, returnEvent, returnTold } from './ownership.ts';
import { endLine, refOf, type ToDeskWay } from './to-desk.ts';

/** What is left to answer when nothing can be done without the table. */
const ANSWER_MS = 300;

interface WayBackParts {
  readonly states: States;
  readonly toDesk: ToDeskWay;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** What the bot begins with when it has the conversation again and nobody named anything. */
  readonly usualReturnEvent: string | undefined;
}

type State = OwnershipState | undefined;

/** How the bot gets a conversation again that nobody has any more. All throw `state_unavailable`. */
export function wayBack(parts: WayBackParts, conversationId: string, hearsOfReturn: BotCall['hearsOfReturn']) {
  const { toDesk, clock } = parts;
  const owner = (reserveMs: number): Owner => ownerOf(conversationId, parts, reserveMs);

  /**
   * Ends what is over by itself and tells the desk: a pause that ran out, a handover whose opening broke off. Resolves to
   * what stands there then.
   */
  async function tidy(state: State): Promise<State> {
    const over = lapsed(state, clock.nowMs());
    if (!over?.returned) return state;
    if (!(await owner(ANSWER_MS).swap(state, over))) return undefined;
    const { reason } = over.returned;
    await toDesk.send(await toDesk.post(refOf(conversationId, over), { kind: 'ended', reason }));
    return over;
  }

  /** The bot has it: what the bot has to know of a handover that is over, of several that ask at once told to one. */
  async function botAgain(state: State): Promise<Pick<Extract<Standing, { paused: false }>, 'returned'>> {
    const now = await tidy(state);
    if (!hearsOfReturn || !returnTold(now)) return {};
    // A desk may write at the same moment; who asks at the same moment finds it told.
    const { before, after } = await owner(ANSWER_MS).change(returnTold, { state: now });
    if (!after || !before?.returned) return {};
    const { reason, botEvent } = before.returned;
    return { returned: { reason, botEvent: returnEvent(botEvent, reason, parts.usualReturnEvent) } };
  }

  /** The desk does not take the customer's words: the bot has the conversation again, and its platform hears it now. */
  async function giveUp({ handoverId }: OwnershipState): Promise<State> {
    const reason = 'failed';
    const { before, after } = await owner(0).change((state) => ended(state, handoverId, { reason }));
    const line = endLine(handoverId, reason, clock.nowMs());
    if (after) await toDesk.leave(refOf(conversationId, after), { kind: 'ended', reason }, line);
    return after ?? before;
  }

  /** A handover whose pause ran out ends before another begins; its desk hears of it later. Undefined when others were faster. */
  async function makeRoom(mine: Owner, state: OwnershipState): Promise<State> {
    const over = lapsed(state, clock.nowMs());
    if (!over || !(await mine.swap(state, over))) return undefined;
    const line = endLine(over.handoverId, 'expired', clock.nowMs());
    await toDesk.leave(refOf(conversationId, over), { kind: 'ended', reason: 'expired' }, line);
    return over;
  }

  return { botAgain, giveUp, makeRoom };
}

/** See `wayBack`. */
export type WayBack = ReturnType<typeof wayBack>;
