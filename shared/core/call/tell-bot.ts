import type { Deadline } from '../deadline.ts';
import type { Fate } from '../handover/delivery.ts';
import { type BotParts, wayToBot } from '../handover/to-bot.ts';
import type { CallRecord, Calls } from '../table.ts';
import { isOver } from './call-status.ts';

/** A caller who hangs up at the end of a message ends call and message at once: the message is told within this. */
const MESSAGE_TOLD_WITHIN_MS = 1_500;

/** The record of a call that has just ended, once it is known whether a message was left in it. */
export async function settled(calls: Calls, record: CallRecord, deadline: Deadline): Promise<CallRecord> {
  if (record.reason !== 'nobody_answered') return record;
  await deadline.sleep(MESSAGE_TOLD_WITHIN_MS);
  return (await calls.read(record.requestId)) ?? record;
}

/**
 * Tells the bot how a call ended that was wished for in one of its conversations: once, however often this is done.
 * Undefined where there is nothing to tell or no bot that can be told. Throws `state_unavailable`.
 */
export async function tellBot(parts: BotParts, record: CallRecord, nowMs: number): Promise<Fate | undefined> {
  const { conversationId, handoverId, requestId, status, reason } = record;
  // Bots that are reached by their own platform have no event for this.
  const bot = 'plain';
  if (conversationId === undefined || !isOver(status) || !parts.bots(bot)) return undefined;
  const { fate } = await wayToBot(parts)({
    conversationId,
    handoverId: handoverId ?? '',
    ticket: '',
    seq: 0,
    bot,
    event: { kind: 'call', requestId, status, reason },
    line: {
      by: 'system',
      text: `The call is over: ${[status, ...(reason === undefined ? [] : [reason])].join(', ')}`,
      atMs: nowMs,
      id: `${requestId}-over`,
    },
  });
  return fate;
}
