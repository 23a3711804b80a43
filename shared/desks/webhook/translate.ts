import { botAndUserOf, conversationOf } from '../../core/handover/conversation.ts';
import type { HandoverRef, ToDesk } from '../../core/handover/desk.ts';
import { clipped, type Line } from '../../core/handover/line.ts';
import { newestThatFit } from '../../core/handover/newest.ts';
import type { HandoverRecord } from '../../core/table.ts';

/** An event as it goes over the wire, before it is signed. */
export interface DeskEvent {
  readonly type:
    | 'handover.requested'
    | 'handover.message'
    | 'handover.typing'
    | 'handover.undelivered'
    | 'handover.ended';
  readonly data: Readonly<Record<string, unknown>>;
}

/** Standard Webhooks asks for bodies below 20 kB; the rest of the event needs the difference. */
const MAX_LINES_BYTES = 15_000;

/** The newest lines that fit, and the newest one in any case. */
function newest(lines: readonly Line[]): readonly Line[] {
  const bytesOf = (line: Line) => Buffer.byteLength(JSON.stringify(line)) + 1;
  const fitting = newestThatFit(lines, MAX_LINES_BYTES, bytesOf);
  const last = lines.at(-1);
  return fitting.length > 0 || !last ? fitting : [{ ...last, text: clipped(last.text, MAX_LINES_BYTES / 3) }];
}

/**
 * The names by which the desk's middleware can answer: `conversationId`, and for a platform that names a bot and a user
 * those two as well. `b1:u1` gives `{conversationId: 'b1:u1', userId: 'u1', botId: 'b1'}`.
 */
function namesOf(conversationId: string) {
  const both = botAndUserOf(conversationId);
  const leadsBack = both !== undefined && conversationOf(both) === conversationId;
  return leadsBack ? { conversationId, userId: both.userId, botId: both.botId } : { conversationId };
}

/** A handover and what was said before it. `linesTotal` counts the lines that there are, `lines` holds the newest of them. */
export function requested(handover: HandoverRecord, lines: readonly Line[]): DeskEvent {
  const { handoverId, conversationId, topic, reason, name, language, fields } = handover;
  const known = { topic, reason, name, language };
  return {
    type: 'handover.requested',
    data: {
      handoverId,
      ...namesOf(conversationId),
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
      fields,
      lines: newest(lines),
      linesTotal: lines.length,
    },
  };
}

/** One thing that the desk is told: `{kind:'typing'}` becomes `{type:'handover.typing', data:{handoverId, ticket, …}}`. */
export function told({ handoverId, conversationId, ticket }: HandoverRef, event: ToDesk): DeskEvent {
  const refs = { handoverId, ...namesOf(conversationId), ticket };
  switch (event.kind) {
    case 'said':
      return { type: 'handover.message', data: { ...refs, line: event.line } };
    case 'typing':
      return { type: 'handover.typing', data: refs };
    case 'undelivered':
      return { type: 'handover.undelivered', data: { ...refs, line: event.line } };
    case 'ended':
      return { type: 'handover.ended', data: { ...refs, reason: event.reason } };
  }
}
