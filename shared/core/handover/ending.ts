import { inTime } from '../in-time.ts';
import type { EndReason } from './desk.ts';
import { ownerOf } from './owner.ts';
import { lapsed, type OwnershipState, returnEvent } from './ownership.ts';
import { type BotParts, wayToBot } from './to-bot.ts';
import { endLine, leaveForDesk, refOf } from './to-desk.ts';

const ANSWER_MS = 300;

/** Ways to end that the desk itself has begun: it is not told. */
const fromDesk: readonly EndReason[] = ['agent', 'desk'];

/** What it takes to tell that a handover is over. */
interface EndingParts extends BotParts {
  /** What the bot begins with when nobody names anything. */
  readonly usualReturnEvent?: string | undefined;
}

/**
 * Tells the bot and the desk of an end that stands in the state: the desk with its next event or the sweep, the bot now. The line in
 * the transcript comes last, so that it says of both that they are being told. Throws `state_unavailable`.
 */
export async function tellEnd(parts: EndingParts, conversationId: string, over: OwnershipState): Promise<void> {
  const { returned, bot, handoverId, seq } = over;
  if (!returned) return;
  const { reason } = returned;
  const ref = refOf(conversationId, over);
  if (!fromDesk.includes(reason))
    await inTime(parts.deadline, ANSWER_MS, leaveForDesk(parts, ref, { kind: 'ended', reason }));
  const botEvent = returnEvent(returned.botEvent, reason, parts.usualReturnEvent);
  const event = { kind: 'ended', reason, agent: undefined, botEvent } as const;
  await wayToBot(parts)({ ...ref, bot, seq, event, line: endLine(handoverId, reason, parts.clock.nowMs()) });
}

/**
 * Ends a handover that is over by itself, and tells both sides, whoever finds it first. Resolves to what stands there then.
 * Throws `state_unavailable`.
 */
export async function endLapsed(
  parts: EndingParts,
  conversationId: string,
  state: OwnershipState | undefined,
): Promise<OwnershipState | undefined> {
  const owner = ownerOf(conversationId, parts, ANSWER_MS);
  const { before, after } = await owner.change(lapsed, { state });
  if (after) await tellEnd(parts, conversationId, after);
  return after ?? before;
}
